"""The Web API's methods: what runs for each name, which scopes it needs and how often it may be called."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from adapters.sandbox.slack import scopes
from adapters.sandbox.slack.ask import Ask
from adapters.sandbox.slack.methods import (
    bookmarks,
    chat,
    files,
    history,
    listing,
    members,
    pins,
    reactions,
    rooms,
    users,
    views,
    workspace,
)
from adapters.sandbox.slack.model import Wire


@dataclass(frozen=True, slots=True)
class Method:
    """A method. ``tier`` is its rate limit [J]; ``None`` where it has one of its own, or none."""

    run: Callable[[Ask], Wire]
    needs: scopes.Needs = field(default_factory=dict)
    tier: int | None = None


METHODS: Mapping[str, Method] = {
    "api.test": Method(workspace.api_test),
    "auth.test": Method(workspace.auth_test),
    "team.info": Method(workspace.team_info, scopes.TEAM, 3),
    "bots.info": Method(workspace.bots_info, scopes.USERS, 3),
    "usergroups.list": Method(workspace.usergroups_list, scopes.USERGROUPS, 2),
    "users.info": Method(users.info, scopes.USERS, 4),
    "users.list": Method(users.listing, scopes.USERS, 2),
    "users.lookupByEmail": Method(users.lookup_by_email, scopes.EMAIL, 3),
    "users.conversations": Method(listing.of_user, scopes.READ, 2),
    "conversations.list": Method(listing.everything, scopes.READ, 2),
    "conversations.info": Method(listing.info, scopes.READ, 3),
    "conversations.members": Method(listing.members, scopes.READ, 4),
    "conversations.create": Method(rooms.create, scopes.MANAGE, 2),
    "conversations.rename": Method(rooms.rename, scopes.MANAGE, 2),
    "conversations.archive": Method(rooms.archive, scopes.MANAGE, 2),
    "conversations.unarchive": Method(rooms.unarchive, scopes.MANAGE, 2),
    "conversations.setTopic": Method(rooms.set_topic, scopes.TOPIC, 2),
    "conversations.setPurpose": Method(rooms.set_purpose, scopes.TOPIC, 2),
    "conversations.open": Method(rooms.open_dm, scopes.OPEN, 3),
    "conversations.invite": Method(members.invite, scopes.INVITE, 3),
    "conversations.kick": Method(members.kick, scopes.MANAGE, 3),
    "conversations.join": Method(members.join, scopes.JOIN, 3),
    "conversations.leave": Method(members.leave, scopes.MANAGE, 3),
    "conversations.history": Method(history.history, scopes.HISTORY, 3),
    "conversations.replies": Method(history.replies, scopes.HISTORY, 3),
    "chat.postMessage": Method(chat.post_message, scopes.CHAT),
    "chat.postEphemeral": Method(chat.post_ephemeral, scopes.CHAT, 4),
    "chat.update": Method(chat.update, scopes.CHAT, 3),
    "chat.delete": Method(chat.delete, scopes.CHAT, 3),
    "chat.getPermalink": Method(chat.get_permalink),
    "pins.add": Method(pins.add, scopes.PINS_WRITE, 2),
    "pins.list": Method(pins.listing, scopes.PINS_READ, 2),
    "pins.remove": Method(pins.remove, scopes.PINS_WRITE, 2),
    "bookmarks.add": Method(bookmarks.add, scopes.BOOKMARKS_WRITE, 2),
    "bookmarks.edit": Method(bookmarks.edit, scopes.BOOKMARKS_WRITE, 2),
    "bookmarks.list": Method(bookmarks.listing, scopes.BOOKMARKS_READ, 3),
    "bookmarks.remove": Method(bookmarks.remove, scopes.BOOKMARKS_WRITE, 2),
    "reactions.add": Method(reactions.add, scopes.REACTIONS_WRITE, 3),
    "reactions.get": Method(reactions.get, scopes.REACTIONS_READ, 3),
    "reactions.remove": Method(reactions.remove, scopes.REACTIONS_WRITE, 2),
    "views.open": Method(views.open_view, tier=4),
    "views.push": Method(views.push, tier=4),
    "views.update": Method(views.update, tier=4),
    "views.publish": Method(views.publish, tier=4),
    "files.getUploadURLExternal": Method(files.get_upload_url, scopes.FILES, 4),
    "files.completeUploadExternal": Method(files.complete_upload, scopes.FILES, 4),
}
"""``apps.connections.open`` is not among them: it is the one that takes the app's token."""
