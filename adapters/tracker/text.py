"""An issue's text in Markdown: ours above a line that bears the mark, people's below, which is never touched."""

from bot.issue import Draft, Line
from bot.postmortem.markdown import address, inline


def markdown(draft: Draft, mark: str, *, due: bool = False) -> str:
    """Our part; ``due``: with the due date, where the tracker has no place of its own for it."""
    lines = [*draft.lines]
    if due and draft.due is not None:
        lines.append(Line(label="Due", text=f"{draft.due:%Y-%m-%d}"))
    shown = (f"**{inline(one.label)}:** {address(one.url, one.text) if one.url else inline(one.text)}" for one in lines)
    return "\n\n".join([*shown, f"*{closing(mark)}*"])


def closing(mark: str) -> str:
    """The line that ends our part."""
    return f"Tocsin keeps what stands above this line in step; write below it. tocsin-{mark}"


def renewed(text: str, ours: str, mark: str) -> str:
    """The text with our part anew. Where the mark was taken away, ours comes before everything."""
    found = text.find(f"tocsin-{mark}")
    if found < 0:
        return f"{ours}\n\n{text}" if text.strip() else ours
    _, line_end, theirs = text[found:].partition("\n")
    return f"{ours}{line_end}{theirs}"
