"""A timeline of things that nobody should write into one."""

from datetime import UTC, datetime, timedelta

from bot.timeline import Entry, Kind
from tests.support.hostile import HOSTILE

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
ACTS = (
    "<script>window.hit = 1</script>",
    "<img src=x onerror='window.hit = 2'>",
    "\"><svg onload=window.hit=3></svg>",
    "</bdi></td></table><iframe src='https://evil.example/'></iframe>",
    "<style>body { display: none }</style><link rel=stylesheet href='https://evil.example/x.css'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<a href='javascript:window.hit=4'>press me</a>",
    "[press me](javascript:window.hit=5) ![](https://evil.example/x.png) <https://evil.example>",
    "see https://evil.example/x and www.evil.example, ask ana@evil.example",
    "{{ 7 * 7 }} {% for x in range(9) %}{{ cycler.__init__.__globals__ }}{% endfor %}",
    "```python\nimport os\n\n    os.system('true')\n```",
    "~~~\nstill open",
    "`code` ``more ` code`` and a trailing \\",
    "# a heading\n## another\n===\n---\n* * *",
    "- a list\n  - within\n1. one\n2) two\n+ plus\n\n\n> quoted\n\tindented",
    "| a | table |\n|---|---|\n| 1 | 2 |",
    "[ref]: https://evil.example\n[ref]\n[^1]: note\n$$x^2$$ ~struck~ **bold** _it_",
    "שלום, השרת נפל — مرحبا بالعالم 123 abc",
    "read me \u202egpj.exe backwards \u2066and \u2067on",
    "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 e\u0301\u0302\u0303 z̸̡̢̛̰̤",
    "nul \x00 bell \x07 escape \x1b[31m red \x85 \u2028 line",
    "&lt;b&gt; &amp; &#x3c;script&#x3e; &nbsp;",
    "@everyone <!channel> <@U123> :tada:",
    "x" * 2000,
    " ",
)  # fmt: skip
"""What would act, format or turn around if anything took it for more than text."""


def hostile(count: int) -> list[Entry]:
    """Entries of all kinds with such words, in turn; some lead somewhere, some where nothing should lead."""
    words, kinds = (*ACTS, *HOSTILE), list(Kind)
    addresses = (
        "https://chat.example/p1?a=1&b=<x>",
        "javascript:window.hit=6",
        "data:text/html,<script>1</script>",
        "",
    )
    return [
        Entry(
            at=NOW + timedelta(seconds=place),
            kind=kinds[place % len(kinds)],
            text=words[place % len(words)],
            by=words[(place * 7) % len(words)][:80],
            actor=f"person {place % 5}",
            data={"url": addresses[place % len(addresses)]},
        )
        for place in range(count)
    ]
