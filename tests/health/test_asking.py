"""Health checks against a real service on this machine, through the real client."""

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import pytest

from adapters.health.adapter import HealthAdapter
from adapters.health.addresses import is_public
from bot.errors import TryLater
from bot.intents import Asking, Probe
from bot.learned import Met, Probed, Reading
from bot.playbook.help import HealthCheck
from bot.ports import Job
from tests.support.learner import Learner
from tests.support.service import Service

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HERE = ("127.0.0.1",)
"""This machine may be asked."""


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    """A service that is well."""
    async with Service() as made:
        yield made


def probe(*checks: HealthCheck, hosts: tuple[str, ...] = HERE) -> Job:
    """A probe on its way."""
    asked = Probe(run=1, checks=checks, allowed_hosts=hosts, why=Asking.CHECK, asked_at=NOON)
    return Job("7/probe/1", asked, 7, NOON)


async def readings(
    *checks: HealthCheck, hosts: tuple[str, ...] = HERE, named: dict[str, list[str]] | None = None
) -> dict[str, Reading]:
    """What these checks are told; ``named`` are the names that are known, this machine's own where left out."""

    def look_up(host: str, port: int) -> list[str]:
        if named is None or host not in named:
            raise OSError("no such name")
        return named[host]

    adapter = HealthAdapter() if named is None else HealthAdapter(look_up)
    ear = Learner()
    await adapter.start(ear)
    try:
        assert await adapter.platform.perform(probe(*checks, hosts=hosts)) is None
    finally:
        await adapter.stop()
    (came,) = ear.learned
    assert isinstance(came, Probed)
    return came.readings


async def reading(check: HealthCheck, **more: object) -> Reading:
    """What one check is told."""
    return (await readings(check, **more))[check.name]  # type: ignore[arg-type]


async def test_a_healthy_service_is_told_with_its_status_and_time(service: Service) -> None:
    told = await reading(service.check())
    assert (told.met, told.status, told.words) == (Met.ANSWER, 200, True) and 0 < told.seconds < 2
    head = service.heard[0]
    assert head.startswith("GET /healthz HTTP/1.1") and f"Host: 127.0.0.1:{service.port}" in head
    assert "authorization" not in head.lower() and "cookie" not in head.lower()


@pytest.mark.parametrize("method", ["HEAD", "POST"])
async def test_the_method_is_the_playbooks(service: Service, method: str) -> None:
    await reading(service.check(method=method))
    assert service.heard[0].startswith(f"{method} /healthz")


async def test_a_service_in_trouble_is_told_with_its_status(service: Service) -> None:
    service.status = 503
    told = await reading(service.check())
    assert (told.met, told.status) == (Met.ANSWER, 503)


async def test_the_words_must_stand_in_the_body(service: Service) -> None:
    told = await readings(
        service.check("right", contains="all is well"), service.check("wrong", contains="everything is broken")
    )
    assert told["right"].words and not told["wrong"].words


async def test_only_the_beginning_of_a_huge_body_is_read(service: Service) -> None:
    service.body = b"x" * 40_000_000 + b"ready"
    told = await reading(service.check(contains="ready"))
    assert told.met is Met.ANSWER and not told.words
    assert service.gone < 20_000_000
    service.body = b"x" * 65_500 + b"ready" + b"x" * 1_000_000
    assert (await reading(service.check(contains="ready"))).words


async def test_a_packed_body_is_not_unpacked(service: Service) -> None:
    service.headers = {"Content-Encoding": "gzip"}
    assert not (await reading(service.check(contains="ready"))).words
    assert "Accept-Encoding: identity" in service.heard[0]


async def test_a_redirect_is_an_answer_and_not_followed(service: Service) -> None:
    async with Service() as elsewhere:
        service.status, service.headers = 302, {"Location": elsewhere.url}
        told = await reading(service.check())
        assert (told.met, told.status) == (Met.ANSWER, 302) and elsewhere.heard == []


async def test_cookies_are_not_carried_from_one_check_to_the_next(service: Service) -> None:
    service.headers = {"Set-Cookie": "session=secret; Path=/"}
    adapter, ear = HealthAdapter(), Learner()
    await adapter.start(ear)
    await adapter.platform.perform(probe(service.check()))
    await adapter.platform.perform(probe(service.check()))
    await adapter.stop()
    assert len(service.heard) == 2 and "secret" not in service.heard[1]


async def test_who_answers_nothing_is_given_up_in_time_and_holds_up_no_other(service: Service) -> None:
    service.silent = True
    async with Service() as well:
        began = monotonic()
        told = await readings(service.check("slow", timeout="1s"), well.check("quick"))
    assert told["slow"].met is Met.SILENCE and told["quick"].met is Met.ANSWER
    assert 0.9 < monotonic() - began < 3 and told["quick"].seconds < 0.9


async def test_checks_of_one_probe_are_asked_side_by_side(service: Service) -> None:
    service.held = asyncio.Event()
    asked = asyncio.create_task(readings(*(service.check(f"check-{n}") for n in range(20))))
    while len(service.heard) < 20:
        await asyncio.sleep(0.01)
    service.held.set()
    assert all(each.met is Met.ANSWER for each in (await asked).values())


