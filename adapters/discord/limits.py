"""Discord's limits, by name, each with where it is written down.

[D] discord-api-docs (docs.discord.com), [L] discord.py 2.7.1, [K] known to bot authors but written nowhere official.
"""

from datetime import timedelta

CONTENT = 2000
"""Characters of a message's own text [D, Create Message]."""
EMBED_TITLE = 256  # [D, Embed Limits]
EMBED_DESCRIPTION = 4096  # [D, Embed Limits]
EMBED_FIELDS = 25  # [D, Embed Limits]
EMBED_FIELD_NAME = 256  # [D, Embed Limits]
EMBED_FIELD_VALUE = 1024  # [D, Embed Limits]
EMBED_FOOTER = 2048  # [D, Embed Limits]
EMBED_TOTAL = 6000
"""Characters of all embeds of one message: titles, descriptions, field names and values, footers [D, Embed Limits]."""

ROW_BUTTONS = 5  # [D, Action Row]
ROWS = 5  # [D, Message components]
BUTTON_LABEL = 80  # [D, Button]
BUTTON_URL = 512  # [D, Button]
CUSTOM_ID = 100  # [D, Anatomy of a Component]
RUNG_PEOPLE, RUNG_GROUPS = 50, 20
"""Ours: how many one message rings, so that their mentions fit into its text; Discord lists 100 each at most [D]."""
FILE = 10 * 1024 * 1024
"""Bytes of a message's files together in a server without boosts [D, Uploading Files]."""
NONCE = 25
"""Characters of a message's nonce [D, Create Message]."""

MODAL_TITLE = 45  # [D, Modal]
LABEL_TEXT = 45  # [D, Label]
LABEL_DESCRIPTION = 100  # [D, Label]
TEXT_INPUT = 4000
"""Longest answer that a text input takes [D, Text Input]."""
SELECT_OPTIONS = 25  # [D, String Select]
OPTION_TEXT = 100
"""Characters of a select option's label and of its value [D, Select Option Structure]."""
CHOICES = 25
"""Offers of one autocompletion [D, Application Command Option Choice]."""
CHOICE_TEXT = 100  # [D, Application Command Option Choice]

CHANNEL_NAME = 100  # [D, Channel object]
THREAD_NAME = 100  # [D, Start Thread]
THREAD_REST = 10080
"""Minutes without a message after which Discord hides a thread; the longest that it offers [D, Start Thread]."""
TOPIC = 1024  # [D, Channel object]
GUILD_CHANNELS = 500
"""Channels and categories in one guild [D; the refusal is 30013]."""
CATEGORY_CHANNELS = 50
"""Channels under one category [K; the refusal is 50035 CHANNEL_PARENT_MAX_CHANNELS]."""
CATEGORY_SPARE = 5
"""Ours: with so few places left in the last category, the next one is made."""
HISTORY_PAGE = 100
"""Messages in one page of a channel's history [D, Get Channel Messages]."""

ANSWER_WITHIN = timedelta(seconds=3)
"""An interaction that is not answered by then is lost [D, Interaction Callback]."""
TOKEN_LIFE = timedelta(minutes=15)
"""An answered interaction can be followed up for so long [D, Interaction Callback]."""
DEFER_AFTER = 2.0
"""Ours, seconds: an answer that takes longer is announced first ("thinking"), so that it may take its time."""
CALL = 4.0
"""Ours, seconds: one intent with all its calls. Must stay below half of the delivery's lease of 10 s, so that an
owner whose call hangs gives up before somebody else may take the work over."""
PATIENCE = 0.5
"""Ours, seconds: a rate limit that ends sooner is waited for in place; a longer one goes back to the delivery."""
OLD_EDIT = timedelta(minutes=1)
"""Ours: how long to leave a message older than an hour that refuses further edits for now (30046) [D]."""
