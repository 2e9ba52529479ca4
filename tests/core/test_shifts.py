"""The final schedule: layers over each other, hours, overrides, at every instant and in every zone."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.playbook.clocks import Weekday
from bot.playbook.escalation import Hours, Rotation
from bot.playbook.reading import KEPT
from bot.rotations import Gap, Override, handovers, lines, next_handover, on_call, shift, shifts, stint

DAYS = get_args(Weekday)
PEOPLE = ("ana", "bo", "cleo", "dmitri", "esha")
ZONES = ("America/Los_Angeles", "Europe/Madrid", "Asia/Kolkata", "Australia/Adelaide", "Asia/Kathmandu",
         "America/St_Johns", "Australia/Lord_Howe", "Pacific/Chatham", "Atlantic/Azores", "UTC")  # fmt: skip
EDGES = (
    datetime(2026, 12, 31, 12), datetime(2028, 2, 28, 12), datetime(2028, 2, 29, 12),  # year end, leap day
    datetime(2027, 3, 13, 20), datetime(2026, 11, 1, 2), datetime(2027, 3, 27, 20),  # America, Europe
    datetime(2027, 4, 3, 6), datetime(2027, 10, 2, 6), datetime(2027, 9, 25, 6),  # Australia, Chatham
)  # fmt: skip
SUN = [
    {"name": "asia", "people": ["ana", "bo"], "timezone": "Asia/Kolkata",
     "hours": [{"from": "09:00", "until": "17:00"}]},
    {"name": "europe", "people": ["cleo"], "timezone": "Europe/Madrid",
     "hours": [{"from": "12:30", "until": "21:00"}]},
    {"name": "america", "people": ["dmitri", "esha"], "timezone": "America/New_York",
     "hours": [{"from": "15:00", "until": "22:30"}]},
]  # fmt: skip

times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 0, 15, 30, 45]))
days = st.dates(date(2026, 6, 1), date(2027, 6, 1))
crowd = st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=4)
windows = st.lists(
    st.fixed_dictionaries(
        {"days": st.lists(st.sampled_from(DAYS), min_size=1, unique=True), "from": times, "until": times},
        optional={"timezone": st.sampled_from(ZONES)},
    ),
    max_size=2,
)
turns = st.fixed_dictionaries(
    {
        "people": crowd,
        "turn": st.sampled_from(["daily", "weekly", "3 days", "2 weeks", "every 5 days"]),
        "starts": days,
        "day": st.sampled_from(DAYS),
        "at": times,
        "timezone": st.sampled_from(ZONES),
        "hours": windows,
    }
)
moments = st.builds(
    lambda edge, minutes: edge.replace(tzinfo=UTC) + timedelta(minutes=minutes),
    st.one_of(st.sampled_from(EDGES), st.datetimes(datetime(2026, 5, 1), datetime(2029, 1, 1))),
    st.integers(-2000, 2000),
)


@st.composite
def schedules(draw: st.DrawFn) -> Rotation:
    """A rotation with a list of its own, layers, or both."""
    layers = [one | {"name": f"layer-{place}"} for place, one in enumerate(draw(st.lists(turns, max_size=3)))]
    own = draw(turns) if draw(st.booleans()) or not layers else {}
    return Rotation.model_validate({"name": "oncall", "title": "On call", "layers": layers} | own)


@st.composite
def spans(draw: st.DrawFn) -> tuple[datetime, datetime]:
    """A time of at most a month."""
    since = draw(moments)
    return since, since + timedelta(minutes=draw(st.integers(1, 30 * 24 * 60)))


@st.composite
def overridden(draw: st.DrawFn, since: datetime) -> list[Override]:
    """Overrides near a moment, some in one person's place."""
    made = []
    for place in range(draw(st.integers(0, 4))):
        begins = since + timedelta(minutes=draw(st.integers(-3000, 20000)))
        ends = begins + timedelta(minutes=draw(st.integers(1, 10000)))
        instead = draw(st.one_of(st.none(), st.sampled_from(PEOPLE)))
        made.append(Override("oncall", draw(st.sampled_from(PEOPLE)), begins, ends, id=place, instead_of=instead))
    return made


