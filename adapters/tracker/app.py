"""A GitHub App signing in: a token for one installation, made from the app's private key, kept while it lasts.

Facts: docs.github.com/apps: *Generating a JSON Web Token*, *Generating an installation access token*.
"""

import asyncio
import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import time

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from adapters.tracker.pulls import Pulls
from adapters.tracker.settings import TrackerSettings
from bot.errors import Refused

LASTS = timedelta(minutes=9)
"""GitHub takes ten minutes at most; clocks differ."""
SKEW = timedelta(minutes=1)
SOON = timedelta(minutes=5)
"""A token that ends sooner is not used any more."""


class App:
    """The app that the settings name."""

    def __init__(self, settings: TrackerSettings, github: Pulls) -> None:
        self._settings, self._github = settings, github
        self._tokens: dict[int, tuple[str, datetime]] = {}

    async def headers(self, installation: int) -> dict[str, str]:
        """What a request of this installation's bears; raises ``Refused`` where the key or the app is wrong."""
        known, until = self._tokens.get(installation, ("", datetime.min.replace(tzinfo=UTC)))
        if until - datetime.now(UTC) < SOON:
            path = f"/app/installations/{installation}/access_tokens"
            made = await self._github.post(path, {}, headers=await self.itself())
            known, until = str(made["token"]), datetime.fromisoformat(str(made["expires_at"]))
            self._tokens[installation] = (known, until)
        return {"Authorization": f"Bearer {known}"}

    def forget(self, installation: int) -> None:
        """Its token is taken no longer."""
        self._tokens.pop(installation, None)

    async def itself(self) -> dict[str, str]:
        """What a request of the app's own bears."""
        return {"Authorization": f"Bearer {await asyncio.to_thread(self._signed)}"}

    def _signed(self) -> str:
        now = int(time())
        skew, lasts = int(SKEW.total_seconds()), int(LASTS.total_seconds())
        claims = {"iat": now - skew, "exp": now + lasts, "iss": self._settings.github_app_id}
        words = ".".join(_coded(json.dumps(part).encode()) for part in ({"alg": "RS256", "typ": "JWT"}, claims))
        try:
            key = load_pem_private_key(Path(self._settings.github_app_key_file).read_bytes(), None)
        except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as no:
            raise Refused("GITHUB_APP_KEY_FILE holds no private key that can be read") from no
        if not isinstance(key, rsa.RSAPrivateKey):
            raise Refused("GITHUB_APP_KEY_FILE holds a key of another kind than GitHub's")
        return f"{words}.{_coded(key.sign(words.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def _coded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
