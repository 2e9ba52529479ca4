"""What a bot's post tells: by a sender that is known, by the playbook's patterns, else by a guess from its words."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.alerts.alert import Alert, AlertState, Measure, Posted
from bot.alerts.post import Colour, Part, Post
from bot.alerts.reading import read
from bot.alerts.source import Delivery
from bot.playbook.load import load
from bot.playbook.outside import Alerts, Pattern
from bot.playbook.shape import Playbook
from bot.settings import SHIPPED

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
DEFAULT = load(SHIPPED / "default")
WERKLY = load(SHIPPED / "werkly")
FIRING, TAKEN, CLEARED = AlertState.FIRING, AlertState.ACKNOWLEDGED, AlertState.CLEARED


def post(
    title: str = "",
    text: str = "",
    *,
    author: str = "alerts-bot",
    colour: Colour = Colour.NONE,
    fields: dict[str, str] | None = None,
    reply: bool = False,
    link: str = "",
) -> Post:
    return Post(
        place=Posted(platform="slack", channel="C1", room="alerts", message="1.2", reply=reply),
        key="slack:C1:1.2",
        author=author,
        at=NOON,
        parts=(Part(title=title, text=text, colour=colour, fields=fields or {}, link=link),),
        url="https://example.slack.com/archives/C1/p12",
    )


def one(message: Post, playbook: Playbook = DEFAULT) -> Alert:
    (alert,) = read(message, (), playbook)
    return alert


def taught(*patterns: Pattern) -> Playbook:
    """The default playbook with these patterns."""
    return DEFAULT.model_copy(update={"alerts": Alerts(patterns=patterns)})


class Probe:
    """A sender whose posts begin with its name."""

    name = "probe"
    title = "Probe"

    def read(self, delivery: Delivery) -> list[Alert]:
        return []

    def recognise(self, post: Post) -> list[Alert] | None:
        return [] if post.title.startswith("Probe") else None

    def signed(self, delivery: Delivery, secret: str) -> bool | None:
        return None


def test_whoever_knows_the_sender_is_asked_first_and_may_say_that_it_is_no_alert() -> None:
    assert read(post("Probe: database error"), [Probe()], WERKLY) == []
    assert read(post("Supabase: database error"), [Probe()], WERKLY)[0].source == "supabase"


@pytest.mark.parametrize(
    ("title", "state", "severity"),
    [
        ("[FIRING:2] InstanceDown (node critical)", FIRING, "critical"),
        ("[RESOLVED] InstanceDown (node critical)", CLEARED, "critical"),
        ("[FIRING:2, RESOLVED:1] HighLatency (prod)", FIRING, ""),
        ("[FIRING:1, RESOLVED:0] HighLatency", FIRING, ""),
        ("Recovered: [P1] CPU on host:a", CLEARED, "P1"),
        ("Triggered: [P1] CPU on host:b", FIRING, "P1"),
        ("Checkout acknowledged by ana", TAKEN, ""),
        ("Unacknowledged: checkout", FIRING, ""),
        ("Monitor is UP: checkout", CLEARED, ""),
        ("checkout is back up", CLEARED, ""),
        ("Heads up: the disk is filling", FIRING, ""),
        ("Sign up errors", FIRING, ""),
        ("checkout: back to normal", CLEARED, ""),
        ("Unresolved issue in checkout", FIRING, ""),
        ("checkout is not resolved", FIRING, ""),
        ("checkout is not yet healthy", FIRING, ""),
        ("resolved:0 checkout", FIRING, ""),
        ("checkout is unhealthy", FIRING, ""),
        ("Connection closed by the database", FIRING, ""),
        ("Pool closed unexpectedly", FIRING, ""),
        ("Ticket #12 closed", CLEARED, ""),
        ("SEV-2: checkout is slow", FIRING, "SEV-2"),
        ("CPU high on api", FIRING, ""),
    ],
)
def test_the_words_of_the_title_say_how_it_stands(title: str, state: AlertState, severity: str) -> None:
    alert = one(post(title))

    assert (alert.state, alert.severity, alert.sure, alert.source) == (state, severity, False, "post")


def test_the_body_never_says_that_it_is_over() -> None:
    assert one(post("checkout", "This was resolved last week. Unresolved issue.")).state is FIRING
    assert one(post("checkout", colour=Colour.GREEN)).state is CLEARED
    assert one(post("checkout is down", colour=Colour.GREEN)).state is FIRING


def test_a_guess_keeps_one_alert_for_what_stays_the_same_in_its_titles() -> None:
    def key(title: str, author: str = "cron") -> str:
        return one(post(title, author=author)).key

    assert key("[FIRING:2] InstanceDown (node critical)") == key("[RESOLVED] InstanceDown (node critical)")
    assert key("Queue depth 1,204 on jobs: problem") == key("OK: Queue depth 12 on jobs")
    assert key("Disk of db-1 at 93%") == key("Disk of db-1 at 97%")
    assert key("Disk of db-1 at 93%") != key("Disk of db-2 at 93%")
    assert key("Triggered: [P1] CPU on host:b") != key("Recovered: [P1] CPU on host:a")
    assert key("10.0.0.1 is down") != key("10.0.0.2 is down")
    assert key("backup failed") != key("backup failed", author="someone else")
    assert key("OK") == "post:cron:ok"


def test_fields_and_links_of_a_post_are_kept() -> None:
    alert = one(
        post("checkout is down", fields={"Severity": "high", "Service": "checkout"}, link="https://x.example/1")
    )

    assert (alert.severity, alert.component, alert.link) == ("high", "checkout", "https://x.example/1")
    assert alert.labels == {"Severity": "high", "Service": "checkout"}
    assert (alert.started_at, alert.delivery, alert.posted) == (NOON, "slack:C1:1.2", post().place)
    assert one(post("[FIRING:1] Slow (api)", "- severity = critical")).severity == "critical"
    assert one(post("[FIRING:1] Slow (api)")).title == "Slow (api)"


def test_figures_that_a_post_states_are_measures_for_the_thresholds_of_a_playbook() -> None:
    assert one(post("Function error", "Error rate: 7.5 %"), WERKLY).measures == {Measure.ERRORS: 7.5}
    assert one(post("api is slow", "Response time is 12 s")).measures == {Measure.RESPONSE: 12}
    assert one(post("OK: api", "Response time is 12 s")).measures == {}


def test_talk_in_threads_and_other_incident_bots_are_left_alone() -> None:
    assert read(post("Looking into it", reply=True), (), DEFAULT) == []
    assert one(post("checkout recovered", reply=True)).state is CLEARED
    for author in ("incident.io", "Rootly", "FireHydrant", "Tocsin"):
        assert read(post("SEV1 checkout is down", author=author), (), DEFAULT) == []
    assert read(post(), (), DEFAULT) == []


@pytest.mark.parametrize(
    ("fires", "ends", "source"),
    [
        ("Deployment failed: werkly-app (main)", "Deployment ready: werkly-app (main)", "vercel"),
        ("Build error in werkly-app", "deployment of werkly-app is Ready", "vercel"),
        ("Supabase: project werkly is unhealthy", "Supabase: project werkly is healthy again", "supabase"),
        ("Database paused", "Project restored", "supabase"),
    ],
)
def test_what_werkly_reads_of_vercel_and_supabase_clears_under_the_key_it_fired_with(
    fires: str, ends: str, source: str
) -> None:
    firing, cleared = one(post(fires, author="relay"), WERKLY), one(post(ends, author="relay"), WERKLY)

    assert (firing.state, cleared.state) == (FIRING, CLEARED)
    assert (firing.source, cleared.source) == (source, source)
    assert firing.key == cleared.key
    assert firing.title.casefold() == fires.casefold()
    assert firing.sure


def test_a_pattern_with_a_key_or_a_component_keeps_an_alert_for_each() -> None:
    keyed = taught(
        Pattern(name="jobs", pattern=r"(?P<title>job (?P<key>\d+) failed)", clears=r"job (?P<key>\d+) is fine")
    )
    assert one(post("job 7 failed"), keyed).key == one(post("job 7 is fine"), keyed).key == "jobs:key:7"
    assert one(post("job 8 failed"), keyed).key != "jobs:key:7"

    hosts = taught(Pattern(name="hosts", pattern=r"(?P<title>\[(?:UP|DOWN)\] (?P<component>[\w-]+))", clears=r"\[UP\]"))
    up, down = one(post("[UP] db-1"), hosts), one(post("[DOWN] db-1"), hosts)
    assert (up.state, down.state) == (CLEARED, FIRING)
    assert up.key == down.key == "hosts:component:db-1"
    assert up.component == "db-1"

    endless = taught(Pattern(name="cron", pattern=r"(?P<title>cron [\w ]+ failed.*)"))
    assert one(post("cron night failed"), endless).key != one(post("cron day failed"), endless).key


def test_a_pattern_reads_what_its_groups_name() -> None:
    full = taught(
        Pattern(
            name="shop",
            pattern=r"(?P<severity>\w+) in (?P<component>\w+): (?P<title>.+) \((?P<url>https://\S+)\)",
        )
    )
    alert = one(post("", "Trouble!\nmajor in cart: orders are lost (https://shop.example/1)"), full)

    assert (alert.severity, alert.component, alert.title) == ("major", "cart", "orders are lost")
    assert (alert.link, alert.state, alert.started_at) == ("https://shop.example/1", FIRING, NOON)


def test_a_pattern_that_takes_for_ever_is_given_up_soon_and_told_of_once() -> None:
    slow = taught(
        Pattern(name="slow", pattern=r"(?P<title>(?:a|a)+(?:a|aa)+b)"),
        Pattern(name="quick", pattern=r"(?P<title>a+)"),
    )
    began = time.process_time()
    with capture_logs() as logs:
        alerts = [one(post("", "a" * 100_000), slow) for _ in range(3)]

    assert {alert.source for alert in alerts} == {"quick"}
    assert [line["pattern"] for line in logs] == ["slow"]
    assert time.process_time() - began < 1.5


def test_only_the_beginning_of_a_post_is_looked_at() -> None:
    late = taught(Pattern(name="late", pattern=r"(?P<title>needle)"))

    assert one(post("x", "y" * 5000 + " needle"), late).source == "post"
    assert one(post("x", "y" * 3000 + " needle"), late).source == "late"


@pytest.mark.parametrize("long", ["(" * 50_000, "[" * 50_000, "- " * 50_000, " " * 100_000, "up un not " * 10_000])
def test_no_words_take_longer_than_a_moment(long: str) -> None:
    began = time.process_time()
    for message in (post(long), post("down", long), post(f"{long} down")):
        read(message, (), WERKLY)

    assert time.process_time() - began < 2


WORDS = st.sampled_from(
    [
        "up",
        "UP",
        "down",
        "resolved",
        "un",
        "not ",
        "[",
        "]",
        "(",
        ":",
        "93%",
        "1.2.3.4",
        "\n",
        "\x00",
        "é",
        "🔥",
        "ok",
        " ",
    ]
)
TEXT = st.lists(WORDS | st.text(max_size=4), max_size=12).map("".join)


@settings(deadline=None, max_examples=150)
@given(
    title=TEXT, text=TEXT, author=TEXT, link=TEXT, reply=st.booleans(), fields=st.dictionaries(TEXT, TEXT, max_size=3)
)
def test_whatever_a_post_says_it_is_read_and_never_a_fault(
    title: str, text: str, author: str, link: str, reply: bool, fields: dict[str, str]
) -> None:
    message = post(title, text, author=author, link=link, reply=reply, fields=fields)

    for playbook in (DEFAULT, WERKLY):
        for alert in read(message, (), playbook):
            assert Alert.model_validate_json(alert.model_dump_json()) == alert
            assert alert.key.startswith(f"{alert.source}:")
            assert (alert.posted, alert.delivery) == (message.place, message.key)
