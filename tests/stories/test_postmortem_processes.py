"""A finished post-mortem from each process, held against what its document asks for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.sandbox.people import SandboxPerson
from bot.playbook.shape import Playbook
from bot.postmortem.kept import State
from bot.scene import Scene
from tests.support.drafts import newest, sections, shown
from tests.support.shipped import shipped
from tests.support.story import act, declared, posts, tell
from tests.support.town import ANA, BO, CLEO, DMITRI, ESHA, Side, Town, sqlite

NAMES = ("Ana", "Reyes", "Bo Lindqvist", "Cleo", "Okafor", "Dmitri", "Petrov")


@asynccontextmanager
async def at(folder: Path, platform: str, playbook: Playbook) -> AsyncIterator[tuple[Town, Side]]:
    """A town under one process."""
    async with Town(sqlite(folder), platforms=(platform,), playbook=playbook) as town:
        if playbook.name == "muntin":
            channel = await town.sandbox.slack.create_channel(ANA.slack_id, "incident")
            await town.sandbox.slack.invite(ANA.slack_id, channel.id, town.sandbox.slack.bot_user_id)
        yield town, town.sides[platform]


ITEM = "prevent: watch the connections · {} · due 2026-12-04"
"""How the story's action item stands in the document, with its owner."""


async def story(town: Town, side: Side, words: str, fix: str) -> str:
    """Declared, updated, with an action item, resolved whatever the process still asks for; returns the channel."""
    await declared(town, side, words)
    room = (await town.incident()).channel_name
    for who, said in (
        (ANA, "ack"),
        (ANA, "impact nobody can send messages"),
        (ANA, "affected 500"),
        (BO, "update Dmitri found it: connections leak"),
        (ANA, f"action prevent: {side.at(BO)} watch the connections by 2026-12-04"),
    ):
        await tell(town, side, who, said, room=room)
    await town.forward(minutes=23)
    async with act(town) as scene:
        fixed(scene, fix)
    await tell(town, side, ANA, "resolve now because the service answers", room=room)
    assert (await town.incident()).resolved_at is not None
    return room


def fixed(scene: Scene, fix: str) -> None:
    """What restored it, without the form that some processes open."""
    scene.incident.fix = fix


async def write(town: Town, side: Side, who: SandboxPerson, room: str, **answers: str) -> None:
    """Write in several sections."""
    for name, text in answers.items():
        told = await tell(town, side, who, f"postmortem {name.replace('_', ' ')}: {text}", room=room)
        assert "Kept" in told, told


async def finished(town: Town, side: Side, room: str) -> tuple[str, dict[str, str]]:
    """Published with every question answered; its top, and its sections."""
    await tell(town, side, ANA, "postmortem", room=room)
    one = next(one for one in posts(side, room) if "Post-mortem of #1" in one.text)
    assert "Every question is answered" in one.text, one.text
    assert "Published." in await tell(town, side, ANA, "postmortem publish", room=room)
    incident = await town.incident()
    post = incident.progress.postmortem
    assert post is not None and post.state is State.PUBLISHED
    assert incident.progress.deadlines["postmortem"].met_at is not None
    document = await newest(town)
    assert "Still to be answered" not in document and "State: published" in shown(document)
    return shown(document.partition("\n## ")[0]), sections(document)


