"""Every source of alerts keeps the same promises. A source joins by a table beside this file, named as it is."""

import json
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.alerts.alert import Alert, AlertState
from bot.alerts.post import Part, Post
from bot.alerts.source import Delivery, NotUnderstood
from tests.support.posts import discord_post, slack_post
from tests.support.sources import Sample, Table, tables

TABLES = list(tables().values())
SECRET = "a secret of the sender's"
MOMENT = 1.0
"""Seconds of the processor's time."""
GARBAGE: dict[str, bytes] = {
    "nothing": b"",
    "null": b"null",
    "an empty list": b"[]",
    "an empty object": b"{}",
    "a word": b'"alert"',
    "a number": b"7",
    "not JSON": b"<html><body>502 Bad Gateway</body></html>",
    "another encoding": '{"title": "Zähler"}'.encode("utf-16"),
    "Latin-1": '{"title": "Zähler"}'.encode("latin-1"),
    "bytes": bytes(range(256)),
    "deep lists": b"[" * 100_000,
    "deep objects": b'{"alerts":' * 50_000,
    "a huge number": b'{"status": ' + b"9" * 6_000 + b"}",
    "no number": b'{"status": NaN, "alerts": Infinity}',
    "half a character": b'{"title": "\\ud800"}',
}
WRONG: tuple[Any, ...] = ([1], {}, None, True, {"a": [{"b": None}]})

