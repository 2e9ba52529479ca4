"""Commands, buttons and forms, answered by the real discord.py."""

import asyncio
from datetime import timedelta
from typing import Any

import discord
import pytest
from discord import app_commands, ui

from adapters.sandbox.clock import SandboxClock
from adapters.sandbox.discord import DiscordGuild, Interaction, Permission
from tests.sandbox.test_discord_login import ANA, BO, NOON, SOON, Api, Bot, online, running, serving

Act = discord.Interaction[Any]


class Report(ui.Modal, title="Declare"):
    """A form with one field of each kind."""

    what: ui.Label[Any] = ui.Label(text="What", component=ui.TextInput(custom_id="what", max_length=20))
    severity: ui.Label[Any] = ui.Label(
        text="Severity",
        component=ui.Select(
            custom_id="severity",
            options=[
                discord.SelectOption(label="SEV 1", value="sev1"),
                discord.SelectOption(label="SEV 2", value="sev2"),
            ],
        ),
    )
    lead: ui.Label[Any] = ui.Label(text="Lead", component=ui.UserSelect(custom_id="lead", required=False))

    async def on_submit(self, interaction: Act) -> None:
        what, severity, lead = (label.component for label in (self.what, self.severity, self.lead))
        names = [member.name for member in lead.values]  # type: ignore[attr-defined]
        await interaction.response.send_message(f"{what.value} {severity.values} {names}")  # type: ignore[attr-defined]


