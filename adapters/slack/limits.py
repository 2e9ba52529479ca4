"""Slack's limits, by name, each with its source.

[B] docs.slack.dev/reference/block-kit, [M] the method's page under docs.slack.dev/reference/methods,
[V] docs.slack.dev/reference/views, [H] help centre, [I] seen in an issue thread and nowhere documented.
"""

from datetime import timedelta

TIMEOUT = 4.0
"""Seconds for one call in all. Ours: it must stay below half of the ten seconds for which delivery owns a message."""
CONNECT_TIMEOUT = 2.0
"""Seconds of those for reaching Slack at all. Ours."""
SLACK_IN_CLOCKS = timedelta(seconds=5)
"""How far Slack's clock may be behind ours. Ours."""

BLOCKS = 50
"""Blocks of a message [B]."""
HEADER = 150
"""Characters of a header block [B]."""
BODY = 6_000
"""Characters of a card's text. Ours: with the fields and all else it stays below 13,200 characters, at which Slack said
``msg_blocks_too_long`` [I bolt-js#2509]."""
FIELD = 1_500
"""Characters of one field's value. Ours, see ``BODY``."""
FIELDS = 4_000
"""Characters of all fields together. Ours, see ``BODY``."""
FOOTER = 500
"""Characters of the footer. Ours, see ``BODY``."""
CONTEXT_ELEMENTS = 10
"""Elements of a context block [B]."""
FALLBACK = 3_000
"""Characters of the text for notifications and screen readers; at most 4,000 are recommended [M chat.postMessage]."""

BESIDE = 300
"""Characters of the line beside a file. Ours: a section takes 3,000 [B], but this one travels in the call's address."""
FILE = 1_000_000_000
"""Bytes of a file: one gigabyte [H: Add files to Slack]."""
SHARED_AFTER = (0.0, 0.3, 0.7, 1.0)
"""Seconds of waiting before each look for a file that was just posted. Ours: Slack shows it a moment after it took it
[I bolt-js#2115]."""
SHARING = timedelta(seconds=10)
"""How long a file that Slack may have taken is given to appear before it is looked for again. Ours, see above."""

BUTTONS = 25
"""Elements of an actions block [B]; a card has one."""
BUTTON_LABEL = 75
"""Characters of a button's text [B]."""
URL = 3_000
"""Characters of a button's address [B]."""

VIEW_TITLE = 24
"""Characters of a modal's title and of its buttons [V]."""
METADATA = 3_000
"""Characters of a modal's ``private_metadata`` [V]."""
ANSWER = 3_000
"""Characters of a text input's answer [B]."""
LABEL = 2_000
"""Characters of an input's label and of its hint [B]."""
PLACEHOLDER = 150
"""Characters of a placeholder [B]."""
OPTION = 75
"""Characters of an option's label [B]."""
OPTION_VALUE = 150
"""Characters of an option's value [B]."""

CHANNEL_NAME = 80
"""Characters of a channel's name [M conversations.create]."""
TOPIC = 250
"""Characters of a channel's topic [M conversations.setTopic]."""
INVITED = 100
"""People in one invitation [M conversations.invite; older pages said 1,000]."""
BOOKMARK_TITLE = 255
"""Characters of a bookmark's title. Not documented; ours, the length of Slack's other short names."""
PAGE = 200
"""Messages or channels asked for at once; more is not recommended [M conversations.list]."""

REQUEST_BODY = 1_048_576
"""Bytes of a request from Slack in HTTP mode. Ours; Slack's are some kilobytes."""
REQUEST_WAIT = 10.0
"""Seconds in which such a request has to be there whole. Ours; Slack itself waits three for an answer."""
REPLAY = 300.0
"""Seconds of age from which a signed request is refused [docs.slack.dev: Verifying requests from Slack]."""
