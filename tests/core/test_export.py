"""Documents of a hostile timeline: everything is there to read, and nothing of it acts."""

import asyncio
import base64
import hashlib
import json
import re
import sqlite3
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from typer.testing import CliRunner, Result

from adapters.database import Database
from adapters.terminal.app import build
from bot.composition import Tocsin
from bot.export.gather import gather
from bot.export.markdown import escape
from bot.export.record import Record
from bot.export.sections import clean, leads
from bot.export.writing import Format, schema, write
from bot.incident import Hyperlink
from bot.settings import Settings
from bot.store import Change
from bot.timeline import Entry
from tests.database.build import NOW, declare, outage
from tests.support.record import ACTS, hostile

ROOT = Path(__file__).resolve().parents[2]
COUNT = 2000
LINKED = "https://chat.example/p1?a=1&b=%3Cx%3E"


async def build_record(file: Path, entries: list[Entry], **known: Any) -> Record:
    """The record of an incident with these entries."""
    database = Database(f"sqlite:///{file}")
    await database.start()
    incident = outage(**known)
    async with database.work() as work:
        await work.enter(incident)
        await work.save([Change(incident, entries)])
    found = await gather(database.reader, incident.number, now=NOW + timedelta(hours=3))
    await database.stop()
    assert found is not None and found.proof.whole
    return found


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """Two thousand entries, and words of the same kind wherever people leave some."""
    links = (Hyperlink(url="javascript:window.hit=7", label="<b>fix</b>"), Hyperlink(url='https://example.com/<">'))
    known: dict[str, Any] = {
        "impact": ACTS[0],
        "fix": ACTS[10],
        "fields": {ACTS[1]: ACTS[9]},
        "links": links,
        "component": ACTS[4],
    }
    file = tmp_path_factory.mktemp("export") / "tocsin.db"
    made = asyncio.run(build_record(file, hostile(COUNT), title=f"{ACTS[2]} {{{{ 7 * 7 }}}}", **known))
    assert len(made.timeline) == COUNT
    return made


# Markdown


def parsed(text: str) -> list[Token]:
    """As readers of Markdown see it, those that let HTML in, too."""
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text)


def shown(inline: Token) -> list[str]:
    """The lines that a paragraph shows, without blanks around them; fails where anything in it formats."""
    lines = [""]
    for child in inline.children or []:
        assert child.type in ("text", "hardbreak", "softbreak", "link_open", "link_close"), (
            child,
            inline.content[:200],
        )
        lines[-1] += child.content
        if child.type in ("hardbreak", "softbreak"):
            lines.append("")
    return [unseen(line).replace("\xa0", " ").strip() for line in lines]


def unseen(text: str) -> str:
    """Without what is put between and around letters to keep them from calling anybody and in their own direction."""
    return re.sub("[\u2060\u2068\u2069]", "", text)


def test_the_markdown_holds_every_entry_word_for_word_and_nothing_of_it_formats(record: Record) -> None:
    tokens = parsed(write(record, Format.MARKDOWN))
    begins = next(place for place, token in enumerate(tokens) if token.content == "Timeline")
    ends = next(place for place, token in enumerate(tokens) if token.content == "Proof")
    timeline = tokens[begins + 2 : ends - 1]
    assert {token.type for token in timeline} <= {
        "bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close", "paragraph_open",
        "paragraph_close", "inline",
    }  # fmt: skip
    rows = [token for token in timeline if token.type == "inline"]
    assert len(rows) == COUNT
    for row, entry in zip(rows, record.timeline, strict=True):
        head, *text = shown(row)
        wanted = [line.expandtabs(4).strip() for line in clean(entry.text).rstrip().split("\n")]
        assert head.startswith(f"{entry.seq} · 2026-11-20 "), head
        assert [line for line in text if line] == [line for line in wanted if line], entry.text
    hrefs = {child.attrs["href"] for token in tokens for child in token.children or [] if child.type == "link_open"}
    assert hrefs == {LINKED, "https://example.com/%3C%22%3E"}


def test_no_part_of_the_markdown_is_html_a_picture_or_a_code_block_but_the_proof(record: Record) -> None:
    tokens = parsed(write(record, Format.MARKDOWN))
    every = [*tokens, *(child for token in tokens for child in token.children or [])]
    kinds = {token.type for token in every}
    assert not kinds & {
        "html_block",
        "html_inline",
        "image",
        "fence",
        "table_open",
        "s_open",
        "em_open",
        "blockquote_open",
    }
    assert [token.content for token in tokens if token.type == "code_block"] == [f"{record.proof.command}\n"]
    assert sum(token.type == "heading_open" for token in tokens) == write(record, Format.MARKDOWN).count("\n## ") + 1


@pytest.mark.parametrize(
    "text",
    [
        *(*ACTS, "https://a.example http://b.example ftp://c.example www.d.example", "1. x", "a\\"),
        *("@team see #4, GH-12 and owner/repo#7", "(@octocat) GH-1", "a@b.example wrote #x"),
    ],
)
def test_escaped_words_are_the_same_words_and_no_reader_makes_a_link_of_them(text: str) -> None:
    said = escape(clean(text))
    assert not re.search(r"(?i)(?:https?|ftp):|www\.", said), "GitHub links these by themselves"
    assert not re.search(r"(?:@|#|\bGH-)(?=\w)", said), "GitHub reads these after Markdown: no backslash stops them"
    rendered = "\n".join(line for token in parsed(said) if token.type == "inline" for line in shown(token))
    wanted = "\n".join(line.expandtabs(4).strip() for line in clean(text).strip().split("\n"))
    assert re.sub(r"\s+", " ", rendered) == re.sub(r"\s+", " ", wanted)


