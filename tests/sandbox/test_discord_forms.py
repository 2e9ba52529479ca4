"""What Discord's form validation refuses, and where in the form it says so."""

from typing import Any

import pytest

from tests.sandbox.test_discord_login import Api, serving

ROW = {"type": 1}
BUTTON = {"type": 2, "style": 1, "label": "x"}


def embed(**fields: Any) -> dict[str, Any]:
    return {"embeds": [fields]}


def buttons(*inner: dict[str, Any]) -> dict[str, Any]:
    return {"content": "x", "components": [ROW | {"components": list(inner)}]}


def options(count: int) -> dict[str, Any]:
    listed = [{"label": str(n), "value": str(n)} for n in range(count)]
    return buttons({"type": 3, "custom_id": "s", "options": listed})


MESSAGES: list[tuple[dict[str, Any], str, str]] = [
    ({"content": "x" * 2001}, "content", "BASE_TYPE_MAX_LENGTH"),
    ({"content": ["x"]}, "content", "STRING_TYPE_CONVERT"),
    ({"content": "x", "nonce": "n" * 26}, "nonce", "BASE_TYPE_MAX_LENGTH"),
    ({"embeds": [{"title": "x"}] * 11}, "embeds", "BASE_TYPE_MAX_LENGTH"),
    ({"embeds": "x"}, "embeds", "LIST_TYPE_CONVERT"),
    ({"embeds": ["x"]}, "embeds.0", "DICT_TYPE_CONVERT"),
    (embed(), "embeds.0.description", "BASE_TYPE_REQUIRED"),
    (embed(title="x" * 257), "embeds.0.title", "BASE_TYPE_MAX_LENGTH"),
    (embed(description="x" * 4097), "embeds.0.description", "BASE_TYPE_MAX_LENGTH"),
    (embed(title="x", color=1 << 24), "embeds.0.color", "NUMBER_TYPE_MAX"),
    (embed(title="x", timestamp="noon"), "embeds.0.timestamp", "DATE_TIME_TYPE_PARSE"),
    (embed(title="x", image="x"), "embeds.0.image", "DICT_TYPE_CONVERT"),
    (embed(title="x", image={"url": "x"}), "embeds.0.image.url", "URL_TYPE_INVALID_SCHEME"),
    (embed(title="x", url="javascript:x"), "embeds.0.url", "URL_TYPE_INVALID_SCHEME"),
    (embed(fields=[{"name": "n", "value": "v"}] * 26), "embeds.0.fields", "BASE_TYPE_MAX_LENGTH"),
    (embed(fields=[{"name": "x" * 257, "value": "v"}]), "embeds.0.fields.0.name", "BASE_TYPE_MAX_LENGTH"),
    (embed(fields=[{"name": "n", "value": "x" * 1025}]), "embeds.0.fields.0.value", "BASE_TYPE_MAX_LENGTH"),
    (embed(fields=[{"name": "n", "value": ""}]), "embeds.0.fields.0.value", "BASE_TYPE_REQUIRED"),
    (embed(footer={"text": "x" * 2049}), "embeds.0.footer.text", "BASE_TYPE_MAX_LENGTH"),
    (embed(author={"name": "x" * 257}), "embeds.0.author.name", "BASE_TYPE_MAX_LENGTH"),
    ({"embeds": [{"description": "x" * 3001}] * 2}, "embeds", "MAX_EMBED_SIZE_EXCEEDED"),
    ({"content": "x", "components": [ROW | {"components": [BUTTON]}] * 6}, "components", "BASE_TYPE_MAX_LENGTH"),
    ({"content": "x", "components": [BUTTON]}, "components.0.type", "BASE_TYPE_CHOICES"),
    (buttons(), "components.0.components", "BASE_TYPE_BAD_LENGTH"),
    (
        buttons(*({**BUTTON, "custom_id": str(n)} for n in range(6))),
        "components.0.components",
        "BASE_TYPE_BAD_LENGTH",
    ),
    (buttons(BUTTON), "components.0.components.0.custom_id", "BASE_TYPE_REQUIRED"),
    (buttons(BUTTON | {"custom_id": "x" * 101}), "components.0.components.0.custom_id", "BASE_TYPE_BAD_LENGTH"),
    (
        buttons(BUTTON | {"custom_id": "a", "label": "x" * 81}),
        "components.0.components.0.label",
        "BASE_TYPE_MAX_LENGTH",
    ),
    (
        buttons({"type": 2, "style": 1, "custom_id": "a"}),
        "components.0.components.0",
        "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED",
    ),
    (buttons(BUTTON | {"style": 5, "url": "no url"}), "components.0.components.0.url", "URL_TYPE_INVALID_SCHEME"),
    (
        buttons(BUTTON | {"custom_id": "a"}, BUTTON | {"custom_id": "a"}),
        "components",
        "COMPONENT_CUSTOM_ID_DUPLICATED",
    ),
    (options(26), "components.0.components.0.options", "BASE_TYPE_BAD_LENGTH"),
    (options(0), "components.0.components.0.options", "BASE_TYPE_BAD_LENGTH"),
    (
        buttons({"type": 3, "custom_id": "s", "options": [{"label": "a", "value": "1"}, {"label": "b", "value": "1"}]}),
        "components.0.components.0.options.1.value",
        "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
    ),
    (
        {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
        "allowed_mentions",
        "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
    ),
    ({"content": "x", "allowed_mentions": {"parse": ["all"]}}, "allowed_mentions.parse.0", "BASE_TYPE_CHOICES"),
    ({"content": "x", "message_reference": {"message_id": "1"}}, "message_reference", "REPLIES_UNKNOWN_MESSAGE"),
]

COMMANDS: list[tuple[dict[str, Any], str, str]] = [
    ({"name": "Incident", "description": "x"}, "name", "APPLICATION_COMMAND_INVALID_NAME"),
    ({"name": "two words", "description": "x"}, "name", "APPLICATION_COMMAND_INVALID_NAME"),
    ({"name": "x" * 33, "description": "x"}, "name", "BASE_TYPE_BAD_LENGTH"),
    ({"name": "x", "description": ""}, "description", "BASE_TYPE_REQUIRED"),
    ({"name": "x", "description": "x" * 101}, "description", "BASE_TYPE_BAD_LENGTH"),
    (
        {
            "name": "x",
            "description": "x",
            "options": [{"type": 3, "name": f"o{n}", "description": "x"} for n in range(26)],
        },
        "options",
        "BASE_TYPE_MAX_LENGTH",
    ),
    (
        {
            "name": "x",
            "description": "x",
            "options": [
                {"type": 3, "name": "a", "description": "x"},
                {"type": 3, "name": "b", "description": "x", "required": True},
            ],
        },
        "options.1",
        "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
    ),
    (
        {"name": "x", "description": "x", "options": [{"type": 3, "name": "a", "description": "x"}] * 2},
        "options.1",
        "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
    ),
    (
        {"name": "x", "description": "x", "options": [{"type": 12, "name": "a", "description": "x"}]},
        "options.0.type",
        "BASE_TYPE_CHOICES",
    ),
]

CHANNELS: list[tuple[dict[str, Any], str, str]] = [
    ({"name": ""}, "name", "BASE_TYPE_REQUIRED"),
    ({"name": "!!!"}, "name", "BASE_TYPE_REQUIRED"),
    ({"name": "x" * 101}, "name", "BASE_TYPE_BAD_LENGTH"),
    ({"name": "x", "topic": "x" * 1025}, "topic", "BASE_TYPE_MAX_LENGTH"),
    ({"name": "x", "type": 99}, "type", "BASE_TYPE_CHOICES"),
    ({"name": "x", "parent_id": "1"}, "parent_id", "CHANNEL_PARENT_INVALID"),
    ({"name": "x", "position": "first"}, "position", "NUMBER_TYPE_COERCE"),
    ({"name": "x", "permission_overwrites": [{"id": "me"}]}, "permission_overwrites.0.id", "NUMBER_TYPE_COERCE"),
]


def _codes(answer: dict[str, Any], path: str) -> list[str]:
    place = answer["errors"]
    for step in path.split("."):
        place = place[step]
    return [error["code"] for error in place["_errors"]]


@pytest.mark.parametrize(("body", "path", "code"), MESSAGES)
async def test_a_message_that_breaks_a_rule_is_refused_where_it_does(
    body: dict[str, Any], path: str, code: str
) -> None:
    async with serving() as guild, Api(guild) as api:
        general = guild.channel_named("general")["id"]
        status, answer = await api.call("POST", f"/channels/{general}/messages", body)
        assert (status, answer["code"], answer["message"]) == (400, 50035, "Invalid Form Body")
        assert code in _codes(answer, path)
        assert guild.messages(general) == []


@pytest.mark.parametrize(("body", "path", "code"), COMMANDS)
async def test_a_command_that_breaks_a_rule_is_refused(body: dict[str, Any], path: str, code: str) -> None:
    async with serving() as guild, Api(guild) as api:
        base = f"/applications/{guild.application_id}/guilds/{guild.guild_id}/commands"
        status, answer = await api.call("POST", base, body)
        assert (status, answer["code"]) == (400, 50035) and code in _codes(answer, path)
        status, answer = await api.call("PUT", base, [body])
        assert status == 400 and code in _codes(answer, f"0.{path}")
        assert guild.commands == []


@pytest.mark.parametrize(("body", "path", "code"), CHANNELS)
async def test_a_channel_that_breaks_a_rule_is_refused(body: dict[str, Any], path: str, code: str) -> None:
    async with serving() as guild, Api(guild) as api:
        before = set(guild.channels)
        status, answer = await api.call("POST", f"/guilds/{guild.guild_id}/channels", body)
        assert (status, answer["code"]) == (400, 50035) and code in _codes(answer, path)
        assert set(guild.channels) == before


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/channels/abc", None),
        ("GET", "/channels/{c}/messages?limit=500", None),
        ("GET", "/channels/{c}/messages?before=x", None),
        ("GET", "/channels/{c}/messages/x", None),
        ("POST", "/channels/{c}/messages", [1]),
        ("POST", "/channels/{c}/messages", {"message_reference": 3, "content": "x"}),
        ("POST", "/channels/{c}/messages", {"content": "x", "allowed_mentions": 3}),
        ("POST", "/channels/{c}/messages", {"content": "x", "allowed_mentions": {"parse": 3}}),
        ("POST", "/channels/{c}/messages", {"content": "x", "flags": "many"}),
        ("POST", "/channels/{c}/messages", {"embeds": [{"footer": 3, "title": "x"}]}),
        ("POST", "/channels/{c}/messages", {"embeds": [{"fields": [3], "title": "x"}]}),
        ("POST", "/channels/{c}/messages", {"content": "x", "components": [{"type": 1, "components": [3]}]}),
        ("POST", "/channels/{c}/messages", {"content": "x", "components": [{"type": [], "components": [3]}]}),
        ("PATCH", "/channels/{c}", {"permission_overwrites": 3}),
        ("PATCH", "/channels/{c}", {"parent_id": {}}),
        ("PUT", "/channels/{c}/permissions/{g}", {"allow": "lots"}),
        ("POST", "/channels/{c}/threads", {"name": "x", "auto_archive_duration": 5, "type": 11}),
        ("POST", "/guilds/{g}/roles", {"permissions": "all"}),
        ("POST", "/guilds/{g}/roles", {"name": "x" * 101}),
        ("PUT", "/applications/{a}/commands", {"name": "x"}),
        ("PUT", "/applications/{a}/commands", [3]),
        ("PUT", "/applications/{a}/commands", [{"name": "x", "description": "x", "options": {"a": 1}}]),
        ("POST", "/users/@me/channels", 3),
    ],
)
async def test_nonsense_is_a_form_error_and_never_a_crash(method: str, path: str, body: Any) -> None:
    async with serving() as guild, Api(guild) as api:
        general = guild.channel_named("general")["id"]
        place = path.format(c=general, g=guild.guild_id, a=guild.application_id)
        status, answer = await api.call(method, place, body)
        assert (status, answer["code"]) == (400, 50035) and answer["errors"]


