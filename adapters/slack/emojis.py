"""Emoji: Slack names them (``white_check_mark``), the core uses the characters themselves (``✅``)."""

import emoji

_SLACK_ONLY = {
    "man-raising-hand": "🙋‍♂️",
    "woman-raising-hand": "🙋‍♀️",
    "octagonal_sign": "🛑",
    "large_green_circle": "🟢",
    "large_yellow_circle": "🟡",
    "large_orange_circle": "🟠",
    "large_purple_circle": "🟣",
    "simple_smile": "🙂",
}
"""Names that Slack uses and the ``emoji`` package does not know."""
_OF_SLACK = {character: name for name, character in _SLACK_ONLY.items()} | {"👍": "+1", "👎": "-1"}
_SKIN = "::skin-tone-"


def character(name: str) -> str:
    """The emoji of a Slack name, without its skin tone; a custom emoji's bare name."""
    bare = name.split(_SKIN)[0].strip(":")
    if bare in _SLACK_ONLY:
        return _SLACK_ONLY[bare]
    found = emoji.emojize(f":{bare}:", language="alias")
    return bare if found == f":{bare}:" else found


def name(character: str) -> str:
    """Slack's name of an emoji; what is no emoji is taken for a custom emoji's name."""
    if character in _OF_SLACK:
        return _OF_SLACK[character]
    return emoji.demojize(character, language="alias").strip(":")
