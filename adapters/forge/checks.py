"""What the doctor examines about the forge: whether it knows the token."""

from adapters.forge.github import GitHub
from adapters.forge.settings import ForgeSettings
from bot.doctor import Finding, Health
from bot.errors import Refused, TryLater

WHAT = "GitHub token"
MEND = "GITHUB_TOKEN has to be valid, and may need to be renewed; see adapters/forge/README.md."


async def examine(settings: ForgeSettings, *, wanted: bool) -> list[Finding]:
    """Whether GitHub answers; ``wanted`` where a playbook has a gate that asks for a merged change."""
    if not settings.on:
        says = "GITHUB_TOKEN is not set, so whether a linked change is merged is said by people."
        return [Finding(what=WHAT, health=Health.WORTH_A_LOOK, says=says)] if wanted else []
    github = GitHub(settings)
    try:
        limits = await github.get("/rate_limit")
    except (TryLater, Refused) as no:
        return [Finding(what=WHAT, health=Health.WRONG, says=f"{settings.host}: {no.why}", mend=MEND)]
    finally:
        await github.close()
    left = limits.get("rate", {}).get("remaining", "?")
    says = f"{settings.host} knows it; {left} requests are left this hour"
    return [Finding(what=WHAT, health=Health.FINE, says=says)]
