"""Asking people inside: the text with the thread, without what must not leave; who carries it is a `Carrier`."""

import re
from collections.abc import Sequence
from typing import Protocol

import msgspec

from workstation.domain.cases import Case, Entry, Note
from workstation.domain.messages import Mark
from workstation.domain.reading import remark
from workstation.domain.text import LazyText, Moment, lazy

LONGEST = 4_000
"""Characters of one message that go into a question."""
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+|(?<!\w)@[\w.-]+(?:@[\w.-]+)?")
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w])\+?[A-Z]{0,2}\d(?:[\s./-]?\d){5,}(?![\w])")
HIDDEN = "[\u2026]"


class Selection(msgspec.Struct, frozen=True):
    """What may leave the desk: nothing that tells who the customer is, unless it is chosen."""

    customer: bool = False
    """Name and handle."""
    details: bool = False
    """Mail addresses, handles, links and long numbers inside the texts."""
    links: bool = False
    """Where the messages are on the network."""
    notes: bool = False
    without: frozenset[int] = frozenset()
    """Ids of messages that stay here."""


class Question(msgspec.Struct, frozen=True):
    """What goes to people inside; the reference in the subject finds the case again when their answer comes."""

    to: str
    subject: str
    text: str
    case: int


class Carrier(Protocol):
    """Takes a question to people inside: the clipboard, or a mailbox channel."""

    async def carry(self, question: Question) -> None:
        """Take it along; raises a MeridianError where that fails, and then nothing is marked as asked."""


def reference(case: Case) -> str:
    """What names the case in a subject, whatever the language."""
    return f"[case {case.id}]"


_REFERENCE = re.compile(r"\[case (\d{1,18})\]")


def referred(subject: str) -> int:
    """The case that a subject refers to; 0 for none."""
    found = _REFERENCE.search(subject)
    return int(found[1]) if found else 0


def masked(text: str) -> str:
    """A text without mail addresses, handles, links and long numbers."""
    for pattern in (_LINK, _ADDRESS, _NUMBER):
        text = pattern.sub(HIDDEN, text)
    return text


def subject(case: Case) -> LazyText:
    """The subject of a question."""
    return lazy("Question about a customer’s request {reference}", reference=reference(case))


def body(ask: str, entries: Sequence[Entry], notes: Sequence[Note], selection: Selection) -> tuple[LazyText | str, ...]:
    """The lines of a question, in order: what is asked, then the conversation as far as it may leave."""
    lines: list[LazyText | str] = [ask.strip(), ""] if ask.strip() else []
    lines.append(lazy("The conversation so far:"))
    for entry in entries:
        if entry.message.id not in selection.without and not entry.message.deleted_at:
            lines += ["", *_message(entry, selection)]
    if selection.notes and notes:
        lines += ["", lazy("Notes:")]
        lines += [_text(note.text, selection) for note in notes]
    return tuple(lines)


def _message(entry: Entry, selection: Selection) -> list[LazyText | str]:
    message = entry.message
    who: LazyText | str = lazy("We")
    if not message.own:
        name = f"{message.author.name} ({message.author.handle})"
        who = name if selection.customer else lazy("The customer")
    head = lazy("{who}, {time}:", who=who, time=Moment(message.created_at))
    lines: list[LazyText | str] = [head]
    if message.text:
        lines.append(_text(message.text, selection))
    if (told := remark(message)) is not None and Mark.INVITED not in message.marks:
        lines.append(told)
    if message.media:
        lines.append(lazy("(with attachments)"))
    if selection.links and message.address:
        lines.append(message.address)
    return lines


def _text(text: str, selection: Selection) -> str:
    shown = text if selection.details else masked(text)
    return shown if len(shown) <= LONGEST else shown[:LONGEST] + "\u2026"
