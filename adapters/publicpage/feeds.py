"""``feed.atom`` and ``feed.rss``: one entry for each text that customers were told, the newest first."""

from html import escape

from feedgen.feed import FeedGenerator

from adapters.publicpage.edition import Edition
from adapters.publicpage.summary import page_id, told_at, update_id
from bot.messages import public as words

MOST = 50
"""Entries, the newest ones."""


def feeds(edition: Edition) -> dict[str, bytes]:
    """Both, by the names of their files."""
    made = FeedGenerator()
    made.id(f"urn:uuid:{page_id(edition)}")
    made.title(edition.title)
    made.subtitle(words.FEED)
    made.author({"name": edition.title})
    made.language("en")
    made.generator("Tocsin")
    when = told_at(edition) or edition.as_of.replace(hour=0, minute=0, second=0, microsecond=0)
    made.updated(when)
    made.lastBuildDate(when)
    made.link(href=f"{edition.address}feed.atom", rel="self", type="application/atom+xml")
    made.link(href=edition.address, rel="alternate", type="text/html")
    told = [(update.at, update.id, one, update) for one in edition.incidents for update in one.updates]
    for at, _, one, update in sorted(told, key=lambda each: (each[0], each[1], each[2].mark))[-MOST:]:
        said = made.add_entry(order="prepend")
        known = f"urn:uuid:{update_id(one, update)}"
        said.id(known)
        said.guid(known, permalink=False)
        said.title(f"{words.word(update.word, update.stage)}: {words.title(one)}")
        said.link(href=f"{edition.address}incidents/{one.mark}.html#update-{update.id}")
        said.published(at)
        said.updated(at)
        said.description("\n\n".join(part for part in (update.text, words.becomes(update.components)) if part))
    atom = made.atom_str(pretty=True)
    for said in made.entry():  # Atom says that it is text; what RSS describes is HTML (https://www.rssboard.org)
        said.description(escape(said.description(), quote=False).replace("\n", "<br>\n"))
    return {"feed.atom": atom, "feed.rss": made.rss_str(pretty=True)}
