"""Discord's limits, as the sandbox enforces them.

Sources: [D] discord-api-docs, [K] generally known, [I] issue threads, [O] our own choice for the sandbox.
"""

# Messages
CONTENT = 2000  # [D]
NONCE = 25  # [D]
NONCE_SECONDS = 300  # "the past few minutes" [D]; the number is ours [O]
LIST_MESSAGES = 100  # [D] of one GET
UPLOAD_BYTES = 10 * 1024 * 1024  # [D] without boosts
UPLOAD_FILES = 10  # [D]
OLD_EDIT_AGE_SECONDS = 3600  # 30046 [D]
OLD_EDITS = 3  # edits to messages older than an hour, per channel … [I circuitsacul/starboard-4#118, unconfirmed]
OLD_EDITS_SECONDS = 20.0  # … in so many seconds; Discord does not publish it [same]
REACTIONS = 20  # distinct ones per message, 30010 [D]
PINS = 250  # 30003 [D]
PINS_PAGE = 50  # [D]

# Embeds [D]
EMBEDS = 10
EMBEDS_TOTAL = 6000
EMBED_TITLE = 256
EMBED_DESCRIPTION = 4096
EMBED_FIELDS = 25
EMBED_FIELD_NAME = 256
EMBED_FIELD_VALUE = 1024
EMBED_FOOTER = 2048
EMBED_AUTHOR = 256
COLOUR = 0xFFFFFF

# Components [D]
ROWS = 5
BUTTONS_IN_ROW = 5
CUSTOM_ID = 100
BUTTON_LABEL = 80
BUTTON_URL = 512
SELECT_OPTIONS = 25
SELECT_OPTION_TEXT = 100
SELECT_PLACEHOLDER = 150
V2_COMPONENTS = 40
V2_TEXT = 4000

# Modals [D]
MODAL_TITLE = 45
MODAL_INPUTS = 5
MODAL_LABEL = 45
MODAL_DESCRIPTION = 100
INPUT_VALUE = 4000
INPUT_PLACEHOLDER = 100

# Channels, threads, roles [D]
CHANNEL_NAME = 100
CHANNEL_TOPIC = 1024
CHANNELS = 500
CHANNELS_IN_CATEGORY = 50
SLOW_MODE_SECONDS = 21600
ARCHIVE_MINUTES = (60, 1440, 4320, 10080)
THREAD_MEMBERS = 1000
ROLES = 250
ROLE_NAME = 100

# Application commands [D]
COMMANDS = 100
COMMAND_CREATES_PER_DAY = 200
COMMAND_NAME = 32
COMMAND_DESCRIPTION = 100
COMMAND_OPTIONS = 25
COMMAND_CHOICES = 25
CHOICE_TEXT = 100
COMMAND_TOTAL = 8000

# Interactions [D]
ANSWER_SECONDS = 3.0
TOKEN_SECONDS = 15 * 60

# Rates
GLOBAL_PER_SECOND = 50  # [D]
CHANNEL_MESSAGES = 5  # [K] messages to one channel …
CHANNEL_MESSAGES_SECONDS = 5.0  # [K] … in so many seconds
RENAMES = 2  # [I discord-api-docs#2208] changes of name or topic of one channel …
RENAMES_SECONDS = 600.0  # … in ten minutes

# Gateway
HEARTBEAT_SECONDS = 41.25  # [K]
GATEWAY_PAYLOAD = 4096  # bytes, close 4002 [D]
GATEWAY_SENDS = 120  # per GATEWAY_SENDS_SECONDS, close 4008 [D]
GATEWAY_SENDS_SECONDS = 60.0
REPLAY = 10_000  # events kept for RESUME [O]
LOST_SESSIONS = 50  # sessions without a socket that are kept for RESUME [O]
CHUNK = 1000  # members in one GUILD_MEMBERS_CHUNK [D]
SETTLE_SECONDS = 1.0  # how long a session may take to ask for its members [O]
