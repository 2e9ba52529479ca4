"""Declaring: one line, and two seconds later everybody and everything is in place."""

from datetime import timedelta

from tests.support.story import ANNOUNCED, ROOM, announcement, card, declared, last, posts, tell
from tests.support.town import ANA, BO, CLEO, FRIDAY, Side, Town


async def test_one_line_makes_the_channel_with_card_and_runbooks_pinned(town: Town, side: Side) -> None:
    told = await side.says(ANA, "sev1 checkout is down")
    await town.settle()

    assert "#1" in told and "#incident-2026-11-20" in told
    assert side.sees(ANA, "incident-2026-11-20")
    card, runbooks = side.pinned("incident-2026-11-20")
    assert "SEV1 · checkout is down" in card.text
    assert "Runbooks" in runbooks.text
    assert "checkout is down" in side.room("incidents")[-1].text


async def test_the_second_incident_of_a_day_has_a_counter(town: Town, side: Side) -> None:
    await side.says(ANA, "sev1 checkout is down")
    await side.says(BO, "sev2 search is slow")
    await town.settle()

    assert {"incident-2026-11-20", "incident-2026-11-20-2"} <= set(side.rooms())


async def test_nobody_answers_so_the_reminder_climbs_to_the_whole_channel(town: Town, side: Side) -> None:
    await side.says(ANA, "sev1 checkout is down")
    await town.settle()
    before = len(side.room("incident-2026-11-20"))

    await town.forward(minutes=15)
    await town.forward(minutes=5)
    await town.forward(minutes=5)

    asks = side.room("incident-2026-11-20")[before:]
    assert len(asks) == 3
    assert asks[0].buttons == () and asks[1].buttons == ()
    assert asks[2].rings == {"everyone"}
    assert "No change" in asks[2].buttons


async def test_a_tick_on_the_reminder_is_an_answer(town: Town, side: Side) -> None:
    await side.says(ANA, "sev1 checkout is down")
    await town.settle()
    await town.forward(minutes=15)
    reminder = side.room("incident-2026-11-20")[-1]
    count = len(side.room("incident-2026-11-20"))

    await side.reacts(ANA, "✅", reminder, room="incident-2026-11-20")

    async def answered() -> bool:
        await town.settle()
        return (await town.incident()).updates == 1

    await town.until(answered)
    await town.settle()
    after = side.room("incident-2026-11-20")
    assert len(after) == count
    assert "nothing new" in after[-1].text and after[-1].buttons == ()
    assert (await town.incident()).updates == 1


async def test_the_topic_the_channel_and_the_announcement_say_what_it_is_about(town: Town, side: Side) -> None:
    await declared(town, side)

    shown = announcement(side)
    assert "SEV1 · checkout is down" in shown.text and shown.buttons == ("Join",)
    assert side.topic(ROOM).startswith("🔴 SEV1 · checkout is down")
    assert len(posts(side)) == 2 and len(posts(side, ANNOUNCED)) == 1
    incident = await town.incident()
    assert incident.roles["commander"].key == incident.declared_by.key
    assert incident.reminding.ask_at == FRIDAY + timedelta(minutes=15)


async def test_the_declarer_alone_is_told_and_the_answer_leads_to_the_channel(town: Town, side: Side) -> None:
    await declared(town, side)

    assert any("You are in" in one for one in side.private(ANA))
    assert side.private(BO) == []
    assert posts(side, "general") == []


async def test_the_bare_command_opens_a_form_and_the_form_declares(town: Town, side: Side) -> None:
    await side.says(ANA, "")
    assert side.form(ANA) is not None
    await side.fills(ANA, title="search is slow", severity="sev2", impact="ten seconds a query")
    await town.settle()

    incident = await town.incident()
    assert (incident.title, incident.severity, incident.impact) == ("search is slow", "sev2", "ten seconds a query")
    assert "search is slow" in card(side).text and "ten seconds a query" in card(side).text


async def test_a_severity_without_a_title_opens_the_form_and_declares_nothing(town: Town, side: Side) -> None:
    for words in ("sev1", "SEV 2", "private sev1", "declare", "preview"):
        await side.says(BO, words)
        assert side.form(BO) is not None, words
        await side.dismisses(BO)
    await town.settle()
    assert await town.store.reader.numbers() == []


async def test_words_that_are_no_command_become_the_title_in_the_form(town: Town, side: Side) -> None:
    await side.says(ANA, "payments bounce in Spain")
    await side.fills(ANA, severity="sev3")
    await town.settle()
    assert (await town.incident()).title == "payments bounce in Spain"


async def test_any_message_can_become_an_incident_and_stays_on_its_timeline(town: Town, side: Side) -> None:
    message = await side.writes(BO, "nobody can log in since lunch", room="general")
    await side.from_message(ANA, message, room="general")
    await side.fills(ANA, severity="sev1")
    await town.settle()

    incident = await town.incident()
    assert incident.title == "nobody can log in since lunch"
    entry = (await town.timeline())[-1].entry
    assert entry.text.endswith("nobody can log in since lunch") and entry.data["url"]


