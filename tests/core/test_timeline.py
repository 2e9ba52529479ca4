"""The chain of the timeline: whatever is changed, lost, swapped or added is found, and where."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.chain import verify
from bot.timeline import BEGINNING, Anchor, Entry, Kind, Link, append, chain_hash

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
ENTRIES = [
    Entry(at=NOW + timedelta(minutes=n), kind=Kind.NOTE, text=f"entry {n}", by="Ana", actor="ana", data={"n": str(n)})
    for n in range(1, 6)
]


def chain() -> list[Link]:
    """Five entries in a row."""
    return append(1, ENTRIES, length=0, head=BEGINNING)


def check(links: list[Link]) -> str | None:
    """What is found, measured by the whole chain."""
    whole = chain()
    return verify(links, length=len(whole), head=whole[-1].hash)


def test_a_whole_chain_is_whole_also_when_it_grew_piece_by_piece() -> None:
    assert check(chain()) is None
    first = append(1, ENTRIES[:2], length=0, head=BEGINNING)
    rest = append(1, ENTRIES[2:], length=2, head=first[-1].hash)
    assert [*first, *rest] == chain()
    assert verify([], length=0, head=BEGINNING) is None


@pytest.mark.parametrize("seq", [1, 3, 5])
@pytest.mark.parametrize(
    "change",
    [{"text": "other"}, {"at": NOW}, {"kind": Kind.FACT}, {"by": "Bo"}, {"actor": "bo"}, {"data": {}},
     {"data": {"n": "7"}}, {"text": ""}],
)  # fmt: skip
def test_every_field_of_every_entry_is_bound(seq: int, change: dict[str, object]) -> None:
    links = chain()
    links[seq - 1] = replace(links[seq - 1], entry=links[seq - 1].entry.model_copy(update=change))
    assert check(links) == f"entry {seq} was changed after it was written"


def test_a_changed_hash_or_a_changed_bond_is_located() -> None:
    links = chain()
    links[2] = replace(links[2], hash="0" * 64)
    assert check(links) == "entry 3 was changed after it was written"
    links = chain()
    links[2] = replace(links[2], before="0" * 64)
    assert check(links) == "entry 3 was changed: the hash before it"
    links = chain()
    links[2] = replace(links[2], seq=7)
    assert check(links) == "entry 3 is missing; entry 7 stands in its place"


def test_a_link_moved_to_another_incident_is_found() -> None:
    links = chain()
    links[1] = replace(links[1], incident=2)
    assert check(links) == "entry 2 was changed after it was written"


@pytest.mark.parametrize("seq", [1, 2, 4])
def test_a_lost_entry_is_located(seq: int) -> None:
    links = chain()
    del links[seq - 1]
    assert check(links) == f"entry {seq} is missing; entry {seq + 1} stands in its place"


def test_lost_last_entries_and_added_ones_are_counted() -> None:
    assert check(chain()[:3]) == "entry 4 is missing; the last 2 of 5 were cut off"
    more = append(1, [*ENTRIES, ENTRIES[0]], length=0, head=BEGINNING)
    assert check(more) == "entry 6 was added: the incident counts 5 entries, but 6 are there"
    assert check([]) == "entry 1 is missing; the last 5 of 5 were cut off"


def test_swapped_entries_are_found() -> None:
    links = chain()
    links[1], links[3] = replace(links[3], seq=2), replace(links[1], seq=4)
    assert check(links) == "entry 2 was swapped: entry 4 stands in its place"
    links = chain()
    links[0], links[1] = replace(links[1], seq=1), replace(links[0], seq=2)
    assert check(links) == "entry 1 was swapped: entry 2 stands in its place"


def test_a_chain_written_anew_from_some_entry_on_does_not_end_as_the_incident_says() -> None:
    forged = append(1, [*ENTRIES[:4], ENTRIES[4].model_copy(update={"text": "other"})], length=0, head=BEGINNING)
    assert check(forged) == "entry 5 is the last, but not the one the incident names: it was written anew"


def test_one_entry_written_anew_with_its_own_hash_is_located() -> None:
    links = chain()
    entry = links[1].entry.model_copy(update={"text": "other"})
    links[1] = replace(links[1], entry=entry, hash=chain_hash(1, 2, entry, before=links[1].before))
    assert check(links) == "entry 2 was changed and its hash with it: entry 3 still follows the old one"
    links = chain()
    links[0] = replace(links[0], before="1" * 64, hash=chain_hash(1, 1, links[0].entry, before="1" * 64))
    assert check(links) == "entry 1 does not begin the chain: it was written after another"


@pytest.mark.parametrize("digits", [64, 16])
def test_an_anchor_finds_a_chain_written_anew_to_its_end_and_a_tail_cut_off_with_the_count(digits: int) -> None:
    whole = chain()
    anchors = [Anchor(link.hash[:digits], link.seq) for link in whole]
    assert verify(whole, length=5, head=whole[-1].hash, anchors=anchors) is None
    other = [ENTRIES[0], ENTRIES[1].model_copy(update={"text": "other"}), *ENTRIES[2:]]
    forged = append(1, other, length=0, head=BEGINNING)
    assert verify(forged, length=5, head=forged[-1].hash) is None, "it fits together"
    for kept, entry in ((anchors, 2), (anchors[2:3], 3), (anchors[4:], 5)):
        found = verify(forged, length=5, head=forged[-1].hash, anchors=kept)
        assert found is not None and found.startswith(f"entry {entry} is not the one of the anchor")
    assert verify(forged, length=5, head=forged[-1].hash, anchors=anchors[:1]) is None, "written anew behind it"
    cut = verify(whole[:3], length=3, head=whole[2].hash, anchors=anchors[4:])
    assert cut == "entry 4 is missing: the anchor knew 5 entries, and 3 are left"
    assert verify([], length=0, head=BEGINNING, anchors=anchors[:1]) is not None


def test_an_anchor_is_read_as_it_is_written_and_as_the_resolution_tells_it() -> None:
    anchor = Anchor("3f9ab2c4d5e6f708" * 4, 34)
    assert Anchor.read(str(anchor)) == anchor
    short = Anchor("3f9ab2c4d5e6f708", 34)
    for words in (f"Record: {anchor.short}", anchor.short, " 3F9AB2C4D5E6F708 : 34 ", "34 entries, 3f9ab2c4d5e6f708"):
        assert Anchor.read(words) == short, words
    for words in ("", "34", "3f9a:34", "3f9ab2c4d5e6f708:0", "x" * 64 + ":1", f"{anchor}:1", "3f9ab2c4d5e6f708"):
        with pytest.raises(ValueError, match="is no anchor; write it like"):
            Anchor.read(words)


def test_a_time_in_another_zone_is_the_same_time() -> None:
    paris = NOW.astimezone(ZoneInfo("Europe/Paris"))
    utc, local = (ENTRIES[0].model_copy(update={"at": at}) for at in (NOW, paris))
    assert chain_hash(1, 1, utc, before=BEGINNING) == chain_hash(1, 1, local, before=BEGINNING)
