"""The people and bots of a workspace, as Slack's API writes them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from adapters.sandbox.people import SandboxPerson
from adapters.sandbox.slack.model import Wire


def person_wire(person: SandboxPerson, team_id: str, now: datetime) -> Wire:
    """A member of the workspace."""
    first, _, last = person.name.partition(" ")
    offset = now.astimezone(ZoneInfo(person.timezone)).utcoffset()
    return {
        **_member(person.slack_id, person.key, person.name, team_id),
        "color": person.colour.lstrip("#"),
        "tz": person.timezone,
        "tz_label": person.timezone,
        "tz_offset": int(offset.total_seconds()) if offset is not None else 0,
        "profile": {
            "real_name": person.name,
            "real_name_normalized": person.name,
            "display_name": person.key,
            "display_name_normalized": person.key,
            "first_name": first,
            "last_name": last,
            "email": f"{person.key}@example.com",
            "title": "",
            "phone": "",
            "status_text": "",
            "status_emoji": "",
            "status_expiration": 0,
            "team": team_id,
        },
        "is_email_confirmed": True,
    }


def bot_user_wire(user_id: str, name: str, team_id: str, *, bot_id: str, app_id: str) -> Wire:
    """The user that an app's bot is."""
    return {
        **_member(user_id, name.lower(), name, team_id),
        "color": "4a154b",
        "tz": "America/Los_Angeles",
        "tz_label": "Pacific Standard Time",
        "tz_offset": -28800,
        "is_bot": True,
        "profile": {
            "real_name": name,
            "real_name_normalized": name,
            "display_name": "",
            "display_name_normalized": "",
            "api_app_id": app_id,
            "bot_id": bot_id,
            "always_active": True,
            "team": team_id,
        },
    }


def bot_wire(bot_id: str, name: str, *, app_id: str, user_id: str = "") -> Wire:
    """A bot, as bots.info tells of it."""
    wire = {"id": bot_id, "deleted": False, "name": name, "updated": 0, "app_id": app_id, "icons": {}}
    return {**wire, "user_id": user_id} if user_id else wire


def _member(user_id: str, handle: str, name: str, team_id: str) -> Wire:
    return {
        "id": user_id,
        "team_id": team_id,
        "name": handle,
        "deleted": False,
        "real_name": name,
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": False,
        "is_app_user": False,
        "updated": 0,
    }
