"""The post-mortem's drafts, as they are owed and as a reader of Markdown sees them."""

from markdown_it import MarkdownIt
from markdown_it.token import Token
from sqlalchemy import select

from adapters.database import tables as t
from bot.intents import Attach
from tests.support.town import Town

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
"""Reads what CommonMark and GitHub's dialect read, HTML included."""


async def drafts(town: Town, number: int = 1, *, platform: str = "") -> list[Attach]:
    """Every draft that was owed, oldest first."""
    c = t.owed.c
    query = select(c.intent, c.platform).where(c.incident == number, c.kind == "attach").order_by(c.id)
    async with town.store._read() as connection:
        rows = (await connection.execute(query)).all()
    return [Attach.model_validate_json(intent) for intent, on in rows if platform in ("", on)]


async def newest(town: Town, number: int = 1) -> str:
    """The last draft's text."""
    return (await drafts(town, number))[-1].content


def tokens(document: str) -> list[Token]:
    """Everything in a document, blocks and what stands in them."""
    flat: list[Token] = []
    for token in READER.parse(document):
        flat.append(token)
        flat += token.children or []
    return flat


def shown(document: str) -> str:
    """The document's words, as its readers see them: no marks, and no signs that have no width."""
    words: list[str] = []
    for token in tokens(document):
        if token.type in ("text", "code_inline", "fence", "code_block", "html_block", "html_inline"):
            words.append(token.content)
        elif token.type in ("softbreak", "hardbreak", "paragraph_close", "heading_close"):
            words.append("\n")
    return "".join(words).translate({0x2060: None, 0x2068: None, 0x2069: None}).replace("\u00a0", " ")


def addresses(document: str) -> list[str]:
    """Where its links lead."""
    return [str(token.attrs["href"]) for token in tokens(document) if token.type == "link_open"]


def sections(document: str) -> dict[str, str]:
    """Title of each section to its words."""
    found: dict[str, str] = {}
    for piece in document.split("\n## ")[1:]:
        title, _, body = piece.partition("\n")
        found[shown(title).strip()] = shown(body)
    return found
