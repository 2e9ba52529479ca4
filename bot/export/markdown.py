"""A record as Markdown: what people wrote is text in it, and nothing of it formats, links or embeds."""

import re
from collections.abc import Iterator

from bot.export.record import Record
from bot.export.sections import Cell, Section, headline, sections

_ACTS = re.compile(r"[\\`*_{}\[\]<>#|~&$]")
_BEGINS = re.compile(r"^(?:(?=[-+=:])|(\d{1,9})(?=[.)]))")
"""What makes a list, a heading or a table's rule at the beginning of a line."""
_ADDRESS = re.compile(r"\b(https?|ftp|mailto|xmpp):|\bwww\.", re.IGNORECASE)
"""What some readers of Markdown make a link of by themselves."""


def write(record: Record) -> str:
    """The whole document."""
    return "\n".join(_lines(record)) + "\n"


def _lines(record: Record) -> Iterator[str]:
    yield f"# {escape(headline(record))}"
    for section in sections(record):
        yield ""
        yield f"## {escape(section.title)}"
        yield ""
        yield from (_row(section, row) for row in section.rows)
    proof = record.proof
    yield ""
    yield "## Proof"
    yield ""
    if not proof.whole:
        yield f"**The timeline is broken: {escape(proof.says)}.**"
        yield ""
    yield f"{proof.length} entries, the last of which has the hash `{proof.head}`. To hold the incident against it:"
    yield ""
    yield f"    {proof.command}"


def _row(section: Section, row: tuple[Cell, ...]) -> str:
    short, long = [_cell(Cell(" ".join(cell.text.split()), cell.url)) for cell in row[:-1]], _cell(row[-1])
    if section.columns[0] in ("Fact", "Role"):
        return f"- **{short[0]}:** {long}"
    return f"- {' · '.join(short)}\\\n  {long}" if long else f"- {' · '.join(short)}"


def _cell(cell: Cell) -> str:
    return f"[{escape(cell.text)}](<{cell.url}>)" if cell.url else escape(cell.text)


def escape(text: str) -> str:
    """Text that reads as it was written; its lines stay lines, within the same paragraph of a list."""
    lines = [_line(line) for line in text.rstrip().split("\n")]
    return "\\\n  ".join(line or "&nbsp;" for line in lines) if any(lines) else ""


def _line(line: str) -> str:
    words = line.expandtabs(4).rstrip()
    bare = words.lstrip()
    plain = _ACTS.sub(lambda found: f"\\{found[0]}", bare)
    plain = _BEGINS.sub(lambda found: f"{found[1] or ''}\\", plain)
    plain = _ADDRESS.sub(lambda found: f"{found[0][:-1]}\\{found[0][-1]}", plain)
    return "&nbsp;" * (len(words) - len(bare)) + plain
