"""How a message is read: its title, what is new in it, and what it repeats of others."""

from collections.abc import Iterator
from itertools import groupby

from workstation.domain.messages import Kind, Mark, Message

_WITHOUT_AT = frozenset({Kind.MAIL, Kind.COMMENT, Kind.ITEM, Kind.CALL, Kind.LETTER, Kind.TALK})


def as_written(handle: str, kind: Kind) -> str:
    """A handle as people write it where such messages come from: with an @ before it, but for addresses and names."""
    bare = handle.removeprefix("@")
    return f"@{bare}" if bare and kind not in _WITHOUT_AT else bare


def title_and_body(message: Message) -> tuple[str, str]:
    """The title of a titled message and the rest of its text; an empty title for all others."""
    if Mark.TITLED not in message.marks:
        return "", message.text
    title, _, body = message.text.partition("\n")
    return title.strip(), body.lstrip("\n")


def passages(text: str) -> Iterator[tuple[bool, str]]:
    """The text in passages of whole lines: whether each is quoted (its lines begin with ">"), and its lines."""
    if not _quotes(text):
        yield False, text
        return
    for quoted, lines in groupby(text.split("\n"), key=lambda line: line.startswith(">")):
        yield quoted, "\n".join(lines)


def own_words(text: str) -> str:
    """The text without what it quotes; all of it where there is nothing else."""
    if not _quotes(text):
        return text
    own = "\n".join(part.strip("\n") for quoted, part in passages(text) if not quoted and part.strip())
    return own or text


def _quotes(text: str) -> bool:
    return text.startswith(">") or "\n>" in text
