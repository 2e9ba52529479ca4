"""The chain of the timeline: whatever is changed, lost, swapped or added is found, and where."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.timeline import BEGINNING, Entry, Kind, Link, append, chain_hash, verify

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
    assert check(links) == "entry 3 does not follow entry 2: one of them was changed or swapped"
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
    assert check(chain()[:3]) == "the incident counts 5 entries, but 3 are there"
    more = append(1, [*ENTRIES, ENTRIES[0]], length=0, head=BEGINNING)
    assert check(more) == "the incident counts 5 entries, but 6 are there"
    assert check([]) == "the incident counts 5 entries, but 0 are there"


def test_swapped_entries_are_found() -> None:
    links = chain()
    links[1], links[2] = replace(links[2], seq=2), replace(links[1], seq=3)
    found = check(links)
    assert found is not None and "entry 2" in found


def test_a_chain_written_anew_from_some_entry_on_does_not_end_as_the_incident_says() -> None:
    forged = append(1, [*ENTRIES[:4], ENTRIES[4].model_copy(update={"text": "other"})], length=0, head=BEGINNING)
    assert check(forged) == "the last entry is not the one the incident names (entry 5)"


def test_a_time_in_another_zone_is_the_same_time() -> None:
    paris = NOW.astimezone(ZoneInfo("Europe/Paris"))
    utc, local = (ENTRIES[0].model_copy(update={"at": at}) for at in (NOW, paris))
    assert chain_hash(1, 1, utc, before=BEGINNING) == chain_hash(1, 1, local, before=BEGINNING)
