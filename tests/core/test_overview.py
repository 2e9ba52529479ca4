"""The public page as a function of what customers were told: components now, bars of days, incidents shown."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.overview import DAYS, Component, oldest, overview
from bot.progress import Condition, Progress, Publication, PublicStage, Told
from bot.progress.publication import GRAVITY
from bot.public import OPEN_END, PublicIncident, PublicUpdate, public, public_until
from tests.database.build import ANA, NOW, outage

C, S = Condition, PublicStage
MARK = "3f0c6a3e-0000-4000-8000-000000000001"


def update(minutes: float, stage: PublicStage, /, *, began: datetime = NOW, **components: Condition) -> PublicUpdate:
    """An update so many minutes after an incident began."""
    at = began + timedelta(minutes=minutes)
    return PublicUpdate(id=1, at=at, stage=stage, word="", text="…", components=components)


def incident(*updates: PublicUpdate, mark: str = MARK) -> PublicIncident:
    """A public incident that began with its first update."""
    return PublicIncident(mark=mark, title="Payments fail", opened_at=updates[0].at, updates=updates)


def days(component: Component) -> dict[str, Condition]:
    """The days that were not calm."""
    return {f"{one.date:%d}": one.condition for one in component.days if one.condition is not C.OPERATIONAL}


def test_a_component_is_as_the_worst_open_incident_says() -> None:
    mild = incident(update(0, S.INVESTIGATING, Checkout=C.DEGRADED, Search=C.PARTIAL))
    grave = incident(update(5, S.INVESTIGATING, Checkout=C.MAJOR), update(9, S.IDENTIFIED, Checkout=C.PARTIAL))
    over = incident(update(0, S.INVESTIGATING, Mail=C.MAJOR), update(2, S.RESOLVED))
    seen = overview([mild, grave, over], ["Checkout", "Mail"], now=NOW + timedelta(hours=1))
    assert [(one.name, one.condition) for one in seen.components] == [
        ("Checkout", C.PARTIAL), ("Mail", C.OPERATIONAL), ("Search", C.PARTIAL),
    ]  # fmt: skip
    assert (seen.open, seen.past, seen.condition) == ((grave, mild), (over,), C.PARTIAL)


def test_a_component_that_a_later_update_calls_well_is_well_though_the_incident_is_open() -> None:
    one = incident(update(0, S.INVESTIGATING, Checkout=C.MAJOR), update(9, S.MONITORING, Checkout=C.OPERATIONAL))
    seen = overview([one], ["Checkout"], now=NOW + timedelta(hours=1))
    assert seen.components[0].condition is C.OPERATIONAL and seen.open == (one,)


def test_each_day_has_its_worst_state_over_midnight_and_until_the_end() -> None:
    late = datetime(2026, 11, 17, 23, 30, tzinfo=UTC)
    one = incident(
        update(0, S.INVESTIGATING, began=late, Checkout=C.MAJOR),
        update(60, S.IDENTIFIED, began=late, Checkout=C.DEGRADED),
        update(60 * 25, S.RESOLVED, began=late),
    )
    seen = overview([one], ["Checkout"], now=NOW)
    assert days(seen.components[0]) == {"17": C.MAJOR, "18": C.MAJOR, "19": C.DEGRADED}


def test_what_ends_at_midnight_leaves_the_next_day_alone_and_no_time_at_all_still_counts() -> None:
    evening = datetime(2026, 11, 17, 23, 0, tzinfo=UTC)
    until_midnight = incident(
        update(0, S.INVESTIGATING, began=evening, Checkout=C.PARTIAL), update(60, S.RESOLVED, began=evening)
    )
    at_once = incident(update(0, S.RESOLVED, Checkout=C.DEGRADED))
    seen = overview([until_midnight, at_once], ["Checkout"], now=NOW)
    assert days(seen.components[0]) == {"17": C.PARTIAL, "20": C.DEGRADED}


def test_an_open_incident_reaches_until_now_and_no_further() -> None:
    one = incident(update(-60 * 24 * 200, S.INVESTIGATING, Checkout=C.DEGRADED))
    seen = overview([one], ["Checkout"], now=NOW)
    assert len(seen.components[0].days) == DAYS == len(days_of := seen.components[0].days)
    assert {one.condition for one in days_of} == {C.DEGRADED} and days_of[-1].date == NOW.date()
    assert days_of[0].date == oldest(NOW).date()


def test_an_incident_is_history_for_ninety_days_after_its_end() -> None:
    first = oldest(NOW)
    inside = incident(update(-60, S.INVESTIGATING, began=first), update(0, S.RESOLVED, began=first))
    outside = incident(update(-60, S.INVESTIGATING, began=first), update(-1, S.RESOLVED, began=first))
    assert overview([inside, outside], [], now=NOW).past == (inside,)


def test_a_correction_after_the_end_does_not_move_the_end_and_a_relapse_undoes_it() -> None:
    told = [update(0, S.INVESTIGATING), update(30, S.RESOLVED), update(40, S.RESOLVED)]
    assert incident(*told).resolved_at == NOW + timedelta(minutes=30)
    assert incident(*told, update(50, S.INVESTIGATING)).resolved_at is None


moments = st.integers(-100 * 24 * 60, 0)


@given(st.lists(st.tuples(moments, st.sampled_from(GRAVITY), st.booleans()), min_size=1, max_size=6))
def test_a_day_is_bad_exactly_if_a_bad_spell_touches_it(told: list[tuple[int, Condition, bool]]) -> None:
    found = [
        incident(update(at, S.INVESTIGATING, X=condition), *([update(at, S.RESOLVED)] if over else []))
        for at, condition, over in told
    ]
    seen = overview(found, ["X"], now=NOW)
    for day in seen.components[0].days:
        touching = [
            condition
            for at, condition, over in told
            if (began := (NOW + timedelta(minutes=at)).date()) == day.date or (not over and began < day.date)
        ]
        assert day.condition == max(touching, key=GRAVITY.index, default=C.OPERATIONAL)


def publication(*stages: PublicStage) -> Publication:
    """What customers were told of an incident, by Ana."""
    told = [
        Told(id=place, at=NOW + timedelta(minutes=place), stage=stage, word="w", text="t", by=ANA)
        for place, stage in enumerate(stages, 1)
    ]
    return Publication(mark=MARK, title="Payments fail", opened_at=NOW, told=tuple(told))


def test_only_what_was_told_is_public_and_it_names_nobody() -> None:
    shown = public(outage("secret title", progress=Progress(publication=publication(S.INVESTIGATING, S.RESOLVED))))
    assert shown is not None and UUID(shown.mark) and shown.resolved_at == NOW + timedelta(minutes=2)
    for hidden in ("secret", "ana", "Ana", "sev1", "U0ANA"):
        assert hidden not in shown.model_dump_json()


@pytest.mark.parametrize("hidden", [{"private": True}, {"drill": True}, {"progress": Progress()}])
def test_private_incidents_drills_and_what_was_never_published_have_nothing_public(hidden: dict[str, Any]) -> None:
    known: dict[str, Any] = {"progress": Progress(publication=publication(S.INVESTIGATING))} | hidden
    one = outage(**known)
    assert (public(one), public_until(one)) == (None, None)


def test_a_draft_alone_is_nothing() -> None:
    assert public(outage(progress=Progress(publication=publication()))) is None


def test_it_is_of_matter_until_its_end() -> None:
    known = outage(progress=Progress(publication=publication(S.INVESTIGATING)))
    assert public_until(known) == OPEN_END
    known.progress.publication = publication(S.INVESTIGATING, S.RESOLVED)
    assert public_until(known) == NOW + timedelta(minutes=2)