@settings(max_examples=150, deadline=None)
@given(st.data(), schedules(), spans(), st.sampled_from(ZONES))
def test_shifts_tile_the_span_and_agree_with_whoever_is_on_call_at_each_instant(
    data: st.DataObject, rotation: Rotation, span: tuple[datetime, datetime], zone: str
) -> None:
    since, until = span
    overrides = data.draw(overridden(since))
    made = shifts(rotation, zone=zone, overrides=overrides, since=since, until=until)
    assert made[0].begins == since and made[-1].ends == until
    assert all(before.ends == after.begins for before, after in pairwise(made))
    assert all(one.begins < one.ends for one in made)
    assert all((one.person is None) == (one.gap is not None) for one in made), "one person, or a gap that says why"
    for one in made:
        for moment in (one.begins, one.begins + (one.ends - one.begins) / 2, one.ends - timedelta(microseconds=1)):
            assert on_call(rotation, zone=zone, overrides=overrides, now=moment) == one.person
    for before, after in pairwise(made):
        assert (before.person, before.turn, before.override, before.layer, before.gap) != (
            after.person, after.turn, after.override, after.layer, after.gap)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(schedules(), spans(), st.sampled_from(ZONES))
def test_a_later_layer_stands_over_an_earlier_one_wherever_it_covers(
    rotation: Rotation, span: tuple[datetime, datetime], zone: str
) -> None:
    stack = lines(rotation, zone)
    for one in shifts(rotation, zone=zone, overrides=(), since=span[0], until=span[1]):
        moment = one.begins + (one.ends - one.begins) / 2
        begun = [line for line in stack if line.covers(moment) and line.count(moment) is not None]
        assert (begun[-1].name if begun else None) == (one.layer if one.person is not None else None)
        if one.person is None:
            assert one.gap is (Gap.BEFORE if any(line.covers(moment) for line in stack) else Gap.HOURS)


@settings(max_examples=200, deadline=None)
@given(turns, moments, st.sampled_from(ZONES))
def test_hours_are_those_of_the_wall_clock_wherever_it_neither_skips_nor_repeats(
    own: dict[str, Any], now: datetime, zone: str
) -> None:
    (line,) = lines(Rotation.model_validate({"name": "oncall", "title": "On call"} | own), zone)

    def shows(hours: Hours) -> bool:
        local = now.astimezone(ZoneInfo(hours.timezone or str(line.zone)))
        today, yesterday = DAYS[local.weekday()], DAYS[local.weekday() - 1]
        clock = local.time()
        if hours.from_ < hours.until:
            return today in hours.days and hours.from_ <= clock < hours.until
        return (today in hours.days and clock >= hours.from_) or (yesterday in hours.days and clock < hours.until)

    def steady(name: str) -> bool:
        around = {(now + timedelta(hours=step)).astimezone(ZoneInfo(name)).utcoffset() for step in range(-50, 51)}
        return len(around) == 1

    if all(steady(hours.timezone or str(line.zone)) for hours in line.hours):
        assert line.covers(now) == (not line.hours or any(shows(hours) for hours in line.hours))


@settings(max_examples=150, deadline=None)
@given(times, times, st.sampled_from(ZONES), spans())
def test_two_windows_that_meet_on_the_wall_clock_leave_no_gap_and_never_overlap(
    first: time, second: time, zone: str, span: tuple[datetime, datetime]
) -> None:
    if first == second:
        return
    layers = [
        {"name": "a", "people": ["ana"], "hours": [{"from": first, "until": second}]},
        {"name": "b", "people": ["bo"], "hours": [{"from": second, "until": first}]},
    ]
    rotation = Rotation.model_validate(
        {"name": "oncall", "title": "On call", "starts": "2020-01-06", "timezone": zone, "layers": layers}
    )
    a, b = lines(rotation, "UTC")
    for one in shifts(rotation, zone="UTC", overrides=(), since=span[0], until=span[1]):
        for moment in (one.begins, one.ends - timedelta(microseconds=1)):
            assert a.covers(moment) != b.covers(moment)


