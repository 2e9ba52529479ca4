"""The parts that the settings switch on: chat platforms, tools, senders of alerts; and where playbooks want them."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bot.intents import OWN_PAGE
from bot.loading import named
from bot.playbook.shape import Playbook
from bot.ports import Clock
from bot.reader import Reader
from bot.settings import Settings

SOURCES = {
    "pagerduty.source": "PagerDuty",
    "pagerduty.events": "Events",
    "betterstack.source": "BetterStack",
    "datadog.source": "Datadog",
    "sentry.source": "Sentry",
    "opsgenie.source": "Opsgenie",
    "cloudwatch.source": "CloudWatch",
    "uptimerobot.source": "UptimeRobot",
    "grafana.source": "Grafana",
    "alertmanager.source": "Alertmanager",
    "generic.source": "Generic",
}
"""Modules under ``adapters/`` of the senders of alerts, and the class in each, in the order in which they see posts:
those whose posts are known by an address first, then those known by their form only."""


SETTINGS = {
    "slack.settings": ("SlackSettings",),
    "discord.settings": ("DiscordSettings",),
    "web.settings": ("WebhookSettings", "FreezeSettings"),
    "mail.settings": ("MailSettings",),
    "pager.settings": ("GeneralSettings",),
    "tracker.settings": ("TrackerSettings",),
    "git.settings": ("RecordSettings",),
    "publicpage.settings": ("PageSettings",),
    "statuspage.settings": ("StatusPageSettings",),
    "calendar.settings": ("PagerDutySettings",),
}
"""Modules under ``adapters/`` with settings, and the classes in each that hold them."""
OPEN_ENDED = ("PAGER_URLS_", "MAIL_LIST_", "WEBHOOK_SECRET_")
"""Beginnings of settings whose names operators make up."""


def setting_names() -> tuple[frozenset[str], tuple[str, ...]]:
    """The names of all settings, and the beginnings of those that operators name themselves."""
    classes = [named(f"adapters.{module}", one) for module, some in SETTINGS.items() for one in some]
    fields = [item for each in (Settings, *classes) for item in each.model_fields.items()]
    return frozenset(str(field.validation_alias or name).upper() for name, field in fields), OPEN_ENDED


def chats(clock: Clock, playbooks: Sequence[Playbook] = ()) -> list[Any]:
    """The chat platforms that are switched on, ready to announce where these playbooks do."""
    slack = named("adapters.slack.settings", "SlackSettings")()
    discord = named("adapters.discord.settings", "DiscordSettings")()
    found = []
    if slack.mode != "off":
        found.append(
            named("adapters.slack.adapter", "SlackAdapter")(slack, clock, announces=announcing("slack", playbooks))
        )
    if discord.on:
        found.append(named("adapters.discord.adapter", "DiscordAdapter")(discord, clock))
    return found


def tools(
    clock: Clock,
    playbooks: Sequence[Playbook],
    *,
    demo: bool = False,
    reader: Reader | None = None,
    addresses: Mapping[str, str] = MappingProxyType({}),
    phones: Mapping[str, str] = MappingProxyType({}),
    **reached: Any,
) -> list[Any]:
    """What effects outside chat are owed to; the demo's incidents are nobody's, so none of them leaves this machine:
    its pages go to the sandbox's ``phones``.

    ``reader`` and ``addresses`` (of channels, by platform) are for whoever does it, not for whoever only owes; so is
    what is ``reached``: people's own routes, and the links by which they answer (see :func:`reached`).
    """
    found = [named("adapters.health.adapter", "HealthAdapter")()]
    pager = named("adapters.pager.settings", "PagerSettings")(phones)
    if not demo:
        pager = named("adapters.pager.settings", "PagerSettings").read()
    found.append(named("adapters.pager.adapter", "PagerAdapter")(pager, reader=reader, addresses=addresses, **reached))
    if demo:
        return found
    record = named("adapters.git.settings", "RecordSettings")()
    if record.on:
        found.append(named("adapters.git.adapter", "GitAdapter")(record))
    mail = named("adapters.mail.settings", "MailSettings")()
    if mail.on:
        lists = named("adapters.mail.settings", "OperatorsLists")()
        found.append(named("adapters.mail.adapter", "MailAdapter")(mail, lists, clock))
    settings = named("adapters.tracker.settings", "TrackerSettings")()
    if settings.forge:
        frozen = partial(reader.frozen, None) if reader is not None else None
        found.append(named("adapters.tracker.forge", "ForgeAdapter")(settings, frozen))
    found += [named("adapters.statuspage.adapter", "StatusPageAdapter")(page) for page in status_pages()]
    known = trackers(clock)
    if known:
        found.append(named("adapters.tracker.adapter", "TrackerAdapter")(known, clock, places=filing(playbooks)))
    return found


def phones(sandbox: Any, playbooks: Sequence[Playbook]) -> dict[str, str]:
    """Where the demo's pages go, as its pager's settings: to the sandbox's phones, by whichever route."""
    setting = named("adapters.pager.settings", "setting")
    routes = {"pager", *(route.name for one in playbooks for route in one.paging.routes)}
    at = sandbox.url.removeprefix("http://")
    return {
        setting(one.key, route): f"json://{at}/phones/{one.key}" for one in sandbox.people for route in sorted(routes)
    }