# HTML


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: dict[str, set[str]] = {}
        self.cells: list[str] = []
        self.style = self.policy = ""
        self._inside: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._inside.append(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, set()).add(value or "")
        if tag == "td":
            self.cells.append("")
        if tag == "meta" and ("http-equiv", "Content-Security-Policy") in attrs:
            self.policy = dict(attrs)["content"] or ""

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "td" in self._inside:
            self.cells[-1] += data
        if self._inside[-1:] == ["style"]:
            self.style += data


def test_the_page_holds_every_entry_word_for_word_and_only_its_own_elements(record: Record) -> None:
    page = Page(write(record, Format.HTML))
    assert page.tags <= {
        "html", "head", "meta", "title", "style", "body", "h1", "h2", "section", "table", "thead", "tbody", "tr", "th",
        "td", "bdi", "a", "p", "code",
    }  # fmt: skip
    assert set(page.attributes) <= {
        "lang", "charset", "http-equiv", "content", "name", "dir", "scope", "href", "rel", "class",
    }  # fmt: skip
    assert page.attributes["href"] == {LINKED, "https://example.com/%3C%22%3E"}
    texts = page.cells[-5 * COUNT :][4::5]
    assert texts == [clean(entry.text) for entry in record.timeline]


def test_the_page_lets_nothing_in_and_its_own_style_fits_the_policy(record: Record) -> None:
    page = Page(write(record, Format.HTML))
    digest = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
    assert page.policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert "@media print" in page.style and "url(" not in page.style and "@import" not in page.style


def test_only_addresses_of_the_web_lead_anywhere() -> None:
    assert leads("https://example.com/a b?x=\"<>'") == "https://example.com/a%20b?x=%22%3C%3E%27"
    for url in ("javascript:alert(1)", "data:text/html,x", "//example.com", "https://", "http://[", "JAVASCRIPT:x", "",
                "https://a.example/\x00", "file:///etc/passwd", " https://a.example".replace(" ", "\x01")):  # fmt: skip
        assert leads(url) == "", url


# JSON


def test_the_json_keeps_the_published_schema_and_every_character(record: Record) -> None:
    data = json.loads(write(record, Format.JSON))
    jsonschema.Draft202012Validator(schema()).validate(data)
    assert [one["text"] for one in data["timeline"]] == [entry.text for entry in record.timeline]
    assert json.loads((ROOT / "docs" / "export.schema.json").read_text(encoding="utf-8")) == schema()


# The command line


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database with two incidents, one of them private."""

    async def make() -> None:
        database = Database(f"sqlite:///{tmp_path / 'tocsin.db'}")
        await database.start()
        await declare(database)
        await declare(database, outage("Somebody is inside", private=True))
        await database.stop()

    asyncio.run(make())
    return tmp_path / "tocsin.db"


def run(file: Path, *words: str) -> Result:
    """What comes of ``tocsin`` with these words."""
    return CliRunner().invoke(build(Tocsin(Settings(database_url=f"sqlite:///{file}"))), words)


def test_an_export_is_printed_or_kept_and_verify_takes_the_line_it_ends_with(file: Path, tmp_path: Path) -> None:
    printed = run(file, "export", "1")
    assert printed.exit_code == 0 and printed.stdout.startswith("# \\#\u20601 · SEV1 · Checkout is down\n")
    command = printed.stdout.strip().splitlines()[-1].split()
    assert run(file, *command[1:]).exit_code == 0
    for form in Format:
        out = tmp_path / f"x.{form}"
        assert run(file, "export", "2", "--format", form, "--out", str(out)).exit_code == 0
        assert "Somebody is inside" in out.read_text(encoding="utf-8")
    assert json.loads(run(file, "export", "--schema").stdout) == schema()


def test_all_of_them_go_into_a_folder_with_the_lines_that_prove_them(file: Path, tmp_path: Path) -> None:
    said = run(file, "export", "--all", "--format", "json", "--out", str(tmp_path / "kept"))
    assert said.exit_code == 0, said.stderr
    names = sorted(path.name for path in (tmp_path / "kept").iterdir())
    assert names == ["anchors.txt", "incident-00001.json", "incident-00002.json"]
    commands = (tmp_path / "kept" / "anchors.txt").read_text().splitlines()
    assert [run(file, *command.split()[1:]).exit_code for command in commands] == [0, 0]

    with sqlite3.connect(file) as connection:
        connection.execute("DROP TRIGGER entry_UPDATE")
        connection.execute("UPDATE entry SET text = 'nothing' WHERE incident = 1")
    connection.close()
    said = run(file, "export", "--all", "--out", str(tmp_path / "again"))
    assert said.exit_code == 1 and "The timeline of #1 is broken: entry 1 was changed" in said.stderr
    assert "**The timeline is broken: entry 1 was changed" in (tmp_path / "again" / "incident-00001.md").read_text()
    assert [run(file, *command.split()[1:]).exit_code for command in commands] == [1, 0]


def test_what_cannot_be_exported_is_said(file: Path, tmp_path: Path) -> None:
    missing = run(file, "export", "9")
    assert missing.exit_code == 1 and "There is no incident #9" in missing.stderr and missing.stdout == ""
    for words in (
        ["export"],
        ["export", "1", "--all", "--out", "x"],
        ["export", "--all"],
        ["export", "1", "--format", "pdf"],
    ):
        assert run(file, *words).exit_code == 2, words
    nowhere = run(file, "export", "1", "--out", str(tmp_path / "no" / "where.md"))
    assert nowhere.exit_code == 1 and "Nothing can be written there" in nowhere.stderr
