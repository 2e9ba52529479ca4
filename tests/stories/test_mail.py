"""The e-mail to customers: shown, approved by a tap, sent once to each, and what went wrong with it told."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.health.adapter import HealthAdapter
from adapters.mail.adapter import MailAdapter
from adapters.mail.wire import Server
from bot.patience import MENDING
from bot.progress import End, Mailing
from bot.timeline import Kind
from tests.support.seen import Seen
from tests.support.smtp import FixedLists, MailServer
from tests.support.story import ROOM, declared, last, posts, tell, town_with
from tests.support.town import ANA, BO, FRIDAY, Side, Town

TEXT = "Hello,\n\nthe shop was down. It lasted {{ duration|spelled }}.{% if impact %} {{ impact }}{% endif %}"
MAIL: dict[str, Any] = {
    "severities": ["sev1"],
    "to": ["customers", "partner@example.org"],
    "subject": "Trouble on {{ date }}",
    "within": "24h",
}
PEOPLE = ("dora@example.com", "emil@example.com", "fay@example.com")
EVERYBODY = [*PEOPLE, "partner@example.org"]


class Post:
    """A town with a mail server."""

    def __init__(self, town: Town, side: Side, server: MailServer, lists: FixedLists) -> None:
        self.town, self.side, self.server, self.lists = town, side, server, lists

    async def over(self, words: str = "sev1 checkout is down") -> None:
        """An incident that was resolved after twenty minutes."""
        await declared(self.town, self.side, words)
        await self.town.forward(minutes=20)
        await tell(self.town, self.side, ANA, "resolve anyway because it is over")

    async def draft(self) -> Seen:
        """The draft as Ana sees it."""
        await tell(self.town, self.side, ANA, "draft email")
        return self.side.whispered(ANA)

    async def taps(self, label: str, message: Seen, who: Any = ANA) -> str:
        """Press a button, and wait for what comes of it."""
        told = await self.side.taps(who, label, message, room=ROOM)
        await self.town.settle()
        return told

    async def approve(self) -> Seen:
        """Approve the draft as it stands."""
        draft = await self.draft()
        await self.taps("Send it", draft)
        return draft

    async def kept(self) -> Mailing:
        """What the incident holds of it."""
        kept = (await self.town.incident()).progress.mail
        assert kept is not None
        return kept

    async def said(self, kind: Kind = Kind.MAIL) -> list[str]:
        """What the timeline says of it."""
        return [link.entry.text for link in await self.town.timeline() if link.entry.kind is kind]

    def standing(self) -> Seen:
        """The message about it in the channel."""
        return next(one for one in posts(self.side) if "Approved by" in one.text)


@asynccontextmanager
async def a_post(folder: Path, platform: str, **changes: Any) -> AsyncIterator[Post]:
    """A town whose playbook owes an e-mail after a sev1, with a mail server."""
    parts = {"templates": {"customers": {"email": TEXT}}, "mail": MAIL} | changes
    async with MailServer() as server:
        town, settings, lists = town_with(folder, (platform,), **parts), server.settings(), FixedLists({})
        lists.lists["customers"] = PEOPLE
        wire = Server(settings, patience=1, at_the_end=1)
        town.tools = [HealthAdapter(), MailAdapter(settings, lists, town.clock, server=wire)]
        town.lists = lists
        async with town:
            yield Post(town, town.sides[platform], server, lists)


@pytest.fixture
async def post(tmp_path: Path, platform: str) -> AsyncIterator[Post]:
    """As most stories want it."""
    async with a_post(tmp_path, platform) as made:
        yield made


async def test_the_draft_says_to_whom_and_one_tap_sends_it_to_each(post: Post) -> None:
    await post.over()
    draft = await post.draft()
    assert "Trouble on 2026-11-20" in draft.text and "It lasted 20 minutes." in draft.text
    assert "To 4 recipients (customers: 3; partner@example.org), each by itself." in draft.text
    assert draft.buttons == ("Send it", "Change the words", "Not needed")
    assert "only once" in draft.text and not post.server.heard

    await post.taps("Send it", draft)
    assert post.server.to() == EVERYBODY and {len(one.to) for one in post.server.taken} == {1}
    message = post.server.taken[0].message
    assert message["Subject"] == "Trouble on 2026-11-20" and message["To"] == "dora@example.com"
    assert message.get_content().replace("\r\n", "\n") == "Hello,\n\nthe shop was down. It lasted 20 minutes.\n"
    assert not any(address in str(message) for address in EVERYBODY[1:])

    shown = post.standing()
    assert "E-mail to customers: sent" in shown.text and "The mail server took 4." in shown.text and not shown.buttons
    assert await post.said() == [
        "Approved the e-mail to customers “Trouble on 2026-11-20”, to 4 recipients (customers: 3; partner@example.org)",
        "E-mail to customers: 4 of 4 sent",
    ]
    assert [link.entry.by for link in await post.town.timeline() if link.entry.kind is Kind.MAIL] == [
        "Ana Reyes",
        "Tocsin",
    ]


async def test_sending_it_meets_its_deadline_and_nothing_else_does(post: Post) -> None:
    await post.over()
    owed = (await post.town.incident()).progress.deadlines["email"]
    assert owed.running
    await post.approve()
    met = (await post.town.incident()).progress.deadlines["email"]
    assert met.met_at == FRIDAY + timedelta(minutes=20) and met.met_by == "Ana Reyes"
    assert (await post.said(Kind.DEADLINE))[-1] == "E-mail to customers: done in time, after 0s"


async def test_no_address_of_a_list_is_kept_or_shown(post: Post) -> None:
    await post.over()
    await post.approve()
    everything = (await post.town.incident()).model_dump_json() + "".join(one.text for one in posts(post.side))
    everything += "".join(link.entry.model_dump_json() for link in await post.town.timeline())
    assert not [address for address in PEOPLE if address in everything] and "partner@example.org" in everything


# Once


async def test_two_taps_and_two_people_send_it_once(post: Post) -> None:
    await post.over()
    mine = await post.draft()
    await tell(post.town, post.side, BO, "draft email")
    theirs = post.side.whispered(BO)
    await post.taps("Send it", mine)
    told = await post.taps("Send it", theirs, BO)
    assert "Ana Reyes sent it already" in told and "It goes out once." in told
    assert "sent it already" in await post.taps("Send it", mine)
    assert post.server.to() == EVERYBODY


async def test_words_that_changed_since_they_were_shown_are_shown_anew_and_not_sent(post: Post) -> None:
    await post.over()
    before = await post.draft()
    await tell(post.town, post.side, BO, "impact Nobody could pay.")
    told = await post.taps("Send it", before)
    assert "Not sent: this is not what you saw." in told and "Nobody could pay." in told
    assert not post.server.taken and "Nobody could pay." in post.side.whispered(ANA).text

    await post.taps("Send it", post.side.whispered(ANA))
    assert "Nobody could pay." in post.server.taken[0].message.get_content()


async def test_recipients_who_changed_since_they_were_shown_are_shown_anew(post: Post) -> None:
    await post.over()
    before = await post.draft()
    post.lists.lists["customers"] = (*PEOPLE, "gus@example.com")
    assert "To 5 recipients" in await post.taps("Send it", before) and not post.server.taken


async def test_what_is_on_its_way_goes_out_as_it_was_approved(post: Post) -> None:
    await post.over()
    await post.server.away()
    draft = await post.draft()
    await post.side.taps(ANA, "Send it", draft, room=ROOM)
    await post.side.says(BO, "impact Nobody could pay.", room=ROOM)
    await post.server.listen()
    await post.town.settle()
    assert post.server.to() == EVERYBODY
    assert "Nobody could pay" not in post.server.taken[-1].message.get_content()


# Its words


async def test_the_words_can_be_changed_and_the_record_changes_them_no_more(post: Post) -> None:
    await post.over()
    await post.side.taps(ANA, "Change the words", await post.draft(), room=ROOM)
    await post.side.fills(ANA, subject="Sorry, all", text="The shop was down.\n\n… and is up again.")
    await post.town.settle()
    shown = post.side.whispered(ANA)
    assert "Sorry, all" in shown.text and "… and is up again." in shown.text and "By Ana Reyes." in shown.text
    await tell(post.town, post.side, BO, "impact Nobody could pay.")
    await post.taps("Send it", shown)
    (first, *_) = post.server.taken
    assert first.message["Subject"] == "Sorry, all" and "Nobody could pay" not in first.message.get_content()
    assert (await post.said())[0] == "Changed the words of the e-mail to customers"


async def test_empty_words_bring_the_records_back(post: Post) -> None:
    await post.over()
    await post.side.taps(ANA, "Change the words", await post.draft(), room=ROOM)
    await post.side.fills(ANA, subject="Sorry", text="Mine.")
    await post.side.taps(ANA, "Change the words", await post.draft(), room=ROOM)
    await post.side.fills(ANA, subject="", text="")
    assert "It lasted 20 minutes." in (await post.draft()).text
    await post.side.taps(ANA, "Change the words", await post.draft(), room=ROOM)
    await post.side.fills(ANA, subject="Only this", text="")
    await post.town.settle()
    assert "It lasted 20 minutes." in (await post.draft()).text, "half of it changes nothing"


async def test_none_is_needed_with_a_reason_and_the_deadline_ends(post: Post) -> None:
    await post.over()
    await post.side.taps(ANA, "Not needed", await post.draft(), room=ROOM)
    await post.side.fills(ANA, because="nobody noticed")
    await post.town.settle()
    assert (await post.said()) == ["No e-mail to customers: nobody noticed"]
    assert (await post.town.incident()).progress.deadlines["email"].dropped_because == "nobody noticed"
    again = await post.draft()
    assert "Ana Reyes said that none is needed: nobody noticed." in again.text and "Send it" in again.buttons


# Not now, not by itself


async def test_what_is_not_over_is_not_sent(post: Post) -> None:
    await declared(post.town, post.side)
    await post.town.forward(minutes=20)
    draft = await post.draft()
    assert "Send it" not in draft.buttons and "It can be sent once #1 is resolved." in draft.text
    await tell(post.town, post.side, ANA, "mail send 0123456789abcdef")
    assert not post.server.heard


async def test_words_with_a_gap_are_not_sent(tmp_path: Path, platform: str) -> None:
    words = {"customers": {"email": "It was {{ fields.cause or '…' }}."}}
    async with a_post(tmp_path, platform, templates=words) as post:
        await post.over()
        draft = await post.draft()
        assert "Send it" not in draft.buttons and "stands for what nobody has said yet" in draft.text
        await post.side.taps(ANA, "Change the words", draft, room=ROOM)
        await post.side.fills(ANA, subject="Sorry", text="It was the pool.")
        await post.taps("Send it", await post.draft())
        assert post.server.to() == EVERYBODY


async def test_a_drill_sends_nothing_and_says_so(post: Post) -> None:
    await post.over("drill sev1 checkout is down")
    draft = await post.draft()
    assert "A drill: nothing is sent to anybody." in draft.text and "Send it" not in draft.buttons
    assert "A drill: nothing is sent to anybody." in await tell(post.town, post.side, ANA, "mail send 0123")
    assert not post.server.heard and (await post.town.incident()).progress.mail is None


async def test_a_private_incident_is_told_of_by_hand_only(post: Post) -> None:
    await post.over("private sev1 a key leaked")
    draft = await post.draft()
    assert "A private incident: I send nothing" in draft.text and "Send it" not in draft.buttons
    assert "I send nothing" in await tell(post.town, post.side, ANA, "mail send 0123")
    assert not post.server.heard


async def test_a_list_that_holds_nobody_is_named_with_its_setting(post: Post) -> None:
    post.lists.lists.clear()
    await post.over()
    draft = await post.draft()
    assert "no address in the list “customers”" in draft.text and "MAIL_LIST_CUSTOMERS" in draft.text
    assert "Send it" not in draft.buttons and "I sent it" in draft.buttons


async def test_without_a_mail_server_it_is_ticked_off_by_hand(tmp_path: Path, platform: str) -> None:
    async with town_with(tmp_path, (platform,), mail=MAIL) as town:
        side = town.sides[platform]
        await declared(town, side)
        await tell(town, side, ANA, "resolve anyway because it is over")
        await tell(town, side, ANA, "mail")
        draft = side.whispered(ANA)
        assert draft.buttons[0] == "I sent it" and "Send it" not in draft.buttons
        assert "is not set up" in await tell(town, side, ANA, "mail send 0123")
        await side.taps(ANA, "I sent it", draft, room=ROOM)
        await town.settle()
        assert (await town.incident()).progress.deadlines["email"].met_by == "Ana Reyes"


# What goes wrong


async def test_refused_addresses_are_told_and_the_others_have_it(post: Post) -> None:
    post.server.refuses["emil@example.com"] = "550 5.1.1 no such @everyone here"
    await post.over()
    await post.approve()
    assert post.server.to() == [one for one in EVERYBODY if one != "emil@example.com"]
    told = last(post.side)
    assert "refused 1 of 4" in told.text and "emil@example.com" in told.text and "550 5.1.1" in told.text
    assert not told.rings and not told.buttons
    assert not (await post.town.incident()).progress.deadlines["email"].running
    assert "The mail server took 3; it refused 1." in post.standing().text


async def test_only_the_first_few_refused_addresses_are_named(tmp_path: Path, platform: str) -> None:
    async with a_post(tmp_path, platform, mail=MAIL | {"to": ["customers"]}) as post:
        many = tuple(f"c{n}@example.com" for n in range(8))
        post.lists.lists["customers"] = many
        post.server.refuses.update(dict.fromkeys(many, "550 no"))
        await post.over()
        await post.approve()
        told = last(post.side).text
        assert "refused 8 of 8" in told and "c4@example.com" in told and "c5@" not in told and "and 3 more" in told
        assert (await post.town.incident()).progress.deadlines["email"].running, "nobody has it"


async def test_a_lost_answer_is_told_and_the_rest_is_sent_by_a_tap_only(post: Post) -> None:
    post.server.after = ["", "drop"]
    await post.over()
    await post.approve()
    assert post.server.to() == EVERYBODY, "those behind it have it all the same"
    told = last(post.side)
    assert "Whether 1 of 4 went out I do not know" in told.text
    assert told.buttons == ("They have it", "Send to the rest (1)")
    assert (await post.town.incident()).progress.deadlines["email"].running
    await post.town.forward(hours=2)
    assert post.server.to() == EVERYBODY, "nothing goes out again by itself"

    assert "On its way to 1." in await post.taps("Send to the rest (1)", told)
    assert post.server.to() == [*EVERYBODY, "emil@example.com"]
    twice = [one.message["Message-ID"] for one in post.server.taken if one.to == ("emil@example.com",)]
    assert len(twice) == 2 and len(set(twice)) == 1
    assert "Nothing is left to be sent." in await post.taps("Send to the rest (1)", told, BO)
    assert len(post.server.taken) == 5
    assert not (await post.town.incident()).progress.deadlines["email"].running
    assert "The mail server took 4." in post.standing().text


async def test_whoever_looks_and_finds_it_there_ends_it(post: Post) -> None:
    post.server.after = ["drop"]
    await post.over()
    await post.approve()
    assert "Noted." in await post.taps("They have it", last(post.side), BO)
    assert "Bo Lindqvist looked where it was in doubt." in post.standing().text and not post.standing().buttons
    assert (await post.town.incident()).progress.deadlines["email"].met_by == "Bo Lindqvist"
    assert "Nothing is left" in await tell(post.town, post.side, ANA, "mail rest 1")
    assert len(post.server.taken) == 4


async def test_a_bot_that_starts_again_in_the_middle_sends_nobody_two(post: Post) -> None:
    await post.over()
    await post.server.away()
    await post.side.taps(ANA, "Send it", await post.draft(), room=ROOM)
    await post.town.bot.stop()
    await post.server.listen()
    await post.town.start_bot("two")
    await post.town.settle()
    assert post.server.to() == EVERYBODY and (await post.kept()).count(End.SENT) == 4


async def test_what_another_process_left_in_doubt_is_told_and_not_sent(post: Post) -> None:
    await post.over()
    await post.server.away()
    await post.side.taps(ANA, "Send it", await post.draft(), room=ROOM)
    await post.town.aged("mail", by=1)
    await post.server.listen()
    await post.town.settle()
    kept = await post.kept()
    assert post.server.to() == EVERYBODY[1:] and kept.ends[0] is End.PERHAPS
    assert "Whether 1 of 4 went out I do not know" in last(post.side).text


async def test_a_server_that_takes_nothing_of_ours_is_told_at_once_and_left_alone_for_a_while(post: Post) -> None:
    await post.over()
    post.server.says["MAIL"] = "550 5.7.1 not yours to send from"
    await post.side.taps(ANA, "Send it", await post.draft(), room=ROOM)

    async def told() -> bool:
        return "not yours to send from" in last(post.side).text

    await post.town.until(told)
    assert "the e-mail to customers" in last(post.side).text
    assert MENDING > 60 and not post.server.taken, "and is left alone for a while"


async def test_somebody_who_is_put_off_comes_last(post: Post) -> None:
    post.server.refuses["dora@example.com"] = "451 4.7.1 greylisted"
    await post.over()
    draft = await post.draft()
    await post.side.taps(ANA, "Send it", draft, room=ROOM)

    async def others() -> bool:
        return post.server.to() == EVERYBODY[1:]

    await post.town.until(others)
    del post.server.refuses["dora@example.com"]
    await post.town.patiently()
    assert post.server.to() == [*EVERYBODY[1:], "dora@example.com"] and (await post.kept()).count(End.SENT) == 4


@pytest.mark.parametrize("words", ["mail nonsense", "mail skip", "email edit"])
async def test_what_is_typed_is_understood_or_answered(post: Post, words: str) -> None:
    await post.over()
    told = await tell(post.town, post.side, ANA, words)
    assert post.side.form(ANA) is not None or re.search("mail skip because", told)
