"""Posts laid flat: attachments and blocks as the lines, fields and addresses that the core reads."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from adapters.slack import emojis
from adapters.slack.posted import Attachment, Node, Said
from adapters.slack.words import shown, unescape
from bot.alerts.colours import colour, of_hex
from bot.alerts.post import Colour, Part

NAMED = {"danger": Colour.RED, "warning": Colour.AMBER, "good": Colour.GREEN}
"""Slack's own names for colours."""
_ADDRESS = re.compile(r"https?://[^\s<>|\"]{1,2000}")
_BESIDE = re.compile(r"\s*[*_]{0,3}(?P<name>[^\n*:]{1,80}):?[*_]{0,3}:?\s*\n(?P<value>.+)", re.DOTALL)
"""A section's field: the name stands above the value."""
_LINES = frozenset({"rich_text_section", "rich_text_preformatted", "rich_text_quote"})


@dataclass(slots=True)
class _Reading:
    """What was read so far."""

    lines: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    addresses: list[str] = field(default_factory=list)

    def write(self, text: str) -> None:
        """Words in Slack's markup."""
        self.addresses += _addresses(text)
        self.line(shown(text))

    def line(self, text: str) -> None:
        """Words as people see them; those that stand there already are not repeated."""
        if text.strip() and text.strip() not in self.lines:
            self.lines.append(text.strip())

    def beside(self, text: str) -> None:
        """A section's field."""
        found = _BESIDE.fullmatch(text)
        if found is None or not shown(found["name"]).strip():
            self.write(text)
        else:
            self.named(found["name"], found["value"])

    def named(self, name: str, value: str) -> None:
        """A name and its value; a name that was there already keeps its first value, and further ones are lines."""
        self.addresses += _addresses(value)
        called, held = shown(name).strip(), shown(value).strip()
        if called and called not in self.fields:
            self.fields[called] = held
        elif held and self.fields.get(called) != held:
            self.line(f"{called}: {held}" if called else held)

    def link(self, url: str) -> None:
        """Where a title or a button leads."""
        self.addresses += _addresses(url)

    def blocks(self, blocks: Iterable[Node]) -> None:
        """Blocks, from top to bottom. What a button is labelled is not said by the post: it can be pressed."""
        for block in blocks:
            match block.type:
                case "context":
                    self.write(" ".join(one.text for one in block.elements if one.text))
                case "actions":
                    for button in block.elements:
                        self.link(button.url)
                case "rich_text":
                    self._rich(block.elements)
                case _:
                    self._section(block)

    def _section(self, block: Node) -> None:
        if block.text:
            self.write(block.text)
        for each in block.fields:
            self.beside(each)
        if block.accessory is not None:
            self.link(block.accessory.url)

    def _rich(self, elements: Iterable[Node]) -> None:
        """What stood there before is not repeated; what is written here twice was meant twice."""
        before, written = set(self.lines), [text for text in self._elements(elements) if text]
        if "\n".join(written) not in before:
            self.lines += [text for text in written if text not in before]

    def _elements(self, elements: Iterable[Node]) -> Iterator[str]:
        for element in elements:
            if element.type in _LINES:
                yield "".join(self._inline(one) for one in element.elements).strip()
            else:
                yield from self._elements(element.elements)

    def _inline(self, element: Node) -> str:
        match element.type:
            case "link":
                self.link(element.url)
                bare = not element.text or element.text == element.url
                return element.url if bare else f"{element.text} ({element.url})"
            case "emoji":
                found = emojis.character(element.name)
                return f":{found}:" if found == element.name else found
            case "user":
                return f"<@{element.user_id}>"
            case "usergroup":
                return f"@{element.usergroup_id}"
            case "channel":
                return f"#{element.channel_id}"
            case "broadcast":
                return f"@{element.range}"
        return element.text or element.fallback


def flat(said: Said) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    """A message's parts, its own text first, and all addresses in it, in reading order."""
    own = _Reading()
    own.write(said.text)
    own.blocks(said.blocks)
    parts, addresses = [Part(text="\n".join(own.lines), fields=own.fields)], own.addresses
    for attachment in said.attachments:
        if not attachment.preview:
            part, more = _attachment(attachment)
            parts.append(part)
            addresses += more
    return tuple(part for part in parts if part != Part()), tuple(dict.fromkeys(addresses))


def _attachment(attachment: Attachment) -> tuple[Part, list[str]]:
    read = _Reading()
    read.link(attachment.title_link)
    read.write(attachment.pretext)
    read.write(attachment.author_name)
    read.addresses += _addresses(attachment.title)
    read.write(attachment.text)
    for each in attachment.fields:
        read.named(each.title, each.value)
    read.blocks(attachment.blocks)
    for button in attachment.actions:
        read.link(button.url)
    if not (read.lines or read.fields or attachment.title):
        read.write(attachment.fallback)
    part = Part(
        title=shown(attachment.title).strip(),
        link=next(iter(_addresses(attachment.title_link)), ""),
        text="\n".join(read.lines),
        fields=read.fields,
        colour=_colour(attachment.color),
        footer=shown(attachment.footer).strip(),
    )
    return part, read.addresses


def _colour(said: str) -> Colour:
    return NAMED.get(said.casefold()) or colour(of_hex(said))


def _addresses(text: str) -> list[str]:
    """The addresses in words of Slack's markup, without the sentence's end that stands behind one."""
    return [unescape(found).rstrip(".,;:)*_") for found in _ADDRESS.findall(text)]
