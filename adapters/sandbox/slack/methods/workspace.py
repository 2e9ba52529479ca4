"""Who the app is and where: auth.test, team.info, bots.info, usergroups.list, api.test."""

from adapters.sandbox.slack.ask import Ask
from adapters.sandbox.slack.errors import Refusal
from adapters.sandbox.slack.model import Wire


def api_test(ask: Ask) -> Wire:
    if ask.text("error"):
        raise Refusal(ask.text("error"), args=ask.arguments)
    return {"args": ask.arguments}


def auth_test(ask: Ask) -> Wire:
    world = ask.world
    return {
        "url": f"{world.base_url}/",
        "team": world.team_name,
        "user": world.bot_name.lower(),
        "team_id": world.team_id,
        "user_id": world.bot_user_id,
        "bot_id": world.bot_id,
        "is_enterprise_install": world.org_install,
    }


def team_info(ask: Ask) -> Wire:
    world = ask.world
    team = {"id": world.team_id, "name": world.team_name, "domain": world.team_domain, "email_domain": "", "icon": {}}
    return {"team": {**team, "url": f"{world.base_url}/"}}


def bots_info(ask: Ask) -> Wire:
    bot = ask.world.bots.get(ask.text("bot", ask.world.bot_id))
    if bot is None:
        raise Refusal("bot_not_found")
    return {"bot": bot}


def usergroups_list(ask: Ask) -> Wire:
    users = ask.flag("include_users")
    groups = [
        {name: value for name, value in group.items() if users or name != "users"}
        for group in ask.world.usergroups
        if ask.flag("include_disabled") or not group.get("date_delete")
    ]
    return {"usergroups": groups}