def public_page(
    database: Any, clock: Clock, playbooks: Sequence[Playbook], *, keys: Any, asking: Any, demo: bool = False
) -> list[Any]:
    """The public page, where it is switched on; the demo's never takes the place of a real one. ``asking``: the client
    that connects to public addresses."""
    settings = named("adapters.publicpage.settings", "PageSettings")()
    if not settings.on(playbooks):
        return []
    if demo:
        aside = {"status_page_dir": Path("var/demo-status"), "public_url": "", "status_page_subscribers": 0}
        settings = settings.model_copy(update=aside)
    components = named("adapters.publicpage.settings", "component_names")(playbooks)
    made = named("adapters.publicpage.adapter", "PublicPage")
    inside = named("adapters.health.pinned", "INSIDE")
    posting = named("adapters.publicpage.posting", "Posting")(asking, extension=inside, inside=settings.inside)
    return [made(database, posting, clock, keys=keys, settings=settings, components=components)]


def trackers(clock: Clock) -> list[Any]:
    """The issue trackers that are switched on."""
    settings = named("adapters.tracker.settings", "TrackerSettings")()
    found: list[Any] = named("adapters.tracker.adapter", "trackers")(settings, clock)
    return found


def status_pages() -> list[Any]:
    """The status pages outside that are switched on."""
    settings = named("adapters.statuspage.settings", "StatusPageSettings")()
    found: list[Any] = named("adapters.statuspage.adapter", "status_pages")(settings)
    return found


def sources() -> list[Any]:
    """The senders of alerts that are known."""
    return [named(f"adapters.{module}", member)() for module, member in SOURCES.items()]


def tracker_names(tools: Iterable[Any]) -> list[str]:
    """The kinds of trackers that are set up, such as ``linear``: one adapter speaks to all of them."""
    return [name for tool in tools for name in getattr(tool, "names", ())]


def page_names(tools: Iterable[Any], playbooks: Sequence[Playbook]) -> list[str]:
    """The status pages that Tocsin writes: its own, and those outside."""
    own = named("adapters.publicpage.settings", "PageSettings")().on(playbooks)
    outside = [name for tool in tools for name in getattr(tool, "pages", ())]
    return [OWN_PAGE, *outside] if own else outside


def mailing_lists(tools: Iterable[Any]) -> Any:
    """The operator's lists of customers' addresses, where e-mail is set up."""
    return next((lists for tool in tools if (lists := getattr(tool, "lists", None)) is not None), None)


def announcing(platform: str, playbooks: Sequence[Playbook]) -> tuple[str, ...]:
    """The channels of a platform in which these playbooks announce incidents and hand-overs; an empty name stands for
    the setting's.
    """
    living = [one for one in playbooks if platform in one.lives_on(("slack", "discord"))]
    names = [one.announce.channels.get(platform, "") for one in living]
    names += [name for one in living for rotation in one.rotations if (name := rotation.channels.get(platform, ""))]
    return tuple(dict.fromkeys(names)) or ("",)


def watching(platform: str, playbooks: Sequence[Playbook]) -> list[str]:
    """The channels of a platform in which these playbooks read alerts."""
    return [name.removeprefix("#") for one in playbooks for name in one.alerts.channels.get(platform, ())]


def filing(playbooks: Sequence[Playbook]) -> list[tuple[str, str]]:
    """The trackers that these playbooks file in, and where; an empty place stands for the setting's."""
    files = (one.tracker for one in playbooks if one.tracker is not None)
    return list(dict.fromkeys((one.kind, one.place) for one in files))


def rooms(platform: str, playbooks: Sequence[Playbook]) -> list[str]:
    """Names of the channels of a platform in which these playbooks announce or read alerts."""
    announced = [name.removeprefix("#") for name in announcing(platform, playbooks) if name]
    return [*announced, *watching(platform, playbooks)]


def reached(
    database: Any, keys: Any, links: Any, hosts: Any, clock: Clock, *, phones: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Any]:
    """How a pager finds people's own routes, and the links by which they answer. In the demo every route leads to its
    person's phone among ``phones``."""
    refused = (named("adapters.health.addresses", "AddressRefused"), named("adapters.health.addresses", "NoName"))

    async def public(host: str) -> bool:
        try:
            return bool(await hosts.of(host, 443, any_kind=False))
        except refused:
            return False

    def instead(route: Any) -> str:
        return phones.get(named("adapters.pager.settings", "setting")(route.person, "pager"), "json://127.0.0.1:9")

    return {
        "book": named("bot.reaching", "Reaching")(database.reader, keys, clock, instead=instead if phones else None),
        "public": public,
        "answers": links,
    }


def pagers() -> list[Any]:
    """The pagers that tell back who has a page."""
    return [
        named("adapters.pagerduty.replies", "PagerDutyReplies")(),
        named("adapters.opsgenie.replies", "OpsgenieReplies")(),
    ]


async def secret_keys(settings: Settings, database: Any) -> Sequence[str]:
    """What seals stored secrets and signs links: by SECRET_KEY, else by the key that was made on the first start."""
    found: Sequence[str] = await named("adapters.keys", "found")(
        settings.secret_keys, database_url=settings.database_url, keep=database.keep_key
    )
    return found
