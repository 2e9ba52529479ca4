"""What the doctor examines about the repository: whether git is there, and the repository answers and takes a push."""

from pathlib import Path

from adapters.git.clone import Clone, Outrun
from adapters.git.settings import By, RecordSettings
from bot.doctor import Finding, doubt, fine, wrong
from bot.errors import Refused, TryLater

WHAT = "Repository for post-mortems"
TRIAL = "tocsin/trial"
"""The branch that a push is tried with; git asks for leave and sends nothing."""
MEND = (
    "RECORD_REPOSITORY is a path or an address that `git ls-remote` answers for, as the user that runs the bot; "
    "see adapters/git/README.md."
)


async def examine(settings: RecordSettings, *, wanted: bool, folder: Path = Path("var")) -> list[Finding]:
    """Whether post-mortems can be kept; ``wanted`` where a playbook names a file or a log for them."""
    if not settings.on:
        says = "RECORD_REPOSITORY is not set, so post-mortems stay in chat though a playbook names a file for them."
        return [doubt("record.off", WHAT, says, f"Set it: {MEND}")] if wanted else []
    try:
        return [fine(WHAT, await _tried(settings, Clone(settings, folder)))]
    except (TryLater, Refused) as no:
        return [wrong("record.repository", WHAT, f"{settings.shown}: {no.why}.", MEND)]
    except Outrun:
        mend = "Ask again; where it stays so, look whether the branch is protected, or RECORD_BY=pull request."
        return [doubt("record.push", WHAT, f"{settings.shown}: {TRIAL} cannot be pushed.", mend)]


async def _tried(settings: RecordSettings, clone: Clone) -> str:
    """Ask, and try a push; raises as git does."""
    async with clone.hold():
        remote = await clone.ask(settings.record_branch)
        branch = settings.record_branch or remote.default
        if branch and branch not in remote.tips:
            remote = await clone.ask(branch)
        if branch not in remote.tips:
            return f"{settings.shown} answers and is empty"
        tip = await clone.fetch(branch, remote.tips[branch])
        by_request = settings.record_by is By.PULL_REQUEST
        await clone.push(tip, TRIAL if by_request else branch, trial=True)
    return f"{settings.shown} answers and takes {'pull requests for' if by_request else 'commits on'} {branch}"
