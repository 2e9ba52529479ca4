"""What is said about the repository that holds post-mortems and the log of incidents."""

from bot.card import Card, CardField, Code, Link, Text, Tone
from bot.incident import Incident
from bot.messages.words import coded
from bot.postmortem.markdown import code


def commit(incident: Incident) -> str:
    """First line of a commit's message. It holds nobody's words: forges act on what commits say (``fixes #3``)."""
    return f"Post-mortem of incident {incident.number}"


def commit_of_line(incident: Incident) -> str:
    """First line of the message of a commit that holds the line of the log only."""
    return f"Incident {incident.number} in the log of incidents"


def pull_request(incident: Incident, path: str) -> tuple[str, str]:
    """Title and text of a pull request; they hold nobody's words either."""
    text = (f"What the record says of incident {incident.number}, in {code(path)}. It is kept up to date here until it "
            "is merged; what you change on this branch stays as you write it.")  # fmt: skip
    return f"Record of incident {incident.number}", text


def where(incident: Incident) -> list[CardField]:
    """Where the document stands, for the message about the post-mortem."""
    filed = incident.progress.filed
    if filed is None or not filed.path:
        return []
    shown: Text = (Link(url=filed.url, label=filed.path),) if filed.url else (Code(text=filed.path),)
    branch: Text = (" on the branch ", Code(text=filed.branch)) if filed.branch else ()
    if filed.branch and filed.pull:
        branch = (" by ", Link(url=filed.pull, label="pull request"))
    return [CardField(name="In the repository", value=(*shown, *branch))]


def beside(incident: Incident, *, meant: str, stands: str) -> Card:
    """Told once: the file that was meant holds somebody else's words."""
    return Card(
        tone=Tone.MINOR,
        title="The post-mortem stands beside another file",
        text=coded(f"Somebody else wrote in `{meant}`, so I left it as it is. Mine is `{stands}`, and is kept up to "
                   "date there. Take over from it what you want to keep."),
    )  # fmt: skip


def line_left(incident: Incident, log: str) -> Card:
    """Told once: somebody changed the incident's line by hand."""
    return Card(
        tone=Tone.MINOR,
        title="The log of incidents was changed by hand",
        text=coded(f"Somebody changed the line of {incident.name} in `{log}`. It is theirs from now on: I change it no "
                   "more."),
    )  # fmt: skip
