"""The text of an issue: ours above the line with the mark, people's below, whatever they did to either."""

from typing import Any

from adapters.tracker.text import document, markdown, renewed, renewed_document
from bot.issue import Draft, Line

MARK = "0b7a1c9e-3f52-4d1a-9a61-5d3c2b1a0f9e"
DRAFT = Draft(title="x", lines=(Line(label="Owner", text="Bo"),))
ANEW = Draft(title="x", lines=(Line(label="Owner", text="Ana"),))


def paragraph(words: str) -> dict[str, Any]:
    """As Jira keeps it."""
    return {"type": "paragraph", "content": [{"type": "text", "text": words}]}


def test_ours_is_made_anew_and_what_stands_below_the_line_stays() -> None:
    text = renewed(f"{markdown(DRAFT, MARK)}\nTheirs.\n", markdown(ANEW, MARK), MARK)
    assert text == f"{markdown(ANEW, MARK)}\nTheirs.\n"
    there = document(DRAFT, MARK)
    there["content"].append(paragraph("Theirs."))
    assert renewed_document(there, document(ANEW, MARK), MARK)["content"] == [
        *document(ANEW, MARK)["content"],
        paragraph("Theirs."),
    ]


def test_where_somebody_took_the_mark_away_all_that_they_wrote_stays_below_ours() -> None:
    ours = markdown(ANEW, MARK)
    assert renewed("In Cleo's words.", ours, MARK) == f"{ours}\n\nIn Cleo's words."
    assert renewed(" \n", ours, MARK) == ours
    there = {"type": "doc", "version": 1, "content": [paragraph("In Cleo's"), paragraph("words.")]}
    nodes = renewed_document(there, document(ANEW, MARK), MARK)["content"]
    assert nodes == [*document(ANEW, MARK)["content"], paragraph("In Cleo's"), paragraph("words.")]
    assert renewed_document(None, document(ANEW, MARK), MARK) == document(ANEW, MARK), "a text that was emptied"


def test_only_an_address_of_the_web_is_linked_and_no_text_is_empty() -> None:
    lines = tuple(Line(label="From", text="there", url=url) for url in ("https://chat.example/1", "javascript:x()"))
    shown = document(Draft(title="x", lines=lines), MARK)["content"]
    assert [("marks" in part["content"][1]) for part in shown[:2]] == [True, False]
    empty = document(Draft(title="x", lines=(Line(label="Owner", text=""),)), MARK)["content"][0]
    assert all(one["text"] for one in empty["content"]), "Jira refuses a node without text"
