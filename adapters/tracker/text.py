"""An issue's text: ours above a line that bears the mark, people's below, which is never touched.

GitHub and Linear take Markdown, Jira a document of nodes (ADF)
[developer.atlassian.com/cloud/jira/platform/apis/document].
"""

from typing import Any

from bot.issue import Draft, Line
from bot.postmortem.markdown import address, inline


def markdown(draft: Draft, mark: str, *, due: bool = False) -> str:
    """Our part; ``due``: with the due date, where the tracker has no place of its own for it."""
    lines = _dated(draft) if due else draft.lines
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


def document(draft: Draft, mark: str) -> dict[str, Any]:
    """Our part as nodes, with the due date."""
    lines = [_paragraph(_text(f"{one.label}: ", "strong"), _text(one.text, href=one.url)) for one in _dated(draft)]
    return _document([*lines, _paragraph(_text(closing(mark), "em"))])


def renewed_document(there: dict[str, Any] | None, ours: dict[str, Any], mark: str) -> dict[str, Any]:
    """The document with our part anew. Where the mark was taken away, ours comes before everything."""
    nodes = (there or {}).get("content") or []
    ends = [place for place, node in enumerate(nodes, start=1) if f"tocsin-{mark}" in _words(node)]
    return _document([*ours["content"], *nodes[ends[0] if ends else 0 :]])


def _dated(draft: Draft) -> tuple[Line, ...]:
    due = (Line(label="Due", text=f"{draft.due:%Y-%m-%d}"),) if draft.due is not None else ()
    return (*draft.lines, *due)


def _document(nodes: list[Any]) -> dict[str, Any]:
    return {"type": "doc", "version": 1, "content": nodes}


def _paragraph(*texts: dict[str, Any]) -> dict[str, Any]:
    return {"type": "paragraph", "content": list(texts)}


def _text(words: str, *marks: str, href: str = "") -> dict[str, Any]:
    """A text node; it must not be empty."""
    dressed: list[dict[str, Any]] = [{"type": mark} for mark in marks]
    if href.startswith(("http://", "https://")):
        dressed.append({"type": "link", "attrs": {"href": href}})
    return {"type": "text", "text": words or " "} | ({"marks": dressed} if dressed else {})


def _words(node: Any) -> str:
    return str(node.get("text", "")) + "".join(map(_words, node.get("content") or ()))
