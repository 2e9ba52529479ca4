"""A record as Markdown: what people wrote is text in it, and nothing of it formats, links or embeds."""

from collections.abc import Iterator

from bot.export.record import Record
from bot.export.sections import Cell, Section, headline, sections
from bot.postmortem.markdown import block


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
    """Text that reads as it was written and calls nobody; its lines stay lines, in the same paragraph of a list."""
    lines = "\n".join(line.expandtabs(4) for line in text.rstrip().split("\n"))
    return block(lines, indent=2) if lines.strip() else ""
