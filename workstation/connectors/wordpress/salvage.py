"""Comments that other plugins have changed: PHP says `false` or `[]` for what is missing, and text for an object."""

import json

import msgspec

from workstation.connectors.wordpress.entities import Comment, Text

NUMBERS = ("post", "parent", "author")
WORDS = (
    "author_name", "author_email", "author_ip", "author_user_agent", "date", "date_gmt", "link", "status", "type",
)  # fmt: skip
LARGEST = (1 << 63) - 1


def comment(data: bytes | msgspec.Raw) -> Comment:
    """A comment whose id and text can be told, all else as far as it can be used; ValueError."""
    found = json.loads(bytes(data))
    if not isinstance(found, dict):
        raise ValueError("no object")
    number, content = _number(found.get("id")), _content(found.get("content"))
    if not number or content is None:
        raise ValueError("no comment")
    read = Comment(number, content, author_avatar_urls=found.get("author_avatar_urls"))
    given: dict[str, int | str] = {name: _number(found.get(name)) for name in NUMBERS}
    given |= {name: words for name in WORDS if (words := _words(found.get(name)))}
    return msgspec.structs.replace(read, **given)


def _number(value: object) -> int:
    """A number that a comment or a user can have; 0 for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 20:
        value = int(value)
    return value if isinstance(value, int) and value is not True and 0 < value <= LARGEST else 0


def _words(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _content(value: object) -> Text | None:
    """What was written; None where nothing tells that."""
    if isinstance(value, str):
        return Text(rendered=_words(value))
    if not isinstance(value, dict):
        return None
    raw, rendered = value.get("raw"), value.get("rendered")
    if not isinstance(raw, str) and not isinstance(rendered, str):
        return None
    return Text(rendered=_words(rendered), raw=_words(raw) if isinstance(raw, str) else None)