class Board(ui.View):
    """Buttons that outlive the process."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @ui.button(label="Acknowledge", custom_id="board:ack")
    async def acknowledge(self, interaction: Act, button: ui.Button[Any]) -> None:
        await interaction.response.edit_message(content=f"acknowledged by {interaction.user.name}")

    @ui.button(label="Quiet", custom_id="board:quiet")
    async def quiet(self, interaction: Act, button: ui.Button[Any]) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content="quiet now")

    @ui.select(
        custom_id="board:severity", options=[discord.SelectOption(label=f"SEV {n}", value=str(n)) for n in (1, 2)]
    )
    async def severity(self, interaction: Act, select: ui.Select[Any]) -> None:
        await interaction.response.send_message(f"now {select.values}", ephemeral=True)


class Responder(Bot):
    """A bot with the commands that these tests use."""

    def __init__(self, guild: DiscordGuild) -> None:
        super().__init__(guild)
        self.kept: list[Act] = []
        self.answered: asyncio.Queue[Act] = asyncio.Queue()
        for callback in (self.say, self.form, self.slow, self.keep):
            self.tree.command(name=callback.__name__, guild=self.home)(_detached(callback))
        self.tree.add_command(_pick, guild=self.home)
        self.tree.add_command(app_commands.ContextMenu(name="Add to timeline", callback=_quote), guild=self.home)

    async def setup_hook(self) -> None:
        self.add_view(Board())
        await self.tree.sync(guild=self.home)
        await super().setup_hook()

    async def say(self, interaction: Act, words: str) -> None:
        answer = await interaction.response.send_message(words, ephemeral=True)
        assert answer.message_id == answer.resource.id  # type: ignore[union-attr]
        assert answer.is_ephemeral()
        await interaction.followup.send(f"for all: {words}")
        await interaction.edit_original_response(content=f"edited: {words}")
        original = await interaction.original_response()
        await interaction.followup.send(original.content, ephemeral=True)

    async def form(self, interaction: Act) -> None:
        await interaction.response.send_modal(Report())

    async def slow(self, interaction: Act) -> None:
        await interaction.response.defer(thinking=True)
        self.kept.append(interaction)
        self.answered.put_nowait(interaction)

    async def keep(self, interaction: Act) -> None:
        self.kept.append(interaction)


def _detached(method: Any) -> Any:
    """discord.py wants plain functions; what they say is their docstring."""
    if method.__name__ == "say":

        async def with_words(interaction: Act, words: str) -> None:
            await method(interaction, words)

        return _described(with_words)

    async def bare(interaction: Act) -> None:
        await method(interaction)

    return _described(bare)


def _described(function: Any) -> Any:
    function.__doc__ = "A command."
    return function


@app_commands.command(name="pick", description="A command with every kind of option.")
@app_commands.choices(rung=[app_commands.Choice(name="First", value=1), app_commands.Choice(name="Second", value=2)])
async def _pick(
    interaction: Act,
    who: discord.Member,
    rung: int,
    where: discord.TextChannel,
    sure: bool,
    group: discord.Role | None = None,
    title: str = "none",
) -> None:
    told = f"{who.name} {rung} {where.name} {sure} {group.name if group else None} {title}"
    await interaction.response.send_message(told)


@_pick.autocomplete("title")
async def _titles(interaction: Act, current: str) -> list[app_commands.Choice[str]]:
    rung = interaction.namespace.rung
    return [app_commands.Choice(name=f"{current}{n} at {rung}", value=f"{current}{n}") for n in range(3)]


async def _quote(interaction: Act, message: discord.Message) -> None:
    await interaction.response.send_message(f"noted: {message.content} by {message.author.name}")


async def _settled(guild: DiscordGuild, name: str, times: int = 1) -> None:
    """Wait until the bot has made a call so many times."""
    while len([call for call in guild.calls.of("discord", name) if call.ended]) < times:
        changed = asyncio.get_running_loop().create_future()
        guild.on_change.append(lambda what, done=changed: done.done() or done.set_result(None))  # type: ignore[misc]
        await asyncio.wait({changed}, timeout=0.01)


def _words(result: Interaction) -> str:
    assert result.message is not None, result
    return str(result.message["content"])


async def test_a_command_is_answered_followed_up_and_edited() -> None:
    async with serving() as guild, online(guild, Responder(guild)):
        general = guild.channel_named("general")["id"]
        result = await guild.command(ANA, general, "say", {"words": "hello"})
        assert result.answered and not result.timed_out and result.seconds < 3
        assert result.response is not None and result.response["type"] == 4
        await _settled(guild, "POST /webhooks/*/*", times=2)
        assert [m["content"] for m in guild.messages(general)] == ["for all: hello"]
        seen = [m["content"] for m in guild.messages(general, viewer=ANA)]
        assert seen == ["edited: hello", "for all: hello", "edited: hello"]
        assert [m["flags"] for m in guild.ephemerals(ANA)] == [64, 64]
        assert guild.ephemerals(BO) == [] and guild.messages(general, viewer=BO) == guild.messages(general)
        made = guild.messages(general)[0]
        assert made["interaction_metadata"]["user"]["id"] == ANA and made["webhook_id"] == guild.application_id


async def test_options_of_every_kind_arrive_resolved() -> None:
    async with serving() as guild, online(guild, Responder(guild)):
        general = guild.channel_named("general")["id"]
        members = next(role["id"] for role in guild.roles.values() if role["name"] == "Members")
        options = {"who": BO, "rung": "Second", "where": guild.channel_named("ops")["id"], "sure": True}
        result = await guild.command(ANA, general, "pick", options | {"group": members, "title": "x"})
        assert _words(result) == "bo 2 ops True Members x"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "required"),
        ({"who": "1", "rung": 1, "where": "x", "sure": True}, "names nothing"),
        ({"who": BO, "rung": 3, "where": BO, "sure": True}, "must be one of: First, Second"),
        ({"nope": 1}, "no option 'nope'"),
    ],
)
async def test_what_discords_own_client_would_not_send_is_a_value_error(options: dict[str, Any], words: str) -> None:
    async with serving() as guild, online(guild, Responder(guild)):
        with pytest.raises(ValueError, match=words):
            await guild.command(ANA, guild.channel_named("general")["id"], "pick", options)
        assert not guild.ephemerals(ANA)


async def test_an_unregistered_command_names_those_there_are() -> None:
    async with serving() as guild, online(guild, Responder(guild)):
        with pytest.raises(ValueError, match="form, keep, pick, say, slow"):
            await guild.command(ANA, guild.channel_named("general")["id"], "incident")


async def test_choices_are_offered_while_one_types() -> None:
    async with serving() as guild, online(guild, Responder(guild)):
        general = guild.channel_named("general")["id"]
        choices = await guild.autocomplete(ANA, general, "pick", {"rung": 2, "title": "pay"}, "title")
        assert [choice["value"] for choice in choices] == ["pay0", "pay1", "pay2"]
        assert choices[0]["name"] == "pay0 at 2"


async def test_a_message_menu_command_holds_the_message() -> None:
    async with serving() as guild, online(guild, Responder(guild)):
        general = guild.channel_named("general")["id"]
        posted = await guild.post(BO, general, "disk full")
        result = await guild.message_command(ANA, general, posted["id"], "Add to timeline")
        assert _words(result) == "noted: disk full by bo"
        assert guild.messages(general)[-1]["type"] == 23


async def test_a_form_is_opened_filled_in_and_answered() -> None:
    async with serving() as guild, online(guild, Responder(guild)):
        general = guild.channel_named("general")["id"]
        opened = await guild.command(ANA, general, "form")
        modal = guild.open_modal(ANA)
        assert modal is not None and modal["title"] == "Declare" and modal == opened.modal
        assert guild.open_modal(BO) is None
        result = await guild.submit_modal(ANA, {"What": "outage", "severity": "SEV 2", "Lead": [BO]})
        assert _words(result) == "outage ['sev2'] ['bo']"
        assert guild.open_modal(ANA) is None
        with pytest.raises(ValueError, match="no form"):
            await guild.submit_modal(ANA, {})


async def test_a_form_that_a_command_opened_has_no_message_to_update() -> None:
    async with serving() as guild, online(guild, Responder(guild)), Api(guild) as api:
        await guild.command(ANA, guild.channel_named("general")["id"], "form")
        modal = guild.open_modal(ANA)
        assert modal is not None
        modal["custom_id"] = "unknown to the bot"  # which therefore stays silent
        told: asyncio.Queue[str] = asyncio.Queue()
        guild.on_change.append(told.put_nowait)
        submitted = asyncio.create_task(guild.submit_modal(ANA, {"what": "x", "severity": "sev1"}))
        while await told.get() != "INTERACTION_CREATE":
            pass
        form = list(guild.interactions.by_id.values())[-1]
        path = f"/interactions/{form.id}/{form.token}/callback"
        assert (await api.call("POST", path, {"type": 7, "data": {"content": "x"}}, headers={}))[1]["code"] == 50035
        assert (await api.call("POST", path, {"type": 5}, headers={}))[0] == 204
        assert (await submitted).answered


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"severity": "sev1"}, "'What' is required"),
        ({"what": "x" * 21, "severity": "sev1"}, "0 to 20 characters"),
        ({"what": "x", "severity": "sev9"}, "no option 'sev9'"),
        ({"what": "x"}, "takes 1 to 1 values"),
        ({"what": "x", "severity": "sev1", "other": ""}, "no field 'other'"),
    ],
)
async def test_a_form_that_is_filled_in_wrongly_stays_open(values: dict[str, Any], words: str) -> None:
    async with serving() as guild, online(guild, Responder(guild)):
        await guild.command(ANA, guild.channel_named("general")["id"], "form")
        with pytest.raises(ValueError, match=words):
            await guild.submit_modal(ANA, values)
        assert guild.open_modal(ANA) is not None
        await guild.dismiss_modal(ANA)
        assert guild.open_modal(ANA) is None


async def test_buttons_work_after_the_bot_was_started_anew() -> None:
    async with serving() as guild:
        async with online(guild, Responder(guild)) as bot:
            sent = await bot.channel(guild, "ops").send("board", view=Board())
        async with online(guild, Responder(guild)):
            ops = guild.channel_named("ops")["id"]
            result = await guild.press(BO, ops, str(sent.id), "Acknowledge")
            assert result.answered and result.message is None
            assert guild.messages(ops)[0]["content"] == "acknowledged by bo"
            assert guild.messages(ops)[0]["edited_timestamp"] is not None
            await guild.press(BO, ops, str(sent.id), "board:quiet")
            await _settled(guild, "PATCH /webhooks/*/*/messages/@original")
            assert guild.messages(ops)[0]["content"] == "quiet now"


async def test_a_select_gives_its_values_and_knows_its_options() -> None:
    async with serving() as guild, online(guild, Responder(guild)) as bot:
        sent = await bot.channel(guild, "ops").send("board", view=Board())
        ops = guild.channel_named("ops")["id"]
        result = await guild.press(ANA, ops, str(sent.id), "board:severity", values=["SEV 2"])
        assert _words(result) == "now ['2']" and guild.ephemerals(ANA) == [result.message]
        with pytest.raises(ValueError, match="no option"):
            await guild.press(ANA, ops, str(sent.id), "board:severity", values=["3"])
        with pytest.raises(ValueError, match="no button or select 'Close'; it has: Acknowledge, Quiet"):
            await guild.press(ANA, ops, str(sent.id), "Close")


async def test_buttons_that_cannot_be_pressed() -> None:
    async with serving() as guild, online(guild, Responder(guild)) as bot:
        view = ui.View(timeout=None)
        view.add_item(ui.Button(label="Runbook", url="https://example.org/runbook"))
        view.add_item(ui.Button(label="Later", custom_id="later", disabled=True))
        sent = await bot.channel(guild, "ops").send("board", view=view)
        ops = guild.channel_named("ops")["id"]
        with pytest.raises(ValueError, match="is a link"):
            await guild.press(ANA, ops, str(sent.id), "Runbook")
        with pytest.raises(ValueError, match="disabled"):
            await guild.press(ANA, ops, str(sent.id), "Later")


async def test_thinking_turns_into_the_first_thing_that_is_said() -> None:
    async with serving() as guild, online(guild, Responder(guild)) as bot:
        assert isinstance(bot, Responder)
        general = guild.channel_named("general")["id"]
        result = await guild.command(ANA, general, "slow")
        assert result.message is not None and result.message["flags"] == 128 and _words(result) == ""
        await bot.answered.get()
        await bot.kept[0].followup.send("done")
        assert _words(result) == "done" and result.message["flags"] == 0
        assert len(guild.messages(general)) == 1


async def test_an_interaction_that_nobody_answers_in_time_is_stale() -> None:
    async with serving() as guild, online(guild, Responder(guild)) as bot:
        assert isinstance(bot, Responder)
        guild.answer_within = 0.2
        result = await guild.command(ANA, guild.channel_named("general")["id"], "keep")
        assert result.timed_out and not result.answered and result.seconds >= 0.2
        assert guild.ephemerals(ANA)[0]["content"] == "The application did not respond"
        assert guild.ephemerals(ANA)[0]["flags"] == 64
        with pytest.raises(discord.NotFound) as refused:
            await bot.kept[0].response.send_message("too late")
        assert refused.value.code == 10062
        with pytest.raises(discord.NotFound) as refused:
            await bot.kept[0].followup.send("too late")
        assert refused.value.code == 10015


async def test_with_no_bot_online_the_application_does_not_respond() -> None:
    async with serving() as guild:
        async with online(guild, Responder(guild)):
            pass
        guild.answer_within = 0.05
        assert (await guild.command(ANA, guild.channel_named("general")["id"], "keep")).timed_out


async def test_the_second_replica_to_answer_is_told_so() -> None:
    async with serving() as guild, online(guild, Responder(guild)) as bot, Api(guild) as api:
        assert isinstance(bot, Responder)
        result = await guild.command(ANA, guild.channel_named("general")["id"], "say", {"words": "x"})
        path = f"/interactions/{result.id}/{result.token}/callback"
        assert (await api.call("POST", path, {"type": 5}, headers={}))[1]["code"] == 40060
        heard = bot.wait_for("interaction", timeout=SOON)
        await guild.redeliver(event="INTERACTION_CREATE")
        assert str((await heard).id) == result.id


async def test_a_token_lives_for_fifteen_minutes_of_the_sandbox_clock() -> None:
    clock = SandboxClock(NOON)
    async with serving(clock) as guild, online(guild, Responder(guild)) as bot:
        assert isinstance(bot, Responder)
        await guild.command(ANA, guild.channel_named("general")["id"], "slow")
        await bot.answered.get()
        assert bot.kept[0].created_at == NOON
        clock.forward(timedelta(minutes=14, seconds=59))
        await bot.kept[0].edit_original_response(content="still")
        clock.forward(timedelta(seconds=1))
        with pytest.raises(discord.HTTPException) as refused:
            await bot.kept[0].edit_original_response(content="too late")
        assert (refused.value.status, refused.value.code) == (401, 50027)


async def test_answers_of_the_wrong_kind_are_refused() -> None:
    async with serving() as guild, online(guild, Responder(guild)) as bot, Api(guild) as api:
        assert isinstance(bot, Responder)
        asked = asyncio.create_task(guild.command(ANA, guild.channel_named("general")["id"], "keep"))
        heard = await bot.wait_for("interaction", timeout=SOON)
        path = f"/interactions/{heard.id}/{heard.token}/callback"
        for body, code in (
            ({"type": 7, "data": {"content": "x"}}, 50035),
            ({"type": 8, "data": {"choices": []}}, 50035),
            ({"type": "4"}, 50035),
            ({"type": 4, "data": {}}, 50006),
            ({"type": 4, "data": {"content": "x" * 2001}}, 50035),
            ({"type": 9, "data": {"title": "x" * 46, "custom_id": "m", "components": []}}, 50035),
        ):
            assert (await api.call("POST", path, body, headers={}))[1]["code"] == code, body
        assert (await api.call("POST", "/interactions/1/nonsense/callback", {"type": 5}, headers={}))[1][
            "code"
        ] == 10062
        assert (await api.call("POST", path, {"type": 5}, headers={}))[0] == 204
        assert (await asked).answered


async def test_who_may_not_use_commands_or_see_the_channel_cannot_invoke() -> None:
    async with running() as (guild, bot):
        hidden = await bot.guilds[0].create_text_channel(
            "hidden",
            overwrites={
                bot.guilds[0].default_role: discord.PermissionOverwrite(view_channel=False),
                bot.guilds[0].me: discord.PermissionOverwrite(view_channel=True),
                bot.guilds[0].get_member(int(BO)): discord.PermissionOverwrite(view_channel=True),  # type: ignore[dict-item]
            },
        )
        assert not guild.can_see(ANA, str(hidden.id)) and guild.can_see(BO, str(hidden.id))
        with pytest.raises(Exception, match="50001"):
            await guild.command(ANA, str(hidden.id), "say")
        members = next(role for role in guild.roles.values() if role["name"] == "Members")
        members["permissions"] = str(int(members["permissions"]) & ~Permission.USE_APPLICATION_COMMANDS)
        with pytest.raises(Exception, match="50013"):
            await guild.command(BO, str(hidden.id), "say")
