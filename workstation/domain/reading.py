"""How a message is read: its title, what is new in it, and what it repeats of others."""

from collections.abc import Callable, Iterator
from itertools import groupby

from workstation.domain.messages import Kind, Mark, Message
from workstation.domain.text import N_, LazyText, lazy

_WITHOUT_AT = frozenset({Kind.MAIL, Kind.COMMENT, Kind.ITEM, Kind.CALL, Kind.LETTER, Kind.TALK})

_WITHOUT_AT_ON = {"email": Kind.MAIL, "wordpress": Kind.COMMENT, "feed": Kind.ITEM, "logged": Kind.TALK}


_INVITED = N_("Invitation to the room “{room}”")
_ACCEPTED = N_("Invitation to the room “{room}”, accepted")
_REMARKS = {
    Mark.ENCRYPTED: N_("This message is encrypted. It cannot be read here."),
    Mark.EMPTY: N_("This mail is empty."),
    Mark.INVITED: _INVITED,
    Mark.SEALED: N_("This room is encrypted from now on. What is written in it cannot be read here."),
    Mark.MOVED: N_("This room has moved to another one."),
    Mark.LEFT: N_("We are no longer in this room."),
    Mark.BANNED: N_("We are banned from this room."),
}


def remark(message: Message) -> LazyText | None:
    """What the desk has to say of a message that its text does not say; None for nearly all."""
    for mark in message.marks:
        if mark is Mark.INVITED:
            return lazy(_INVITED if Mark.HELD in message.marks else _ACCEPTED, room=message.text)
        if mark in _REMARKS:
            return lazy(_REMARKS[mark])
    return None


def worded(message: Message, say: Callable[[LazyText], str]) -> str:
    """The text of a message as it is shown, the desk's remark included in the words of `say`; never stored."""
    found = remark(message)
    if found is None:
        return message.text
    if Mark.INVITED in message.marks:
        return say(found)
    if Mark.ENCRYPTED in message.marks:  # what could be read of it, such as its subject, comes first
        return f"{message.text}\n\n{say(found)}".lstrip()
    return f"{say(found)} {message.text}".rstrip()


def as_written(handle: str, kind: Kind) -> str:
    """A handle as people write it where such messages come from: with an @ before it, but for addresses and names."""
    bare = handle.removeprefix("@")
    return f"@{bare}" if bare and kind not in _WITHOUT_AT else bare


def account_as_written(handle: str, network: str) -> str:
    """As `as_written`, for an account that is no message's author but one of a network."""
    return as_written(handle, _WITHOUT_AT_ON.get(network, Kind.POST))


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
