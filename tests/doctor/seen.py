"""What a test asks of findings."""

from collections.abc import Iterable

from bot.doctor import Finding, Health


def amiss(found: Iterable[Finding]) -> dict[str, Finding]:
    """What is not fine, by name."""
    return {one.name: one for one in found if one.health is not Health.FINE}


def seen(found: Iterable[Finding], name: str, mend: str) -> Finding:
    """The finding of this name; its mend has these words."""
    told = amiss(found)
    assert name in told, f"{name} is not among {sorted(told)}"
    assert mend in told[name].mend
    return told[name]
