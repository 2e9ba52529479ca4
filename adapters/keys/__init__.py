"""SECRET_KEY at work: seals what is stored and signs links, with keys derived for each purpose."""

from adapters.keys.keyring import Keyring
from adapters.keys.making import file_of, found, made

__all__ = ["Keyring", "file_of", "found", "made"]