async def test_muntins_is_blameless_with_causes_factors_items_and_ownership(tmp_path: Path) -> None:
    async with at(tmp_path, "slack", shipped("muntin", {"founder": DMITRI})) as (town, side):
        room = await story(town, side, "P1 audit chain does not verify", "Cleo restored the rows")
        await tell(town, side, DMITRI, "ack", room=room)
        await write(town, side, ANA, room, root_cause="Ana changed a row by hand", contributing_factors="no alert",
                    action_items="a nightly check", ownership="Dmitri Petrov owns the check")  # fmt: skip
        top, found = await finished(town, side, room)
        assert list(found)[:5] == ["Timeline", "Root cause", "Contributing factors", "Action items", "Ownership"]
        for line in ("Date: 2026-11-20", "Severity: P1", "Duration: 23m", "Affected: 500", "Incident lead:"):
            assert line in top, line
        assert "09:00 EST" in found["Timeline"], "in the team's zone"
        assert "changed a row by hand" in found["Root cause"] and "no alert" in found["Contributing factors"]
        assert ITEM.format("a responder") in found["Action items"]
        assert "a nightly check" in found["Action items"] and "owns the check" in found["Ownership"]
        whole = top + "".join(found.values())
        assert not [name for name in NAMES if name in whole]
        done = next(one for one in posts(side, room) if "Post-mortem of #1" in one.text)
        assert "the git wiki" in done.text and "customers" in done.text


async def test_platforms_is_published_with_what_was_learned_and_its_items(tmp_path: Path) -> None:
    groups = {"owners": (CLEO,), "leadership": (ESHA,)}
    async with at(tmp_path, "slack", shipped("platform", {"engineer": DMITRI}, groups=groups)) as (town, side):
        room = await story(town, side, "sev0 control plane down", "rolled back")
        await write(town, side, ANA, room, root_cause="a bad rollout", what_we_learned_1="the rollback was quick",
                    what_we_learned_2="nobody watched", what_we_learned_3="it was early",
                    action_items="a canary")  # fmt: skip
        top, found = await finished(town, side, room)
        assert list(found)[:6] == ["Summary", "Impact", "Timeline", "Root cause", "What we learned", "Action items"]
        assert "Seen: nobody can send messages" in found["Impact"] and "Fix: rolled back" in found["Summary"]
        assert ITEM.format("bo") in found["Action items"] and "a canary" in found["Action items"]
        assert "Sev0" in top and "done in time" in found["From the record"], "within five business days"
        for line in ("What went well?\nthe rollback was quick", "What went badly?\nnobody watched",
                     "Where were we lucky?\nit was early"):  # fmt: skip
            assert line in found["What we learned"], line


async def test_platforms_sev2_may_be_left_out_with_a_reason(tmp_path: Path) -> None:
    async with at(tmp_path, "slack", shipped("platform", {"engineer": DMITRI})) as (town, side):
        room = await story(town, side, "sev2 edge partly out", "restarted")
        told = await tell(town, side, ANA, "postmortem not needed because a known fault of the supplier", room=room)
        assert "Noted" in told
        kept = (await town.incident()).progress.postmortem
        assert kept is not None and kept.because == "a known fault of the supplier"


async def test_werklys_has_its_header_and_every_section_of_the_template(tmp_path: Path) -> None:
    people = {"alice": ANA, "bob": BO, "carol": CLEO, "david": DMITRI, "cto": ESHA}
    async with at(tmp_path, "slack", shipped("werkly", people)) as (town, side):
        room = await story(town, side, "sev1 Chat API down", "pool raised from 10 to 50")
        await write(town, side, ANA, room, timeline="we raised the pool", root_cause="a connection leak",
                    what_went_well="quick detection", what_could_be_better="no alert",
                    action_items="a linter rule", prevention="load tests")  # fmt: skip
        top, found = await finished(town, side, room)
        for line in ("Post-mortem: Chat API down", "Date: 2026-11-20", "Severity: Sev1", "Duration: 23m",
                     "Affected: 500", "Incident lead: Ana Reyes"):  # fmt: skip
            assert line in top, line
        assert list(found)[:7] == ["What happened", "Timeline", "Root cause", "What went well", "What could be better",
                                   "Action items", "Prevention"]  # fmt: skip
        assert "06:00 PST" in found["Timeline"] and "What did we do?\nwe raised the pool" in found["Timeline"]
        assert "Impact: nobody can send messages" in found["What happened"]
        assert "load tests" in found["Prevention"] and "a linter rule" in found["Action items"]
        assert ITEM.format(BO.name) in found["Action items"]
        done = next(one for one in posts(side, room) if "Post-mortem of #1" in one.text)
        assert "Engineering, Leadership" in done.text


