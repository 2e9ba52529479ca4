"""What the doctor finds in the playbooks themselves: mistakes, doubts, nobody on call, people without an account."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from bot.doctor import Finding, doubt, fine, wrong
from bot.playbook.load import BadPlaybook, Checked
from bot.playbook.shape import Playbook
from bot.rotations import Override, on_call

MOST = 5
"""People named in one finding."""


def mistakes(bad: BadPlaybook) -> Finding:
    """A playbook that cannot be used."""
    says = f"{len(bad.problems)} mistakes, the first: {bad.problems[0]}"
    return wrong("playbook.mistakes", "Playbook", says, "`tocsin check` lists them all.")


def missing(folders: Iterable[Path]) -> list[Finding]:
    """Playbooks that are not there at all."""
    mend = "PLAYBOOK names folders of playbooks/, or paths to folders with a playbook.yaml, with commas between."
    gone = [folder for folder in folders if not folder.exists()]
    return [wrong("playbook.missing", f"Playbook {one}", "There is no such folder.", mend) for one in gone]


def inspect(
    playbooks: Sequence[Playbook], chats: Collection[str], *, overrides: Iterable[Override] = (), now: datetime
) -> list[Finding]:
    """``chats`` are the platforms that are on."""
    overrides = tuple(overrides)
    found: list[Finding] = []
    for one in playbooks:
        found.append(fine(f"Playbook {one.name}", f"{one.title}, version {one.version}"))
        found += [*_chats(one, chats), *_people(one, chats), *_rotations(one, overrides, now)]
    return found


def doubts(folders: Iterable[Path], check: Callable[[str], Checked]) -> list[Finding]:
    """What `tocsin check` wonders about. It looks at a year of every rota, so it is not for the event loop."""
    found = []
    for folder in folders:
        checked = check(str(folder))
        if checked.doubts:
            says = f"{len(checked.doubts)} doubts, the first: {checked.doubts[0]}"
            mend = f"`tocsin check {folder}` lists them all."
            found.append(doubt("playbook.doubts", f"Playbook {checked.playbook.name}", says, mend))
    return found


def _chats(playbook: Playbook, chats: Collection[str]) -> Iterator[Finding]:
    """Platforms on which its incidents should live and that are off."""
    off = [chat for chat in playbook.chats if chat not in chats]
    if off and chats:
        says = f"Its incidents should live on {' and '.join(off)}, which is off."
        mend = f"Connect {' and '.join(off)}, or take it out of `chats`."
        yield doubt("playbook.chat-off", f"Playbook {playbook.name}", says, mend)


def _people(playbook: Playbook, chats: Collection[str]) -> Iterator[Finding]:
    """People who are on call or in a group and whom no platform that is on can mention."""
    named = {key for rotation in playbook.rotations for key in (*rotation.people, *_layered(rotation.layers))}
    named |= {key for group in playbook.groups for key in group.members}
    unseen = (
        [one.key for one in playbook.people if one.key in named and not any(one.on(chat) for chat in chats)]
        if chats
        else []
    )
    if unseen:
        more = f" and {len(unseen) - MOST} more" if len(unseen) > MOST else ""
        says = (
            f"{', '.join(unseen[:MOST])}{more}: on call or in a group, without an id on {' or '.join(sorted(chats))}."
        )
        mend = "Give each their `handles`: in Slack the member ID (U…), in Discord the user ID."
        yield doubt("playbook.no-handle", f"Playbook {playbook.name}", says, mend)


def _layered(layers: Iterable[object]) -> Iterator[str]:
    for layer in layers:
        yield from getattr(layer, "people", ())


def _rotations(playbook: Playbook, overrides: Sequence[Override], now: datetime) -> Iterator[Finding]:
    """Rotations in which nobody is on call at this moment."""
    for rotation in playbook.rotations:
        if on_call(rotation, zone=playbook.timezone, overrides=overrides, now=now) is None:
            says = f"Nobody is on call in {rotation.title} now."
            mend = (
                f"`/incident cover {rotation.name} 2h` fills it for now; else give it hours, or a start before today."
            )
            yield doubt("playbook.nobody-on-call", f"On call ({playbook.name})", says, mend)