settings.register_profile("sources", deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
modest = settings.get_profile("sources")


def _named(table: Table) -> str:
    return table.source.name


def _each(kind: str) -> list[Any]:
    return [
        pytest.param(table, sample, id=f"{table.source.name}-{sample.file}")
        for table in TABLES
        for sample in (table.webhooks if kind == "webhooks" else table.posts)
    ]


every = pytest.mark.parametrize("table", TABLES, ids=_named)


def _read(table: Table, sample: Sample) -> list[Alert]:
    """What a sample tells of, whichever way it came."""
    if sample in table.posts:
        found = table.source.recognise(table.post(sample))
        assert found is not None, f"{sample.file} is not recognised"
        return found
    return table.source.read(table.delivery(sample))


def _holds(alerts: list[Alert], sample: Sample) -> None:
    if not sample.tells:
        assert alerts == []
        return
    assert len(alerts) == 1
    assert {name: getattr(alerts[0], name) for name in sample.tells} == dict(sample.tells)


@pytest.mark.parametrize(("table", "sample"), _each("webhooks"))
def test_a_webhook_tells_what_its_sender_meant(table: Table, sample: Sample) -> None:
    alerts = table.source.read(table.delivery(sample))

    _holds(alerts, sample)
    for alert in alerts:
        assert alert.source == table.source.name
        assert alert.key.startswith(f"{alert.source}:")
        assert alert.posted is None
        assert alert.sure


@pytest.mark.parametrize(("table", "sample"), _each("posts"))
def test_a_post_in_chat_tells_what_its_sender_meant(table: Table, sample: Sample) -> None:
    post = table.post(sample)

    alerts = table.source.recognise(post)

    assert alerts is not None
    _holds(alerts, sample)
    for alert in alerts:
        assert alert.source == table.source.name
        assert alert.key.startswith(f"{alert.source}:")
        assert (alert.posted, alert.delivery) == (post.place, post.key)
        assert alert.sure


@every
def test_one_alert_has_one_key_by_webhook_and_in_chat_firing_and_cleared(table: Table) -> None:
    for files in table.one:
        alerts = [_read(table, table.sample(file))[0] for file in files]

        assert len({alert.key for alert in alerts}) == 1, [alert.key for alert in alerts]
        assert {alert.state for alert in alerts} >= {AlertState.FIRING, AlertState.CLEARED}
    for one, other in table.apart:
        assert _read(table, table.sample(one))[0].key != _read(table, table.sample(other))[0].key


@every
def test_the_table_says_enough(table: Table) -> None:
    said = {name for sample in table.samples for name in sample.tells}

    assert {"state", "title", "severity", "component", "link"} <= said
    assert sorted(path.name for path in table.room.glob("*.*")) == sorted(sample.file for sample in table.samples)
    assert (table.home / "README.md").exists()


@every
@pytest.mark.parametrize("what", GARBAGE, ids=lambda what: what.replace(" ", "-"))
def test_garbage_is_refused_with_a_sentence(table: Table, what: str) -> None:
    with pytest.raises(NotUnderstood) as said:
        table.source.read(Delivery(body=GARBAGE[what], headers=dict(table.webhooks[0].headers)))

    assert str(said.value).strip()


@pytest.mark.parametrize(("table", "sample"), _each("webhooks"))
def test_a_body_that_was_cut_off_is_refused(table: Table, sample: Sample) -> None:
    body = table.body(sample)
    if not body.lstrip().startswith(b"{"):
        return

    for length in {1, len(body) // 3, len(body) // 2, len(body.rstrip()) - 1}:
        with pytest.raises(NotUnderstood):
            table.source.read(table.delivery(sample, body=body[:length]))


@pytest.mark.parametrize(("table", "sample"), _each("webhooks"))
@pytest.mark.parametrize("wrong", WRONG, ids=json.dumps)
def test_fields_of_a_wrong_kind_are_refused(table: Table, sample: Sample, wrong: Any) -> None:
    body = table.body(sample)
    if not body.lstrip().startswith(b"{"):
        return

    with pytest.raises(NotUnderstood):
        table.source.read(table.delivery(sample, body=json.dumps(dict.fromkeys(json.loads(body), wrong)).encode()))


@every
def test_what_another_sender_sends_is_not_understood(table: Table) -> None:
    for other in TABLES:
        if other is table or table.reads_all:
            continue
        for sample in other.webhooks:
            with pytest.raises(NotUnderstood):
                table.source.read(other.delivery(sample))
                pytest.fail(f"{table.source.name} reads {other.source.name}'s {sample.file}")
        for sample in other.posts:
            assert table.source.recognise(other.post(sample)) is None, f"{other.source.name}'s {sample.file}"


@every
def test_what_people_and_other_bots_write_is_not_recognised(table: Table) -> None:
    for text in (
        "",
        "db is down",
        "Deployed checkout 1.2.3 (critical fix)",
        "[RESOLVE] please",
        "Unresolved issue",
        "[]()",
        "SEV1 checkout is down: Resolved",
    ):
        assert table.source.recognise(slack_post({"text": text, "username": "deploybot"})) is None
        assert table.source.recognise(discord_post({"content": text, "author": {"username": "ana"}})) is None


@every
def test_a_signature_fits_only_its_own_body_and_secret(table: Table) -> None:
    sample = table.webhooks[0]
    body = table.body(sample)
    if table.sign is None:
        assert table.source.signed(table.delivery(sample), SECRET) is None
        return
    headers = {**sample.headers, **table.sign(body, SECRET)}

    assert table.source.signed(Delivery(body=body, headers=headers), SECRET) is True
    assert table.source.signed(Delivery(body=body + b" ", headers=headers), SECRET) is False
    assert table.source.signed(Delivery(body=body, headers=headers), "another") is False
    assert table.source.signed(Delivery(body=body, headers=dict(sample.headers)), SECRET) is False
    for name in table.sign(body, SECRET):
        for broken in ("", "ä", "v1=", "sha256=", ",", "\ud800", "0" * 64):
            assert table.source.signed(Delivery(body=body, headers={**headers, name: broken}), SECRET) is False


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.sampled_from(
        ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "firing", "resolved", "https://x", "\x00", "(" * 40]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def _places(value: Any, so_far: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [so_far, *(place for key, held in inside for place in _places(held, (*so_far, key)))]


def _put(value: Any, place: tuple[Any, ...], new: Any) -> Any:
    if not place:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[place[0]] = _put(copy[place[0]], place[1:], new)
    return copy


def _changed(data: st.DataObject, value: Any) -> Any:
    """The same with some of it replaced."""
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.sampled_from(_places(value)))
        value = _put(value, place, data.draw(JSON))
    return value


@every
@modest
@given(data=st.data())
def test_a_changed_webhook_is_read_or_refused_and_never_a_fault(table: Table, data: st.DataObject) -> None:
    known = [one for one in table.webhooks if table.body(one).lstrip().startswith(b"{")]
    sample = data.draw(st.sampled_from(known))
    body = json.dumps(_changed(data, json.loads(table.body(sample)))).encode()

    try:
        alerts = table.source.read(table.delivery(sample, body=body))
    except NotUnderstood:
        return
    for alert in alerts:
        assert "\x00" not in alert.model_dump_json(), alert
        assert Alert.model_validate_json(alert.model_dump_json()) == alert


@every
@modest
@given(data=st.data())
def test_a_changed_post_is_read_or_left_and_never_a_fault(table: Table, data: st.DataObject) -> None:
    if not table.posts:
        return
    post = table.post(data.draw(st.sampled_from(table.posts)))
    parts = [_spoilt(data, part) for part in post.parts]
    for alert in table.source.recognise(post.model_copy(update={"parts": tuple(parts)})) or []:
        assert Alert.model_validate_json(alert.model_dump_json()) == alert


def _spoilt(data: st.DataObject, part: Part) -> Part:
    name = data.draw(st.sampled_from(["title", "text", "footer", "link"]))
    held: str = getattr(part, name)
    cut = data.draw(st.integers(0, len(held)))
    return part.model_copy(update={name: held[:cut] + data.draw(st.text(max_size=20)) + held[cut:]})


LONG = (
    "(" * 50_000,
    ")" * 50_000,
    "[FIRING:1] " + "a (" * 20_000,
    "x " * 50_000,
    " - a = b\n" * 20_000,
    "Labels:\n" * 30_000,
    "1." * 50_000,
    "https://" * 10_000,
    "[" * 50_000,
    " " * 100_000,
    "-" * 100_000,
    "error rate " * 10_000,
    "@" * 50_000 + "!",
    "https://x/incidents/" * 5_000,
)


@every
@pytest.mark.parametrize("long", LONG, ids=lambda long: repr(long[:12]))
def test_nothing_takes_longer_than_a_moment(table: Table, long: str) -> None:
    began = time.process_time()

    for sample in table.posts:
        post = table.post(sample)
        for name in ("title", "text"):
            parts = tuple(part.model_copy(update={name: getattr(part, name) + long}) for part in post.parts)
            table.source.recognise(post.model_copy(update={"parts": parts}))
            table.source.recognise(_only(post, **{name: long}))
    for sample in table.webhooks:
        if table.body(sample).lstrip().startswith(b"{"):
            _read_with(table, sample, long)

    assert time.process_time() - began < MOMENT * len(table.samples)


def _only(post: Post, **said: str) -> Post:
    return post.model_copy(update={"parts": (Part(**said),)})


def _read_with(table: Table, sample: Sample, long: str) -> None:
    body = json.loads(table.body(sample))
    texts = [place for place in _places(body) if place and isinstance(_at(body, place), str)]
    for place in texts[:40]:
        try:
            table.source.read(table.delivery(sample, body=json.dumps(_put(body, place, long)).encode()))
        except NotUnderstood:
            continue


def _at(value: Any, place: tuple[Any, ...]) -> Any:
    for key in place:
        value = value[key]
    return value
