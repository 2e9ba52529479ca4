"""What the doctor examines about health checks: whether their hosts may be asked at all. None is asked here."""

import asyncio
from collections.abc import Sequence
from urllib.parse import urlsplit

from adapters.health.addresses import Addresses, AddressRefused, NoName
from bot.doctor import Finding, doubt, fine, wrong
from bot.playbook.help import HealthCheck
from bot.playbook.shape import Playbook

WHAT = "Health checks"


async def examine(playbooks: Sequence[Playbook]) -> list[Finding]:
    """One finding for each check that cannot work."""
    addresses = Addresses()
    checks = [(one, check) for one in playbooks for check in one.checks]
    try:
        looked = await asyncio.gather(*(_look(addresses, one, check) for one, check in checks))
    finally:
        addresses.close()
    found = [one for one in looked if one is not None]
    return found or ([fine(WHAT, f"all {len(checks)} may be asked")] if checks else [])


async def _look(addresses: Addresses, playbook: Playbook, check: HealthCheck) -> Finding | None:
    what = f"Health check {check.name} ({playbook.name})"
    inside = {host.casefold() for host in playbook.allowed_hosts}
    port = urlsplit(check.url).port or (443 if check.url.startswith("https") else 80)
    try:
        await addresses.of(check.host, port, any_kind=check.host.casefold() in inside)
    except AddressRefused as no:
        says = f"{check.host} has the address {no.address}, which is not public, so it is never asked."
        mend = "Add the host to `allowed_hosts` in the playbook, if the bot may ask inside your network."
        return wrong("playbook.check-inside", what, says, mend)
    except NoName:
        mend = "Correct its `url` in the playbook, or the DNS here."
        return doubt("playbook.check-no-name", what, f"{check.host} has no address from here.", mend)
    return None
