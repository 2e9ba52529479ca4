"""Templates: each is one, and quotes only facts that there are."""

from collections.abc import Iterator, Mapping

from bot.playbook import wording
from bot.playbook.facts import ALWAYS, FACTS, LASTING
from bot.playbook.misfit import At, Misfit
from bot.playbook.written import Written

ALLOWED = "text, facts such as {{ title }}, and {% if impact %} … {% endif %}"


def templates(written: Written) -> Iterator[Misfit]:
    """Every template that is none, or that quotes what there is not."""
    roles = {name for role in written.roles for name in (role.name, *role.aliases)}
    parts = {"fields": {fact.name for fact in written.fields}, "role": roles}
    for at, source, known in _all(written):
        try:
            wording.check(source, known=known, parts=parts)
        except wording.BadTemplate as bad:
            yield Misfit(at, f"a template that {bad.says} (its line {bad.line})", ALLOWED)


def _all(written: Written) -> Iterator[tuple[At, str, Mapping[str, str]]]:
    """Every template: where it stands, its text, and the facts that it may quote."""
    words = written.templates
    yield ("channel",), written.channel, ALWAYS
    yield ("record", "file"), written.record.file, LASTING
    yield ("templates", "topic"), words.topic, LASTING
    for name in ("announcement", "update", "first_update", "resolution"):
        yield ("templates", name), getattr(words, name), FACTS
    for status, source in words.customers.items():
        yield ("templates", "customers", status), source, FACTS
