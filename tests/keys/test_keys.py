"""The keyring: what is sealed opens only where it should, a token says what it said, and no key is ever shown."""

import asyncio
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from adapters.keys import Keyring, file_of, found
from adapters.keys.checks import examine
from adapters.keys.making import kept
from bot.composition import known_secrets
from bot.doctor import Health
from bot.keys import Purpose, Unsealable
from bot.settings import Settings

OLD, NEW = "an-old-key-of-the-house-0001", "a-new-key-of-the-house-00002"
NIGHT = datetime(2026, 11, 26, 3, 14, tzinfo=UTC)
ADDRESS = "ntfy://ana-at-night"


def test_what_is_sealed_is_read_again_and_twice_the_same_looks_different() -> None:
    keys = Keyring([OLD])
    one, two = (keys.seal(Purpose.ROUTE, ADDRESS, owner="ana") for _ in range(2))
    assert keys.unseal(Purpose.ROUTE, one, owner="ana") == keys.unseal(Purpose.ROUTE, two, owner="ana") == ADDRESS
    assert one != two and ADDRESS not in one and "ntfy" not in one


@pytest.mark.parametrize(("purpose", "owner"), [(Purpose.CODE, "ana"), (Purpose.ROUTE, "bo")])
def test_nothing_opens_for_another_purpose_or_for_somebody_else(purpose: Purpose, owner: str) -> None:
    keys = Keyring([OLD])
    with pytest.raises(Unsealable):
        keys.unseal(purpose, keys.seal(Purpose.ROUTE, ADDRESS, owner="ana"), owner=owner)


@pytest.mark.parametrize(
    "spoil", [lambda s: s[:-2], lambda s: ("B" if s[0] == "A" else "A") + s[1:], lambda s: "", lambda s: "no base64 ü"]
)
def test_what_was_changed_does_not_open(spoil) -> None:  # type: ignore[no-untyped-def]
    keys = Keyring([OLD])
    with pytest.raises(Unsealable):
        keys.unseal(Purpose.ROUTE, spoil(keys.seal(Purpose.ROUTE, ADDRESS, owner="ana")), owner="ana")


def test_keys_are_changed_without_a_loss_the_first_seals_and_every_one_opens() -> None:
    before, both, after = Keyring([OLD]), Keyring([NEW, OLD]), Keyring([NEW])
    kept, token = before.seal(Purpose.ROUTE, ADDRESS, owner="ana"), before.sign(Purpose.PAGE, "42.1", until=NIGHT)
    assert both.unseal(Purpose.ROUTE, kept, owner="ana") == ADDRESS
    assert both.read(Purpose.PAGE, token) is not None and after.read(Purpose.PAGE, token) is None
    assert after.unseal(Purpose.ROUTE, both.seal(Purpose.ROUTE, ADDRESS, owner="ana"), owner="ana") == ADDRESS
    with pytest.raises(Unsealable):
        after.unseal(Purpose.ROUTE, kept, owner="ana")


def test_a_token_says_what_was_signed_and_until_when() -> None:
    keys = Keyring([OLD])
    token = keys.sign(Purpose.PAGE, "42.1.2.añá", until=NIGHT + timedelta(hours=24))
    read = keys.read(Purpose.PAGE, token)
    assert read is not None and (read.said, read.until) == ("42.1.2.añá", NIGHT + timedelta(hours=24))
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.") and len(token) < 80


def test_no_token_can_be_made_changed_or_taken_for_another_purpose() -> None:
    keys = Keyring([OLD])
    token = keys.sign(Purpose.PAGE, "42.1", until=NIGHT)
    body, _, proof = token.partition(".")
    other = keys.sign(Purpose.PAGE, "43.1", until=NIGHT).partition(".")[0]
    wrong = [f"{other}.{proof}", f"{body}.", body, "", ".", f"{body}.{proof[:-1]}", f"{token}=", f"x{token}", "ü.ü"]
    assert [keys.read(Purpose.PAGE, each) for each in wrong] == [None] * len(wrong)
    assert keys.read(Purpose.ROUTE, token) is None and Keyring([NEW]).read(Purpose.PAGE, token) is None
    assert keys.read(Purpose.PAGE, f"{body[:-1]}{'A' if body[-1] != 'A' else 'E'}.{proof}") is None