async def test_nobody_at_the_port_and_nonsense_are_told_apart(service: Service) -> None:
    async with Service() as gone:
        left = gone.check("gone")
    service.raw = b"220 mail.example ESMTP\r\n"
    told = await readings(left, service.check("mail"))
    assert told["gone"].met is Met.NO_WAY and told["mail"].met is Met.NONSENSE
    service.raw = b""
    assert (await reading(service.check())).met is Met.NONSENSE


async def test_a_name_without_an_address_is_told(service: Service) -> None:
    check = HealthCheck(name="gone", url="http://gone.example/healthz")
    assert (await reading(check, named={})).met is Met.NO_NAME
    no_punycode = HealthCheck(name="gone", url="https://xn--a/healthz")
    assert (await reading(no_punycode, named={})).met is Met.NO_NAME


async def test_this_machine_is_asked_only_where_the_playbook_allows_it(service: Service) -> None:
    told = await reading(service.check(), hosts=())
    assert (told.met, told.address) == (Met.NOT_ALLOWED, "127.0.0.1") and service.heard == []


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.4", "169.254.169.254", "::1", "::ffff:127.0.0.1"])
async def test_a_public_looking_name_that_leads_inside_is_refused(service: Service, address: str) -> None:
    check = HealthCheck(name="sly", url=f"http://status.example:{service.port}/healthz")
    told = await reading(check, named={"status.example": ["93.184.215.14", address]})
    assert (told.met, told.address) == (Met.NOT_ALLOWED, address) and service.heard == []
    real = HealthCheck(name="sly", url=f"http://localhost:{service.port}/healthz")
    assert (await reading(real)).met is Met.NOT_ALLOWED and service.heard == []


async def test_an_allowed_name_is_connected_at_its_address_and_keeps_its_name(service: Service) -> None:
    check = HealthCheck(name="inside", url=f"http://compute.internal:{service.port}/healthz")
    told = await reading(check, hosts=("Compute.Internal",), named={"compute.internal": ["127.0.0.1"]})
    assert told.met is Met.ANSWER and f"Host: compute.internal:{service.port}" in service.heard[0]


async def test_a_name_that_changes_its_mind_is_looked_up_once(service: Service) -> None:
    asked: list[str] = []

    def look_up(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["192.0.2.1"] if len(asked) > 1 else ["127.0.0.1"]

    adapter, ear = HealthAdapter(look_up), Learner()
    await adapter.start(ear)
    check = HealthCheck(name="fickle", url=f"http://fickle.internal:{service.port}/healthz")
    await adapter.platform.perform(probe(check, hosts=("fickle.internal",)))
    await adapter.stop()
    assert ear.learned[0].readings["fickle"].met is Met.ANSWER and asked == ["fickle.internal"]


async def test_an_address_that_nobody_answers_at_gives_way_to_the_next(service: Service) -> None:
    check = HealthCheck(name="two", url=f"http://two.internal:{service.port}/healthz")
    told = await reading(check, hosts=("two.internal",), named={"two.internal": ["127.0.0.2", "127.0.0.1"]})
    assert told.met is Met.ANSWER


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for compute.internal that signs itself, and its key in one file."""
    if shutil.which("openssl") is None:
        pytest.skip("makes its certificate with openssl")
    key, made = tmp_path / "key.pem", tmp_path / "certificate.pem"
    words = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=compute.internal"
    names = ["-addext", "subjectAltName=DNS:compute.internal"]
    subprocess.run([*words.split(), *names, "-keyout", key, "-out", made], check=True, capture_output=True)
    made.write_text(made.read_text() + key.read_text())
    return made


async def test_the_certificate_is_checked_against_the_name_and_not_the_address(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = Service()
    service.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    service.tls.load_cert_chain(certificate)

    async def met(host: str) -> Met:
        check = HealthCheck(name="compute", url=f"https://{host}:{service.port}/healthz")
        return (await reading(check, hosts=(host,), named={host: ["127.0.0.1"]})).met

    async with service:
        assert await met("compute.internal") is Met.DISTRUST
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert await met("compute.internal") is Met.ANSWER
        assert await met("other.internal") is Met.DISTRUST


def test_what_counts_as_public() -> None:
    for address in ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"):
        assert is_public(address), address
    inside = (
        *("0.0.0.1", "10.1.2.3", "100.64.0.1", "127.0.0.53", "169.254.169.254", "172.16.0.1", "192.168.1.1"),
        *("224.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "ff02::1", "::ffff:10.0.0.1"),
        *("64:ff9b::a00:1", "2002:7f00:1::", "2001:db8::1"),
        *("::127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b:1::7f00:1", "fec0::1", "2001:0:7f00:1::", "5f00::1"),
    )
    for address in inside:
        assert not is_public(address), address


async def test_what_was_answered_is_brought_back_under_the_jobs_own_key(service: Service) -> None:
    adapter, ear = HealthAdapter(), Learner()
    assert adapter.platform.ready and adapter.platform.connected
    job = probe(service.check())
    with pytest.raises(TryLater):
        await adapter.platform.perform(job)
    await adapter.start(ear)
    await adapter.platform.perform(job)
    assert await adapter.platform.find(job) is None
    await adapter.platform.perform(job)
    assert [each.key for each in ear.learned] == ["health:7/probe/1"] * 2 and ear.learned[0].incident == 7
    assert ear.learned[0].probe == job.intent
    ear.gone = True
    with pytest.raises(TryLater):
        await adapter.platform.perform(job)
    await adapter.stop()