async def test_two_commands_of_one_name_and_the_hundred_and_first_are_refused() -> None:
    async with serving() as guild, Api(guild) as api:
        base = f"/applications/{guild.application_id}/commands"
        twins = [{"name": "a", "description": "x"}] * 2
        assert _codes((await api.call("PUT", base, twins))[1], "1") == ["APPLICATION_COMMANDS_DUPLICATE_NAME"]
        many = [{"name": f"a{n}", "description": "x"} for n in range(101)]
        assert (await api.call("PUT", base, many))[1]["code"] == 30032
        assert (await api.call("PUT", base, many[:100]))[0] == 200
        assert (await api.call("POST", base, many[100]))[1]["code"] == 30032


async def test_commands_are_registered_changed_and_deleted_one_by_one() -> None:
    async with serving() as guild, Api(guild) as api:
        base = f"/applications/{guild.application_id}/guilds/{guild.guild_id}/commands"
        status, made = await api.call("POST", base, {"name": "incident", "description": "one"})
        assert status == 201 and made["guild_id"] == guild.guild_id and made["version"]
        status, again = await api.call("POST", base, {"name": "incident", "description": "two"})
        assert status == 200 and again["id"] == made["id"] and again["version"] != made["version"]
        _, changed = await api.call("PATCH", f"{base}/{made['id']}", {"description": "three"})
        assert changed["description"] == "three" and [c["id"] for c in guild.commands] == [made["id"]]
        assert (await api.call("GET", f"{base}/{made['id']}"))[1]["description"] == "three"
        assert (await api.call("DELETE", f"{base}/{made['id']}"))[0] == 204
        assert (await api.call("GET", f"{base}/{made['id']}"))[1]["code"] == 10063
        assert (await api.call("GET", "/applications/9/commands"))[1]["code"] == 20012


async def test_modern_components_take_no_plain_content() -> None:
    async with serving() as guild, Api(guild) as api:
        path = f"/channels/{guild.channel_named('general')['id']}/messages"
        parts = [{"type": 17, "components": [{"type": 10, "content": "# SEV 1"}, {"type": 14}]}]
        status, sent = await api.call("POST", path, {"flags": 1 << 15, "components": parts})
        assert status == 200 and [sent["components"][0]["id"], sent["components"][0]["components"][0]["id"]] == [1, 2]
        status, answer = await api.call("POST", path, {"flags": 1 << 15, "components": parts, "content": "x"})
        assert _codes(answer, "flags") == ["MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"]
        parts[0]["components"] = [{"type": 10, "content": "x" * 2001}] * 2
        assert (await api.call("POST", path, {"flags": 1 << 15, "components": parts}))[1]["code"] == 50035
