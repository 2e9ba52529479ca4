"""Words that would do something if anybody let them, and how a story sees that they did not."""

import re

from tests.support.story import posts
from tests.support.town import Side

HOSTILE = (
    "@everyone look",
    "@here look",
    "<!channel> <!here> <!everyone>",
    "**bold** _under_ ~~gone~~ `code` ||spoiler||",
    "# heading",
    "> quote",
    "[invoice](https://evil.example/x)",
    "<https://evil.example/x|invoice>",
    "{{ 7*7 }} {% for x in y %}",
    "${7*7} %s {0} {title}",
    "مرحبا بالعالم",
    "\u202eright to left\u202c and back",
    "checkout 🔥🧑‍🚒 is on fire",
    "payments — ‘down’ “again” …",
    "支付失败",
)
ACTS = re.compile(r"(?<!\\)\]\(https://evil")
"""A link behind other words that Discord would show as a link."""


def readable(text: str) -> str:
    """Without what a platform puts in between to keep marks from acting."""
    return "".join(mark for mark in text if mark.isalnum())


def harmless(side: Side, room: str, *, declarers: set[str]) -> None:
    """Nobody is rung but the declarer, and nothing links anywhere."""
    for one in posts(side, room):
        assert one.rings <= declarers, one.text
        assert not ACTS.search(str(one.raw.get("content", "")) + str(one.raw.get("embeds", ""))), one.raw
        assert "'type': 'link'" not in str(one.raw.get("blocks", ""))
        for block in one.raw.get("blocks", []):
            if block["type"] != "rich_text":
                assert "<!" not in str(block).replace("<!date", ""), block
