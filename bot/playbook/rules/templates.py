"""What a template may not hold, and facts that there are not."""

from collections.abc import Iterator, Mapping

from bot.playbook.facts import ALWAYS, FACTS, LASTING
from bot.playbook.misfit import Misfit
from bot.playbook.places import places
from bot.playbook.wording import mistakes
from bot.playbook.written import Written

KNOWING: dict[str, Mapping[str, str]] = {
    "channel": ALWAYS,
    "record.file": LASTING,
    "mail.subject": FACTS,
    "templates.announcement": FACTS,
    "templates.update": FACTS,
    "templates.first_update": FACTS,
    "templates.resolution": FACTS,
    "templates.topic": LASTING,
    "templates.customers": FACTS,
}
"""Every template, and the facts that it may quote."""


def allowed(playbook: Written) -> Iterator[Misfit]:
    """Each template that is none, or quotes what there is not."""
    roles = {name for role in playbook.roles for name in (role.name, *role.aliases)}
    parts = {"fields": {fact.name for fact in playbook.fields}, "role": roles}
    for path, known in KNOWING.items():
        for at, source in places(playbook, path):
            for bad in mistakes(source, known=known, parts=parts):
                where = f" in its line {bad.line}" if "\n" in source else ""
                yield Misfit(at, f"{bad.found}{where}", bad.expected, lacks=bad.lacks, among=bad.among, line=bad.line)