@settings(max_examples=100, deadline=None)
@given(schedules(), moments, st.sampled_from(ZONES))
def test_the_next_hand_over_is_where_somebody_else_comes_on_and_none_is_left_out(
    rotation: Rotation, now: datetime, zone: str
) -> None:
    ahead = [one.begins for _, one in handovers(rotation, zone=zone, since=now, until=now + timedelta(days=40))]
    walked, after = [], now - timedelta(microseconds=1)
    while (found := next_handover(rotation, zone=zone, after=after)) is not None and found < now + timedelta(days=40):
        walked.append(found)
        after = found
    assert walked == ahead
    for moment in ahead:
        assert on_call(rotation, zone=zone, overrides=(), now=moment) is not None


@settings(max_examples=100, deadline=None)
@given(schedules(), moments, st.sampled_from(ZONES))
def test_a_shift_is_whole_and_a_stint_ends_where_somebody_else_or_nobody_follows(
    rotation: Rotation, now: datetime, zone: str
) -> None:
    mine = shift(rotation, zone=zone, overrides=(), now=now)
    assert mine.begins <= now < mine.ends
    if mine.turn is not None:
        assert mine.turn.begins <= mine.begins and mine.ends <= mine.turn.ends
        wider = shifts(rotation, zone=zone, overrides=(), since=mine.begins - timedelta(days=1), until=mine.ends)
        assert wider[-1] == mine
    whole, following = stint(rotation, zone=zone, overrides=(), now=now)
    assert whole.person == mine.person and whole.ends >= mine.ends
    if following is not None:
        assert following.begins == whole.ends and following.person != mine.person


def named(layers: list[dict[str, Any]], **own: Any) -> Rotation:
    """A rotation of layers."""
    return Rotation.model_validate(
        {"name": "oncall", "title": "On call", "starts": "2026-01-05", "layers": layers} | own
    )


def day_of(*day: int) -> list[tuple[str, str | None, str]]:
    """Who follows the sun on a day, in UTC."""
    since = datetime(*day, tzinfo=UTC)  # type: ignore[arg-type, misc]
    made = shifts(named(SUN), zone="UTC", overrides=(), since=since, until=since + timedelta(days=1))
    return [(f"{one.begins:%H:%M}", one.person, one.layer or str(one.gap)) for one in made]


def test_a_rotation_follows_the_sun_over_three_zones() -> None:
    assert day_of(2026, 1, 13) == [
        ("00:00", "esha", "america"), ("03:30", "bo", "asia"), ("11:30", "cleo", "europe"),
        ("20:00", "esha", "america"),
    ]  # fmt: skip


def test_where_one_part_of_the_world_has_changed_its_clocks_and_another_has_not_there_is_a_named_gap() -> None:
    assert day_of(2026, 3, 20) == [
        ("00:00", "dmitri", "america"), ("02:30", None, Gap.HOURS), ("03:30", "ana", "asia"),
        ("11:30", "cleo", "europe"), ("19:00", "dmitri", "america"),
    ]  # fmt: skip


def test_nights_and_weekends_are_two_windows_and_the_rest_is_nobodys() -> None:
    hours = [
        {"days": ["mon", "tue", "wed", "thu", "fri"], "from": "18:00", "until": "08:00"},
        {"days": ["sat", "sun"]},
    ]
    nights = Rotation.model_validate(
        {"name": "oncall", "title": "On call", "people": ["ana", "bo"], "starts": "2026-11-02", "hours": hours}
    )
    friday = datetime(2026, 11, 6, 12, tzinfo=UTC)
    made = shifts(nights, zone="UTC", overrides=(), since=friday, until=friday + timedelta(days=4))
    assert [(f"{one.begins:%a %H:%M}", one.person) for one in made] == [
        ("Fri 12:00", None), ("Fri 18:00", "ana"), ("Mon 00:00", None), ("Mon 18:00", "bo"), ("Tue 08:00", None),
    ]  # fmt: skip


