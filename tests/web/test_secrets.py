"""Who may come in: the secret in each of the three ways, the sender's own signature, a certificate, and nobody else."""

import base64
from urllib.parse import quote

import pytest

from adapters.web.secrets import without
from bot.alerts.source import Delivery, Handshake
from tests.web.conftest import Building
from tests.web.house import FIRING, SECRET, Greeter, House, Signer

ALERT = b'{"name": "disk"}'


def basic(user: str, password: str) -> str:
    """What Basic authentication sends."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@pytest.mark.parametrize("way", ["Bearer", "bearer", "Basic", "query", "pasted"])
async def test_the_secret_opens_in_each_way_that_senders_have(home: House, way: str) -> None:
    path, headers = "/alerts/alertmanager", {}
    if way == "Basic":
        headers["Authorization"] = basic("anybody", SECRET)
    elif way == "query":
        path += f"?secret={quote(SECRET, safe='')}"
    elif way == "pasted":
        path += f"?secret={quote(SECRET, safe='+/=')}"
    else:
        headers["Authorization"] = f"{way}  {SECRET}".encode().decode("latin-1")
    answer = await home.http.post(
        path, content=FIRING, headers=[(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    )
    assert answer.status_code == 202


@pytest.mark.parametrize(
    "wrong", ["", "x", SECRET[:-1], SECRET + "x", SECRET.swapcase(), "ü" * 40, "\udcff", "x" * 5000]
)
@pytest.mark.parametrize("way", ["Bearer", "Basic", "query"])
async def test_a_wrong_secret_is_refused_in_each_of_them(home: House, way: str, wrong: str) -> None:
    raw = wrong.encode("utf-8", "surrogateescape")
    path, headers = "/alerts/alertmanager", []
    if way == "query":
        path += f"?secret={quote(raw)}"
    else:
        value = base64.b64encode(b"me:" + raw) if way == "Basic" else raw
        headers = [(b"Authorization", (way.encode() + b" " + value).strip())]
    answer = await home.http.post(path, content=FIRING, headers=headers)
    assert (answer.status_code, "WEBHOOK_SECRET" in answer.json()["error"]) == (403, True)
    assert await home.depth() == 0
    assert await home.inbox.strange() == [], "what strangers send is not kept"
    assert await home.counted("alertmanager", "refused") == 1


@pytest.mark.parametrize("header", ["Basic ???", "Basic", "Basic eA==", "Bearer"])
async def test_half_a_credential_is_a_wrong_one(home: House, header: str) -> None:
    assert (await home.knock(secret=None, Authorization=header)).status_code == 403


async def test_no_secret_is_asked_for_before_the_body_is_read(home: House) -> None:
    answer = await home.knock(body=b" " * 3_000_000, secret=None)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer realm="Tocsin"')
    assert "?secret=" in answer.json()["error"]
    assert (await home.knock(secret=None, Authorization="Digest x")).status_code == 401


async def test_without_any_secret_set_the_doors_are_closed(building: Building) -> None:
    async with building(general="") as closed:
        for secret in (None, "", "guess"):
            for path in ("/alerts/alertmanager", "/alerts/pagerduty", "/alerts/cloudwatch"):
                answer = await closed.knock(path, ALERT, secret=secret, **{"X-Signature": Signer.sign(ALERT, "")})
                assert answer.status_code == 403
                assert "Set WEBHOOK_SECRET" in answer.json()["error"]
        assert await closed.depth() == 0


async def test_a_signature_suffices_keyed_by_the_senders_own_secret_or_else_the_general_one(building: Building) -> None:
    cases: list[tuple[str, dict[str, str], str, int]] = [
        ("general", {}, "general", 202),
        ("general", {"pagerduty": "own"}, "own", 202),
        ("general", {"pagerduty": "own"}, "general", 403),
        ("", {"pagerduty": "own"}, "own", 202),
    ]
    for general, own, key, status in cases:
        async with building(general=general, own=own) as built:
            answer = await built.knock(
                "/alerts/pagerduty", ALERT, secret=None, **{"X-Signature": Signer.sign(ALERT, key)}
            )
            assert answer.status_code == status, (general, own, key)
            assert await built.depth() == (status == 202)


async def test_a_senders_own_secret_opens_no_door_by_itself(building: Building) -> None:
    async with building(own={"pagerduty": "own", "alertmanager": "own"}) as built:
        assert (await built.knock("/alerts/pagerduty", ALERT, secret="own")).status_code == 403
        assert (await built.knock("/alerts/alertmanager", secret="own")).status_code == 403


async def test_an_empty_secret_fits_nothing_where_only_a_senders_own_is_set(building: Building) -> None:
    async with building(general="", own={"pagerduty": "own", "alertmanager": "own"}) as built:
        for path in ("/alerts/pagerduty", "/alerts/alertmanager", "/alerts/alertmanager?secret="):
            assert (await built.knock(path, ALERT, secret="")).status_code == 403
            assert (await built.knock(path, ALERT, secret=None, Authorization=basic("me", ""))).status_code == 403


def test_a_source_does_not_see_what_opened_the_door() -> None:
    head = Delivery(b"", {"authorization": "Bearer s", "host": "h"}, {"secret": "s", "monitorID": "7"})
    assert without(head, b"body") == Delivery(b"body", {"host": "h"}, {"monitorID": "7"})


async def test_the_secret_suffices_where_the_sender_would_sign(home: House) -> None:
    assert (await home.knock("/alerts/pagerduty", ALERT)).status_code == 202


@pytest.mark.parametrize("signature", ["", "0" * 64, "é", Signer.sign(b"another body", SECRET)])
async def test_a_wrong_signature_is_refused(home: House, signature: str) -> None:
    headers = {"X-Signature": signature.encode()} if signature else {}
    answer = await home.knock("/alerts/pagerduty", ALERT, secret=None, **headers)
    assert (answer.status_code, "WEBHOOK_SECRET_PAGERDUTY" in answer.json()["error"]) == (403, True)
    assert await home.depth() == 0


async def test_a_certificate_is_fetched_and_has_to_fit(building: Building) -> None:
    assert isinstance(Greeter(), Handshake)
    async with building(own={"cloudwatch": "topic"}) as built:
        fits = {"X-Certificate": "pem", "X-Topic": "topic"}
        assert (await built.knock("/alerts/cloudwatch", ALERT, secret=None, **fits)).status_code == 403
        built.pages.kept["https://sender.example/certificate"] = b"pem"
        assert (await built.knock("/alerts/cloudwatch", ALERT, secret=None, **fits)).status_code == 202
        other = {**fits, "X-Topic": "another"}
        assert (await built.knock("/alerts/cloudwatch", ALERT, secret=None, **other)).status_code == 403
        built.pages.gone = True
        assert (await built.knock("/alerts/cloudwatch", ALERT, secret=None, **fits)).status_code == 503
        assert (await built.knock("/alerts/cloudwatch", ALERT)).status_code == 202, "the secret needs no certificate"
        assert await built.depth() == 2


async def test_a_known_sender_that_asks_whether_it_may_send_is_answered(home: House) -> None:
    ask = b'{"visit": "https://sender.example/confirm"}'
    assert (await home.knock("/alerts/cloudwatch", ask, secret="guess")).status_code == 403
    assert home.pages.asked == []
    assert (await home.knock("/alerts/cloudwatch", ask)).status_code == 422, "the sender took the answer back"
    home.pages.kept["https://sender.example/confirm"] = b"confirmed"
    answer = await home.knock("/alerts/cloudwatch", ask)
    assert (answer.status_code, answer.json()) == (202, {"accepted": 0})
    home.pages.gone = True
    assert (await home.knock("/alerts/cloudwatch", ask)).status_code == 503, "it will ask again"
    assert await home.depth() == 0
