"""Ids and addresses of Matrix: users, rooms, events, media, permalinks; pure."""

import hashlib
from urllib.parse import quote, unquote

from workstation.domain.errors import ConfigurationError
from workstation.domain.text import N_
from workstation.net.messages import typed_server

LONGEST_ID = 255
"""Characters of an id: no honest server makes longer ones."""
INVITATION = "invite:"
"""Begins the remote id of an invitation, which has no event of its own: the room's id follows."""
PERMALINK = "https://matrix.to/#/"

NO_USER = N_("it must be a user such as @support:example.org, or the part before the colon")
NO_ROOM = N_("it must be the id or the address of a room")


def is_id(text: object, sigil: str) -> bool:
    """Whether it is an id that begins with that character and can be stored and asked for."""
    return (
        isinstance(text, str)
        and 1 < len(text) <= LONGEST_ID
        and text[0] in sigil
        and text.isprintable()
        and " " not in text
    )


def part(text: str) -> str:
    """An id as a part of a path."""
    return quote(text, safe="")


def handle(user: str) -> str:
    """What people call an account: its id without the sign before it."""
    return user.removeprefix("@")


def localpart(user: str) -> str:
    """The part of a user's id before the server."""
    return user.removeprefix("@").partition(":")[0]


def wanted_user(typed: str) -> str:
    """A user as typed, checked: a whole id, or the part before the colon. ConfigurationError."""
    text = typed.strip()
    if text and (not text.isprintable() or " " in text or len(text) > LONGEST_ID or text in {"@", ":"}):
        raise ConfigurationError(field="user", why=NO_USER)
    if ":" in text and not text.startswith("@"):
        return f"@{text}"
    return text


def is_user(wanted: str, user: str) -> bool:
    """Whether a typed user means this id; empty means anyone."""
    if not wanted:
        return True
    return wanted == user if ":" in wanted else wanted.removeprefix("@") == localpart(user)


def wanted_room(typed: str) -> str:
    """A room's id or address as typed, checked; empty where there is none. ConfigurationError."""
    text = typed.strip()
    if text and not is_id(text, "!#"):
        raise ConfigurationError(field="post_room", why=NO_ROOM)
    return text


def base_address(server: str) -> str:
    """Scheme, host, port and path of what was typed, without the last slash. ConfigurationError."""
    place, path = typed_server(server)
    return place + path.partition("/_matrix")[0].rstrip("/")


def permalink(room: str, event: str = "") -> str:
    """The address that every client opens."""
    return PERMALINK + quote(room, safe="!:@#") + (f"/{quote(event, safe='$:')}" if event else "")


def linked(href: str) -> str:
    """The id that a permalink or a `matrix:` address names, such as @alice:example.org; empty where it is neither."""
    if href.startswith(PERMALINK):
        return unquote(href.removeprefix(PERMALINK).partition("?")[0].partition("/")[0])
    if href.startswith("matrix:u/"):
        return "@" + unquote(href.removeprefix("matrix:u/").partition("?")[0])
    return ""


def media_parts(url: str) -> tuple[str, str]:
    """Server and id of an `mxc://server/id` address; two empty texts where it is none."""
    server, _, media = url.removeprefix("mxc://").partition("/")
    sound = all(item and item.isprintable() and "/" not in item and " " not in item for item in (server, media))
    return (server, media) if url.startswith("mxc://") and sound and len(url) <= 2 * LONGEST_ID else ("", "")


def conversation(room: str, user: str) -> str:
    """The branch of what one person writes in a room with many: theirs, and not the whole room's."""
    return f"{room}~{hashlib.blake2b(f'{room} {user}'.encode(errors='replace'), digest_size=6).hexdigest()}"
