"""Which incidents are asked for: words, severity, component and dates in words, in the zone of whoever types them."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from adapters.memory import MemoryStore
from bot.commands import wanted
from bot.errors import Mistake
from bot.people import Person
from bot.reader import Sought
from bot.scene import Scene
from tests.support.story import acquainted

PARIS, AUCKLAND, CHICAGO = ZoneInfo("Europe/Paris"), ZoneInfo("Pacific/Auckland"), ZoneInfo("America/Chicago")
NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
Setting = Callable[..., Scene]


@pytest.fixture
async def setting() -> Setting:
    """Sets scenes in which somebody of a zone types."""

    def make(zone: ZoneInfo = PARIS, *, now: datetime = NOW, components: tuple[str, ...] = ()) -> Scene:
        store = MemoryStore()
        actor = Person(key="ana", name="Ana", timezone=zone.key)
        playbook = acquainted(components=components)
        return Scene(
            now=now, actor=actor, playbook=playbook, work=store.work(), reader=store.reader,  # type: ignore[arg-type]
            platforms=("slack",), holidays=lambda *_: None, playbooks=(playbook,),
        )  # fmt: skip

    return make


def day(year: int, month: int, day: int, zone: ZoneInfo = PARIS) -> datetime:
    """When a day begins."""
    return datetime(year, month, day, tzinfo=zone)


@pytest.mark.parametrize(
    ("words", "since", "until"),
    [
        ("since october", day(2026, 10, 1), None),
        ("since november", day(2026, 11, 1), None),
        ("since december", day(2025, 12, 1), None),
        ("since 2026-01", day(2026, 1, 1), None),
        ("since 2025", day(2025, 1, 1), None),
        ("since october 2025", day(2025, 10, 1), None),
        ("since 2026-10-03", day(2026, 10, 3), None),
        ("since 3 october", day(2026, 10, 3), None),
        ("since oct 3", day(2026, 10, 3), None),
        ("since monday", day(2026, 11, 16), None),
        ("since yesterday", day(2026, 11, 19), None),
        ("since today", day(2026, 11, 20), None),
        ("since last week", day(2026, 11, 9), None),
        ("since this week", day(2026, 11, 16), None),
        ("since last month", day(2026, 10, 1), None),
        ("since last year", day(2025, 1, 1), None),
        ("since 2 weeks ago", day(2026, 11, 6), None),
        ("since a month ago", day(2026, 10, 20), None),
        ("since 30 days", day(2026, 10, 21), None),
        ("Since: October", day(2026, 10, 1), None),
        ("until october", None, day(2026, 11, 1)),
        ("until 2026-10-03", None, day(2026, 10, 4)),
        ("until yesterday", None, day(2026, 11, 20)),
        ("before october", None, day(2026, 10, 1)),
        ("after october", day(2026, 11, 1), None),
        ("in march 2026", day(2026, 3, 1), day(2026, 4, 1)),
        ("in 2025", day(2025, 1, 1), day(2026, 1, 1)),
        ("on 2026-10-25", day(2026, 10, 25), day(2026, 10, 26)),
        ("between september and october", day(2026, 9, 1), day(2026, 11, 1)),
        ("between 2026-10-03 and 3 november", day(2026, 10, 3), day(2026, 11, 4)),
        ("since september until october", day(2026, 9, 1), day(2026, 11, 1)),
        ("since 2 hours ago", NOW.replace(hour=12), None),
        ("since 10d", day(2026, 11, 10), None),
        ("since 9am", NOW.replace(hour=8), None),
    ],
)
def test_dates_in_words_are_days_weeks_months_and_years_of_the_person(
    setting: Setting, words: str, since: datetime | None, until: datetime | None
) -> None:
    assert wanted.read(words, setting()) == Sought(since=since, until=until)


def test_a_day_is_the_persons_own_also_when_it_has_23_or_25_hours(setting: Setting) -> None:
    late = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)  # already the 21st in Auckland
    assert wanted.read("since today", setting(AUCKLAND, now=late)).since == day(2026, 11, 21, AUCKLAND)
    assert wanted.read("since today", setting(CHICAGO, now=late)).since == day(2026, 11, 20, CHICAGO)
    short, long = (wanted.read(f"on {date}", setting()) for date in ("2026-03-29", "2026-10-25"))
    for sought, hours in ((short, 23), (long, 25)):
        assert sought.since is not None and sought.until is not None
        assert (sought.until.astimezone(UTC) - sought.since.astimezone(UTC)).total_seconds() == hours * 3600


def test_words_severity_component_and_dates_go_together_in_any_order(setting: Setting) -> None:
    october = day(2026, 10, 1)
    everything = Sought("checkout timeout", frozenset({"sev1"}), "Search API", october)
    scene = setting(components=("Checkout", "Search API"))
    for words in (
        "checkout timeout severity sev1 component search api since october",
        "since october severity SEV 1 checkout component: Search-API timeout",
        "severity p1, component search api, checkout since october timeout",
        "checkout by severity sev1 timeout by component Search API since october",
    ):
        assert wanted.read(words, scene) == everything, words
    assert wanted.read("severity sev1 severity sev2", scene).severities == {"sev1", "sev2"}
    assert wanted.read("component Mail queue", setting()) == Sought("queue", component="Mail")
    assert wanted.read('component "Mail queue"', setting()) == Sought(component="Mail queue")


@pytest.mark.parametrize(
    ("words", "searched"),
    [
        ("errors in checkout", "errors in checkout"),
        ("timeouts between eu and us", "timeouts between eu and us"),
        ("between 3 and 5 nodes", "between 3 and 5 nodes"),
        ("found by ana", "found by ana"),
        ("fails by week", "fails by week"),
        ("down after the deploy", "down after the deploy"),
        ("login on android", "login on android"),
        ('"since october" errors', "since october errors"),
        ("“severity” is wrong", "severity is wrong"),
        ("#42", "#42"),
        ("timeouts in a loop", "timeouts in a loop"),
        ("login on m1", "login on m1"),
        ("redis on 6379", "redis on 6379"),
        ("in", "in"),
        ("", ""),
    ],
)
def test_what_tells_of_no_date_is_a_word(setting: Setting, words: str, searched: str) -> None:
    assert wanted.read(words, setting()) == Sought(searched)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("since the deploy", "I cannot read “the deploy” as a date after `since`. Write it like"),
        ("since", "as a date after `since`"),
        ("since 10/03/2026", "I cannot read “10/03/2026” as a date"),
        ("since 3", "I cannot read “3” as a date"),
        ("until 1st", "as a date after `until`"),
        ("since q3", "I cannot read “q3”"),
        ("since a", "I cannot read “a” as a date"),
        ("since 9999-12-31", "I cannot read “9999-12-31” as a date"),
        ("until december 9999", "“december 9999” is too far away. Write it like"),
        ("on 31 december 9999 23:59", "“31 december 9999 23:59” is too far away."),
        ("since 2027-01", "“2027-01” is still to come."),
        ("since tomorrow", "“tomorrow” is still to come."),
        ("since november until october", "That ends before it begins."),
        ("severity awful", "“awful” is no severity here. There are sev1, sev2, sev3, sev4."),
        ("checkout severity", "Say which severity"),
        ("component mail", "“mail” is no component of the playbook. There are Checkout."),
        ("component since october", "Say which component"),
        ("by severity", "Say which severity"),
        ("between november and october", "That ends before it begins."),
    ],
)
def test_what_is_unclear_is_asked_back_and_never_guessed(setting: Setting, words: str, said: str) -> None:
    with pytest.raises(Mistake) as asked:
        wanted.read(words, setting(components=("Checkout",)))
    assert said in str(asked.value)


def test_figures_take_a_date_alone_for_a_date(setting: Setting) -> None:
    scene = setting()
    assert wanted.read("last week", scene, dates_alone=True) == Sought(since=day(2026, 11, 9), until=day(2026, 11, 16))
    assert wanted.read("checkout", scene, dates_alone=True) == Sought("checkout")
    assert wanted.read("last week", scene) == Sought("last week")


def test_figures_may_be_asked_for_by_what_they_are_counted_by_anyway(setting: Setting) -> None:
    scene, october = setting(), day(2026, 10, 1)
    for words in ("by severity", "by week", "by week by severity"):
        assert wanted.read(words, scene, dates_alone=True) == Sought(), words
    assert wanted.read("by severity since october", scene, dates_alone=True) == Sought(since=october)
    assert wanted.read("by severity sev1", scene, dates_alone=True) == Sought(severities=frozenset({"sev1"}))