def test_the_newest_override_counts_and_one_in_somebodys_place_only_takes_that_persons_time() -> None:
    weekly = Rotation.model_validate(
        {"name": "oncall", "title": "On call", "people": ["ana", "bo"], "starts": "2026-11-02", "at": "00:00"}
    )
    monday = datetime(2026, 11, 9, tzinfo=UTC)  # ana before, bo after
    hour = timedelta(hours=1)
    swap = Override("oncall", "cleo", monday - 5 * hour, monday + 5 * hour, id=1, instead_of="ana")
    newer = Override("oncall", "dmitri", monday - 2 * hour, monday + 2 * hour, id=2)
    other = Override("other", "esha", monday - 9 * hour, monday + 9 * hour, id=3)
    made = shifts(weekly, zone="UTC", overrides=[newer, other, swap], since=monday - 6 * hour, until=monday + 6 * hour)
    assert [(one.person, (one.begins - monday) / hour, one.override) for one in made] == [
        ("ana", -6, None), ("cleo", -5, swap), ("dmitri", -2, newer), ("bo", 2, None),
    ]  # fmt: skip
    assert on_call(weekly, zone="UTC", overrides=[newer, other, swap], now=monday + hour) == "dmitri"


def test_a_layer_takes_what_it_leaves_out_from_its_rotation() -> None:
    own = {"turn": "2 weeks", "day": "wed", "starts": "2026-01-07", "at": "10:30", "timezone": "Asia/Kathmandu"}
    (one, two) = lines(
        named(
            [{"name": "a", "people": ["ana"]}, {"name": "b", "people": ["bo"], "turn": "daily", "at": "11:00"}], **own
        ),
        "UTC",
    )
    assert (one.days, str(one.zone), one.clock, one.starts) == (14, "Asia/Kathmandu", time(10, 30), date(2026, 1, 7))
    assert (two.days, str(two.zone), two.clock, two.starts) == (1, "Asia/Kathmandu", time(11), date(2026, 1, 7))


@pytest.mark.parametrize(
    ("turn", "kept"),
    [
        ("1 week", "weekly"),
        ("every 1 day", "daily"),
        ("2 weeks", "2 weeks"),
        ("every 3 days", "3 days"),
        ("7days", "7 days"),
    ],
)
def test_a_length_of_turns_is_kept_in_one_way(turn: str, kept: str) -> None:
    assert named([{"name": "a", "people": ["ana"]}], turn=turn).turn == kept


@pytest.mark.parametrize(
    "wrong",
    [
        {"turn": "monthly"}, {"turn": "0 days"}, {"turn": 3}, {"hours": "nights"}, {"hours": [{"days": []}]},
        {"hours": [{"from_": "09:00"}]}, {"layers": [{"name": "a", "people": []}]},
    ],
)  # fmt: skip
def test_what_no_rotation_can_be_is_refused(wrong: dict[str, Any]) -> None:
    right = {"name": "oncall", "title": "On call", "starts": "2026-01-05", "layers": [{"name": "a", "people": ["ana"]}]}
    assert Rotation.model_validate(right).everybody == ("ana",)
    with pytest.raises(ValidationError):
        Rotation.model_validate(right | wrong)


def test_a_rotation_that_was_kept_is_read_again_also_with_hours_in_words() -> None:
    one = named(SUN)
    assert Rotation.model_validate_json(one.model_dump_json(), context=KEPT, by_alias=True, by_name=True) == one
    old = {"name": "oncall", "title": "On call", "people": ["ana"], "starts": "2026-01-05"}
    assert Rotation.model_validate(old | {"hours": "nights"}, context=KEPT).hours == ()
    assert Rotation.model_validate(old | {"hours": ""}).hours == ()
