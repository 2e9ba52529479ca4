"""Slack's limits that the sandbox enforces, each with where it is stated.

Sources: [S] docs.slack.dev, [J] java-slack-sdk's MethodsRateLimits.java, [I] an issue thread, [K] general knowledge.
"""

# Messages
TEXT = 40_000
"""Characters of a message's text; longer is refused here, where Slack truncates [S]."""
MESSAGE_BLOCKS = 50  # [S]
BLOCKS_TOTAL = 13_200
"""Characters in all blocks of a message together, beyond which Slack says msg_blocks_too_long [I bolt-js#2509]."""
ATTACHMENTS = 100  # [S]
METADATA_BYTES = 16_384  # [K]

# Blocks
BLOCK_ID = 255  # [S]
ACTION_ID = 255  # [S]
SECTION_TEXT = 3000  # [S]
SECTION_FIELDS = 10  # [S]
FIELD_TEXT = 2000  # [S]
HEADER_TEXT = 150  # [S]
CONTEXT_ELEMENTS = 10  # [S]
CONTEXT_TEXT = 2000  # [K]
ACTION_ELEMENTS = 25  # [S]
LABEL = 2000  # [S]
HINT = 2000  # [S]
URL = 3000  # [S]
ALT_TEXT = 2000  # [S]
IMAGE_TITLE = 2000  # [S]
MARKDOWN_TEXT = 12_000  # [S]

# Elements
BUTTON_TEXT = 75  # [S]
BUTTON_VALUE = 2000  # [S]
PLACEHOLDER = 150  # [S]
OPTIONS = 100  # [S]
OPTION_GROUPS = 100  # [S]
OPTION_TEXT = 75  # [S]
OPTION_VALUE = 150  # [S]
OVERFLOW_OPTIONS = 5  # [S]
BOXES = 10
"""Options of checkboxes and of radio buttons [S]."""
INPUT_LENGTH = 3000  # [S]
CONFIRM_TITLE = 100  # [S]
CONFIRM_TEXT = 300  # [S]
CONFIRM_BUTTON = 30  # [S]

# Views
VIEW_BLOCKS = 100  # [S]
VIEW_TITLE = 24  # [S]
VIEW_BUTTON = 24  # [S]
PRIVATE_METADATA = 3000  # [S]
CALLBACK_ID = 255  # [S]
VIEW_STACK = 3
"""Modals on top of each other [S]."""
TRIGGER_SECONDS = 3.0
"""How long a trigger_id may be used, once [S]."""

# Conversations
CHANNEL_NAME = 80  # [S]
TOPIC = 250
"""Characters of a topic and of a purpose [K]."""
INVITE_USERS = 100
"""Users of one conversations.invite: the newer documentation's number, where the older says 1000 [S]."""
MPIM_USERS = 8  # [S]
PINS = 100  # [I coreos/triagebot#15]
BOOKMARKS = 100  # [K]
PAGE = 1000
"""Items of one page of a listing; history gives 999 [S]."""
HISTORY_PAGE = 999  # [S]
REACTIONS_EACH = 23
"""Different emoji that one user may add to a message [K]."""

# Answers
RESPONSE_URL_USES = 5  # [S]
RESPONSE_URL_SECONDS = 30 * 60.0  # [S]
ACK_SECONDS = 3.0
"""How long Slack waits for an acknowledgement [S]."""
EVENT_RETRIES = (0.0, 60.0, 300.0)
"""Seconds after which an event that nobody acknowledged is sent again: at once, after a minute, after five [K]."""
SOCKETS = 10
"""Open Socket Mode connections of one app [S]."""

# Rates
WINDOW = 60.0
"""Seconds over which a tier counts [S]."""
TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
"""Calls a minute of one method by its tier [S]; a method without a tier is not limited."""
POST_SECONDS = 1.0
"""Seconds between two chat.postMessage to one channel [S]; Slack tolerates short bursts, the sandbox none."""
