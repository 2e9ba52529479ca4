"""Who may send alerts (the secret for all senders, and what each signs with), and who may ask about the freeze."""

from collections.abc import Iterable
from typing import Any

from pydantic import SecretStr, create_model
from pydantic_settings import BaseSettings, SettingsConfigDict

from adapters.web.secrets import Secrets

OWN = "webhook_secret_"
"""What stands before a source's name in its own setting."""


class WebhookSettings(BaseSettings):
    """The webhooks' part of the settings; each field is the environment variable of the same name."""

    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", env_ignore_empty=True, frozen=True, hide_input_in_errors=True
    )

    webhook_secret: SecretStr | None = None


class FreezeSettings(BaseSettings):
    """Who may ask whether production is frozen; the field is the environment variable of the same name."""

    model_config = WebhookSettings.model_config

    freeze_token: SecretStr | None = None


def freeze_token() -> str:
    """The token that is set, if any."""
    return _bare(FreezeSettings().freeze_token)


def secrets(sources: Iterable[str]) -> Secrets:
    """The secrets that are set: ``WEBHOOK_SECRET``, and ``WEBHOOK_SECRET_<SOURCE>`` for each of these sources."""
    fields: dict[str, Any] = {f"{OWN}{name}": (SecretStr | None, None) for name in sources}
    settings = create_model("Settings", __base__=WebhookSettings, **fields)()
    values = {name: _bare(getattr(settings, name)) for name in ("webhook_secret", *fields)}
    general = values.pop("webhook_secret")
    return Secrets(general, own={name.removeprefix(OWN): value for name, value in values.items() if value})


def _bare(secret: SecretStr | None) -> str:
    return secret.get_secret_value().strip() if secret is not None else ""
