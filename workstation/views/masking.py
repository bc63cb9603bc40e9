"""What others may see of persons while a screen is shared: numbers instead of names, dots instead of addresses.

Whether it is masked is a property of the screen, as its theme is: there is one for the process, every view that writes
something of a stranger asks here, and the switch lets all of them write anew. What is stored or sent stays as it is.
"""

from typing import ClassVar

import msgspec
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from workstation.domain.cases import Entry
from workstation.domain.masking import HIDDEN, masked, words_of
from workstation.domain.masking import spans as hidden
from workstation.domain.messages import Author, Message
from workstation.i18n import _
from workstation.views import softening, wording

MOST = 20_000
"""Persons that are told apart; beyond it numbering begins anew."""


class _Current:
    """The one state of this process."""

    on = False
    numbers: ClassVar[dict[tuple[str, str], int]] = {}
    names: ClassVar[set[str]] = set()


def on() -> bool:
    """Whether persons are hidden now."""
    return _Current.on


def switch(app: QApplication, wanted: bool) -> None:
    """Hide persons, or show them again, in every window; what is open stays as it is."""
    if wanted == _Current.on:
        return
    _Current.on = wanted
    # Every view writes its texts anew when the language changes; that is what is wanted here.
    for window in app.topLevelWidgets():
        QApplication.sendEvent(window, QEvent(QEvent.Type.LanguageChange))


def number(person: Author) -> int:
    """A number that stays a person's for this run, and tells nothing of them."""
    key = (person.network, person.remote_id)
    if key not in _Current.numbers:
        if len(_Current.numbers) >= MOST:
            _Current.numbers.clear()
            _Current.names.clear()
        _Current.numbers[key] = len(_Current.numbers) + 1
        _Current.names |= words_of(person.name)
        _Current.names |= words_of(person.handle.lstrip("@").partition("@")[0])
    return _Current.numbers[key]


def author(person: Author) -> Author:
    """The person as the screen may show them. Only to be shown: it has no id of the network's any more."""
    if not _Current.on:
        return person
    mark = number(person)
    return Author(person.network, f"person {mark}", HIDDEN, _("Person {number}", number=str(mark)), bot=person.bot)


def name(person: Author) -> str:
    """The person's name, or what stands for it."""
    shown = author(person)
    return shown.name or shown.handle


def handle(person: Author) -> str:
    """The person's handle, or what stands for it."""
    return HIDDEN if _Current.on else person.handle


def text(words: str) -> str:
    """What somebody wrote, as the screen may show it."""
    words = softening.text(words)
    return masked(words, _Current.names) if _Current.on and words else words


def spans(words: str) -> list[tuple[int, int]]:
    """Where in a text that is being written something must not be read; empty while nothing is hidden."""
    return hidden(words, _Current.names) if _Current.on else []


def message(given: Message) -> Message:
    """A message as the screen may show it; our own account stays itself. Only to be shown."""
    given = softening.message(wording.worded(given))
    if not _Current.on:
        return given
    who = given.author if given.own else author(given.author)
    media = tuple(msgspec.structs.replace(item, alt=text(item.alt)) for item in given.media)
    return msgspec.structs.replace(given, author=who, text=text(given.text), spoiler=text(given.spoiler), media=media)


def entry(given: Entry) -> Entry:
    """An entry as the screen may show it. Only to be shown."""
    if not _Current.on:
        softened = softening.message(wording.worded(given.message))
        return given if softened is given.message else msgspec.structs.replace(given, message=softened)
    case = given.case
    if case is not None and case.tags:
        case = msgspec.structs.replace(case, tags=tuple(text(tag) for tag in case.tags))
    return msgspec.structs.replace(given, message=message(given.message), case=case)
