"""Who the people are whom Slack names only by their id."""

from dataclasses import dataclass

from adapters.slack.api import Api
from bot.errors import Outside

KEPT = 5_000
"""People remembered at once."""


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """What is known of somebody."""

    name: str
    bot: bool = False


class Names:
    """People by id, asked for once each."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._met: dict[str, Acquaintance] = {}

    def known(self, user: str) -> str:
        """Their name without asking; their id where it is not known."""
        met = self._met.get(user)
        return met.name if met else user

    async def meet(self, user: str) -> Acquaintance:
        """Their name, and whether they are a bot. Where Slack does not say, they are a person called by their id."""
        if user not in self._met:
            try:
                answer = await self._api.call(self._api.client.users_info, user=user)
            except Outside:
                return Acquaintance(user)
            if len(self._met) >= KEPT:
                self._met.pop(next(iter(self._met)))
            self._met[user] = _read(answer.get("user") or {}, user)
        return self._met[user]


def _read(record: dict[str, object], user: str) -> Acquaintance:
    profile = record.get("profile")
    names = profile if isinstance(profile, dict) else {}
    name = names.get("real_name") or record.get("real_name") or names.get("display_name") or record.get("name") or user
    return Acquaintance(str(name), bot=bool(record.get("is_bot")))
