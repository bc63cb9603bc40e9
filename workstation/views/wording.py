"""A message in the words of the reader: what the desk has to say of it is put where its text is shown, never stored."""

import msgspec

from workstation.domain import reading
from workstation.domain.messages import Message
from workstation.i18n import render


def text(given: Message) -> str:
    """What a message says, with the desk's remark where there is one."""
    return reading.worded(given, render) if given.marks else given.text


def worded(given: Message) -> Message:
    """A message with the desk's remark in its text. Only to be shown."""
    said = text(given)
    return given if said == given.text else msgspec.structs.replace(given, text=said)
