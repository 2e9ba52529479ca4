"""What the doctor examines about pages: whether each address can be read, and who has none. No address is shown."""

from collections.abc import Iterator, Sequence

from adapters.pager.sending import service_of
from adapters.pager.settings import PREFIX, PagerSettings, setting
from bot.doctor import Finding, doubt, fine, wrong
from bot.pages import USUAL
from bot.playbook.escalation import Route
from bot.playbook.shape import Playbook

WHAT = "Pager"
MOST = 8
"""People named in one finding."""


def examine(settings: PagerSettings, playbooks: Sequence[Playbook]) -> list[Finding]:
    """Everything that is set, and what is missing for these playbooks."""
    found = [*_addresses(settings), *_strange(settings, playbooks)]
    for playbook in playbooks:
        if any(severity.page for severity in playbook.severities):
            found += _missing(settings, playbook)
    return found


def _addresses(settings: PagerSettings) -> Iterator[Finding]:
    for name in settings.names:
        services = [service_of(address) for address in settings.held(name)]
        strange = [str(place) for place, service in enumerate(services, start=1) if not service]
        if strange:
            says = f"address {', '.join(strange)} of {len(services)} cannot be read, so it pages nobody."
            mend = "Write it as Apprise has it: https://appriseit.com/services/ (several are parted by commas)."
            yield wrong("pager.unreadable", name, says, mend)
        else:
            yield fine(name, f"pages by {', '.join(dict.fromkeys(services))}")


def _strange(settings: PagerSettings, playbooks: Sequence[Playbook]) -> Iterator[Finding]:
    """Settings that name no route of any playbook."""
    routes = {route.name for one in playbooks for route in _routes(one)}
    people = {person.key for one in playbooks for person in one.people}
    known = {PREFIX, *map(setting, routes), *(setting(one, route) for one in people for route in routes)}
    for name in settings.names:
        if playbooks and name not in known:
            mend = f"Routes are {', '.join(sorted(routes))}: the setting is {PREFIX}_ROUTE or {PREFIX}_PERSON_ROUTE."
            says = "names no route of a playbook that is loaded, so nobody is paged by it."
            yield doubt("pager.no-route", name, says, mend)


def _missing(settings: PagerSettings, playbook: Playbook) -> Iterator[Finding]:
    """Routes by which nobody, or not everybody who is paged, can be reached."""
    people = _paged(playbook)
    for route in _routes(playbook):
        lacking = [one for one in people if not (settings.own(one, route.name) or settings.general)]
        name = f"{WHAT}: {route.title or route.name} ({playbook.name})"
        if people and not lacking:
            yield fine(name, "everybody who is paged has an address")
        elif lacking or not (settings.held(setting(route.name)) or settings.general):
            who = f" for {', '.join(lacking[:MOST])}" if lacking else ""
            says = f"no address is set{who}; routes of their own are not looked at here."
            mend = (
                f"Set {setting(route.name)}, or one for each: {setting(lacking[0] if lacking else 'ana', route.name)}."
            )
            yield doubt("pager.no-address", name, says, mend)


def _routes(playbook: Playbook) -> tuple[Route, ...]:
    return playbook.paging.routes or (USUAL,)


def _paged(playbook: Playbook) -> list[str]:
    """Keys of everybody whom a severity, a rotation or an emergency may page."""
    names = [name for severity in playbook.severities for name in severity.page]
    names += [*playbook.paging.emergency, *(name for rotation in playbook.rotations for name in rotation.backup)]
    for rotation in playbook.rotations:
        names += rotation.people
    for group in playbook.groups:
        names += group.members if group.key in names else ()
    return [key for key in dict.fromkeys(names) if playbook.person(key) is not None]
