"""The post-mortem as a Markdown document: the facts from the record, and what people wrote."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from bot.durations import say_duration
from bot.messages.postmortem_facts import ANNEX, FILLS, UNSAID, Material
from bot.postmortem import outline
from bot.postmortem.markdown import address, inline
from bot.postmortem.outline import Part


def document(material: Material) -> str:
    """The whole document."""
    parts = outline.parts(material.playbook.record)
    shown = {part.fills for part in parts}
    blocks = [f"# Post-mortem: {material.says(material.incident.title)}", _header(material)]
    for part in parts:
        blocks += _section(material, part)
    blocks.append("## From the record")
    for title, fills, tell in ANNEX:
        told = tell(material) if fills not in shown else ""
        blocks += [f"### {title}", told] if told else []
    return "\n\n".join(filter(None, blocks)) + "\n"


# At the top


def _header(material: Material) -> str:
    incident, post = material.incident, material.post
    wanted = material.playbook.record.header or outline.HEADER
    lines = [f"- **{title}:** {tell(material) or UNSAID}" for name, (title, tell) in HEADER.items() if name in wanted]
    drill = ["- **Drill:** an exercise, not a real incident"] if incident.drill else []
    without = incident.progress.closed_without
    left = [f"- **Closed without:** {material.says(without)}"] if without else []
    meeting = [f"- **Review meeting:** {material.at(post.meeting_at)}"] if post.meeting_at is not None else []
    at = [f"- **Published:** {address(post.url)}"] if post.url else []
    stands = [f"- **Incident:** {inline(incident.name)}", f"- **State:** {post.state.value}"]
    return "\n".join([*lines, *drill, *left, *meeting, *at, *stands])


def _severity(material: Material) -> str:
    known = material.playbook.severity(material.incident.severity)
    means = f": {material.says(known.meaning)}" if known is not None and known.meaning else ""
    return f"{inline(material.incident.severity)}{means}"


def _lead(material: Material) -> str:
    incident, playbook = material.incident, material.playbook
    holder = incident.holder(playbook.commander)
    return inline(material.names.of(holder.name)) if holder is not None else ""


def _date(material: Material) -> str:
    return f"{material.incident.began_at.astimezone(ZoneInfo(material.playbook.timezone)):%Y-%m-%d}"


HEADER: dict[str, tuple[str, Callable[[Material], str]]] = {
    "date": ("Date", _date),
    "severity": ("Severity", _severity),
    "duration": ("Duration", lambda material: say_duration(material.incident.lasted(material.now))),
    "affected": ("Affected", lambda material: material.says(material.incident.affected)),
    "lead": ("Incident lead", _lead),
}


# Sections


def _section(material: Material, part: Part) -> list[str]:
    fill = FILLS.get(part.fills)
    blocks = [f"## {inline(part.title)}", fill(material) if fill is not None else ""]
    waiting = outline.unanswered(material.post, part, listed=bool(material.incident.progress.actions))
    for question in part.questions:
        written = material.post.answers.get(question.key)
        if written is not None:
            by = inline(material.names.of(written.by.name))
            blocks += [f"**{inline(question.text)}**", material.words(written.text),
                       f"*{by}, {material.at(written.at)}*"]  # fmt: skip
        elif question in waiting:
            blocks += [f"**{inline(question.text)}**", "*Still to be answered.*"]
    return blocks