def test_no_key_is_shown_by_what_holds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", f"{NEW}, {OLD}")
    settings = Settings(_env_file=None)
    assert settings.secret_keys == (NEW, OLD)
    assert not {OLD, NEW} & {key for key in (OLD, NEW) if key in f"{settings!r}{settings}{Keyring([NEW, OLD])!r}"}
    assert {OLD, NEW} <= set(known_secrets())
    assert settings.model_dump_json().count("house") == 0


def test_a_key_that_can_be_guessed_is_refused_and_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", f"{NEW},hunter2")
    with pytest.raises(ValidationError, match="shorter than 16") as wrong:
        Settings(_env_file=None)
    assert "hunter2" not in str(wrong.value)


def names(folder: Path) -> list[str]:
    """What lies in a folder."""
    return [each.name for each in folder.iterdir()]


async def never(key: str) -> str:
    raise AssertionError("the database was asked")


async def test_on_one_machine_a_key_is_made_beside_the_database_for_its_owner_only(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/var/tocsin.db"
    first, second = [Keyring(await found((), database_url=url, keep=never)) for _ in range(2)]
    assert second.unseal(Purpose.ROUTE, first.seal(Purpose.ROUTE, ADDRESS, owner="ana"), owner="ana") == ADDRESS
    file = tmp_path / "var" / "secret.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and len(file.read_text().strip()) >= 43
    assert names(file.parent) == ["secret.key"]


def test_of_several_that_make_it_at_once_all_have_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(kept, [tmp_path / "secret.key"] * 40))) == 1


async def test_replicas_share_the_key_that_the_database_keeps() -> None:
    row: list[str] = []

    async def keep(key: str) -> str:
        await asyncio.sleep(0)
        row.append(key)
        return row[0]

    url = "postgresql://tocsin@db/tocsin"
    given = await asyncio.gather(*(found((), database_url=url, keep=keep) for _ in range(2)))
    one, two = (Keyring(keys) for keys in given)
    assert file_of(url) is None and len(set(row)) == 2
    assert two.unseal(Purpose.ROUTE, one.seal(Purpose.ROUTE, ADDRESS, owner="ana"), owner="ana") == ADDRESS


async def test_the_setting_goes_before_what_was_made(tmp_path: Path) -> None:
    keys = Keyring(await found([NEW], database_url=f"sqlite:///{tmp_path}/tocsin.db", keep=never))
    assert not names(tmp_path)
    assert Keyring([NEW]).read(Purpose.PAGE, keys.sign(Purpose.PAGE, "x", until=NIGHT)) is not None


def said(keys: list[str], url: str, public: str = "") -> dict[str, tuple[Health, str]]:
    """What the doctor finds."""
    return {one.what: (one.health, one.says) for one in examine(keys, database_url=url, public_url=public)}


def test_the_doctor_says_where_the_key_lies_and_never_what_it_is(tmp_path: Path) -> None:
    url, file = f"sqlite:///{tmp_path}/tocsin.db", tmp_path / "secret.key"
    assert "the first start makes" in said([], url)["Secret key"][1]
    key = kept(file)
    health, says = said([], url)["Secret key"]
    assert health is Health.FINE and key not in says and "Keep a copy" in says
    file.chmod(0o644)
    assert said([], url)["Secret key"][0] is Health.WRONG
    assert said([], "postgresql://db/tocsin")["Secret key"][0] is Health.WORTH_A_LOOK
    health, says = said([NEW, OLD], url, "https://tocsin.example.com")["Secret key"]
    assert health is Health.FINE and "1 older" in says and NEW not in says
    assert said([NEW], url)["Links in pages"][0] is Health.WORTH_A_LOOK
    assert said([NEW], url, "https://tocsin.example.com")["Links in pages"][0] is Health.FINE