async def test_a_preview_says_what_would_happen_and_does_nothing(town: Town, side: Side) -> None:
    before = side.rooms()
    told = await tell(town, side, ANA, "preview sev1 checkout is down", room="general")

    for part in ("Nothing was done", "#incident-2026-11-20", "Incident commander", "Undo the last deploy", "every 15m"):
        assert part in told
    assert side.rooms() == before and await town.store.reader.numbers() == []
    assert posts(side, ANNOUNCED) == []

    quiet = await tell(town, side, ANA, "preview private sev4 a typo", room="general")
    assert "it is private" in quiet and "none owed" in quiet


async def test_a_drill_is_live_but_told_to_nobody_outside(town: Town, side: Side) -> None:
    await declared(town, side, "drill sev1 the database is gone")
    await tell(town, side, ANA, "update we are restoring the backup")

    assert "DRILL" in card(side).text
    assert posts(side, ANNOUNCED) == []
    assert "DRILL" in await tell(town, side, BO, "list", room="general")
    assert "No incident was declared" in await tell(town, side, BO, "stats", room="general")
    await town.forward(minutes=15)
    assert "Status update, please" in last(side).text


async def test_nobody_else_learns_of_a_private_incident(town: Town, side: Side) -> None:
    await declared(town, side, "private sev1 a key has leaked")

    assert side.sees(ANA, ROOM) and not side.sees(BO, ROOM)
    assert posts(side, ANNOUNCED) == []
    assert "🔒" in card(side).text
    for words in ("list", "find leaked", "stats", "help"):
        assert "leaked" not in (await tell(town, side, BO, words, room="general")).replace("“leaked”", ""), words
    denied = "There is no incident #1 that you can see"
    for words in ("status", "timeline", "catchup", "join", "roles", "note x", "update x", "resolve", "take ic"):
        assert denied in await tell(town, side, BO, f"#1 {words}", room="general"), words
    assert await tell(town, side, BO, "#1 status", room="general") == (
        await tell(town, side, BO, "#7 status", room="general")
    ).replace("#7", "#1")
    assert "leaked" in await tell(town, side, ANA, "list", room="general")

    await tell(town, side, ANA, f"role comms {side.at(BO)}")
    assert side.sees(BO, ROOM)
    assert "leaked" in await tell(town, side, BO, "list", room="general")


async def test_a_private_incident_is_never_offered_as_a_duplicate(town: Town, side: Side) -> None:
    await declared(town, side, "private sev1 checkout is down")
    told = await tell(town, side, BO, "sev1 checkout is down", room="general")
    assert "Declared as #2" in told


async def test_a_likely_duplicate_is_offered_and_can_be_joined(town: Town, side: Side) -> None:
    await declared(town, side)
    told = await tell(town, side, BO, "sev2 checkout down again", room="general")
    assert "Is it this one?" in told and "#1" in told
    assert await town.store.reader.numbers() == [1]

    await side.taps(BO, "Join it", side.whispered(BO), room="general")
    await town.settle()
    assert side.sees(BO, ROOM)
    assert any(link.entry.text.endswith(" joined") for link in await town.timeline())


async def test_a_duplicate_declared_anyway_is_declared_once_however_often_it_is_tapped(town: Town, side: Side) -> None:
    await declared(town, side)
    await tell(town, side, BO, "sev1 checkout is down", room="general")
    question = side.whispered(BO)
    await side.taps(BO, "Declare anyway", question, room="general")
    await town.settle()
    told = await side.taps(BO, "Declare anyway", question, room="general")
    await town.settle()

    assert await town.store.reader.numbers() == [1, 2]
    assert "Declared already, as #2" in told


async def test_an_old_incident_or_another_title_is_no_duplicate(town: Town, side: Side) -> None:
    await declared(town, side, "sev4 checkout is down")
    assert "Declared as #2" in await tell(town, side, BO, "sev4 the search index is stale", room="general")
    await town.forward(hours=5)
    assert "Declared as #3" in await tell(town, side, BO, "sev4 checkout is down", room="general")


async def test_a_severity_change_typed_as_a_declaration_declares_nothing(town: Town, side: Side) -> None:
    await declared(town, side)
    told = await tell(town, side, ANA, "sev2 because half of it is back")
    assert "/incident severity sev2" in told
    assert await town.store.reader.numbers() == [1]


async def test_the_join_button_brings_people_in(town: Town, side: Side) -> None:
    await declared(town, side)
    told = await side.taps(BO, "Join", announcement(side), room=ANNOUNCED)
    await town.settle()
    assert "Come in" in told and side.sees(BO, ROOM)
    assert "Come in" in await tell(town, side, CLEO, "#1 join", room="general")
    assert side.sees(CLEO, ROOM)