async def test_sartiqs_documents_timeline_cause_impact_resolution_and_items(tmp_path: Path) -> None:
    async with at(tmp_path, "discord", shipped("sartiq", {}, groups={"operators": (CLEO,)})) as (town, side):
        room = await story(town, side, "S1 the database is silent", "restarted it")
        await write(town, side, ANA, room, root_cause="a full disk", impact_1="all of them", impact_2="none",
                    resolution="a restart", action_items="a disk alarm")  # fmt: skip
        _, found = await finished(town, side, room)
        assert list(found)[:5] == ["Timeline", "Root cause", "Impact", "Resolution", "Action items"]
        assert "Noticed: 15:00 CET · Over: 15:23 CET · In all: 23m" in found["Timeline"], "nobody has to say it again"
        assert "a full disk" in found["Root cause"] and ITEM.format(BO.name) in found["Action items"]
        assert "Was data lost?\nnone" in found["Impact"] and "Affected: 500" in found["Impact"]
        assert "Fix: restarted it" in found["Resolution"] and "Restored: 15:23 CET" in found["Resolution"]
        assert "a restart" in found["Resolution"] and "a disk alarm" in found["Action items"]


async def test_dragonflys_answers_four_questions_and_five_whys_and_has_a_meeting(tmp_path: Path) -> None:
    people = {"engineer": DMITRI, "tech-lead": CLEO, "ceo": ESHA}
    playbook = shipped("dragonfly", people, groups={"stakeholders": (BO,)})
    async with at(tmp_path, "discord", playbook) as (town, side):
        room = await story(town, side, "SEV-1 all workers are dead", "a bad migration was undone")
        await write(town, side, ANA, room, what_happened="only facts", what_went_well="a quick rollback",
                    what_could_be_better="a rehearsal", systemic_changes="a test of migrations")  # fmt: skip
        for answer in ("the migration locked a table", "nobody ran it on real data"):
            await tell(town, side, ANA, f"postmortem why {answer}", room=room)
        await tell(town, side, ANA, "postmortem", room=room)
        one = next(one for one in posts(side, room) if "Post-mortem of #1" in one.text)
        assert "30m, no date yet" in one.text
        await tell(town, side, ANA, "postmortem meeting monday 10:00", room=room)
        top, found = await finished(town, side, room)
        assert "Review meeting: 2026-11-23 10:00 CST" in top
        assert list(found)[:5] == ["What happened", "What went well", "What could be better", "Five whys",
                                   "Systemic changes"]  # fmt: skip
        assert "08:00 CST" in found["What happened"] and "only facts" in found["What happened"]
        assert "Why 2: why was that so?\nnobody ran it on real data" in found["Five whys"]
        assert ITEM.format(BO.name) in found["Systemic changes"]
        assert "a quick rollback" in found["What went well"] and "a rehearsal" in found["What could be better"]
        assert "Why 3" not in found["Five whys"] and "a test of migrations" in found["Systemic changes"]


@pytest.mark.parametrize("name", ["default", "muntin", "platform", "werkly", "sartiq", "dragonfly"])
async def test_a_draft_alone_holds_every_section_whatever_the_process(name: str, tmp_path: Path) -> None:
    people = {"founder": DMITRI, "engineer": DMITRI, "tech-lead": CLEO, "ceo": ESHA, "alice": ANA, "bob": BO,
              "carol": CLEO, "david": DMITRI, "cto": ESHA}  # fmt: skip
    playbook = shipped(name, people)
    async with at(tmp_path, "discord", playbook) as (town, side):
        room = await story(town, side, f"{playbook.severities[0].name} it is down", "restarted")
        assert "Draft 1" in await tell(town, side, ANA, "retro", room=room)
        found = sections(await newest(town))
        wanted = [section.title for section in playbook.record.sections] or ["Summary", "Timeline", "Root cause"]
        assert set(wanted) <= set(found) and "Detection" in found["From the record"]
