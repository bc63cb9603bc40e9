"""Whom an answer goes to: the person who wrote, never a list, never an address that says it is not read; pure."""

import re

from workstation.connectors.email.mime.addresses import Address, entries
from workstation.connectors.email.mime.mail import Mail
from workstation.connectors.email.mime.nature import unanswered
from workstation.domain.errors import InvalidError, ReplyNotAllowedError
from workstation.domain.text import N_, lazy
from workstation.net.plain import one_line

NOT_READ = N_("the address {address} says that nobody reads it")
NOBODY = N_("it names nobody who could be answered")
MACHINE = N_("it was written by a machine")
NO_ADDRESS = N_("“{text}” is no e-mail address")
NO_RECIPIENT = N_("the field “to” names nobody")
MOST = 50
USABLE = re.compile(r"[^\s<>\"(),:;@\\\x00-\x1f]+@[^\s<>\"(),:;@\\\x00-\x1f]+\Z")


def answered(mail: Mail, own: frozenset[str]) -> tuple[Address, ...]:
    """Whom an answer to this mail goes to; ReplyNotAllowedError where nobody should be answered.

    The answer to a mail of our own goes to those it went to.
    """
    if mail.sender.key in own and not _others(mail.reply_to, own):
        found = _others((*mail.to, *mail.cc), own)
        if found:
            return found[:MOST]
        if mail.sender.address:
            return (mail.sender,)
    if mail.returned or mail.bounced:
        raise ReplyNotAllowedError(why=MACHINE)
    candidates = [
        item for item in _others(mail.reply_to, own) if item.key != mail.list_address and not _is_list(item, mail)
    ]
    if not candidates:
        candidates = [item for item in (mail.sender,) if usable(item.address)]
    if not candidates:
        raise ReplyNotAllowedError(why=NOBODY)
    read = [item for item in candidates if not unanswered(item.address)]
    if not read:
        raise ReplyNotAllowedError(why=lazy(NOT_READ, address=candidates[0].address))
    return tuple(read[:5])


def named(text: str) -> tuple[Address, ...]:
    """The addresses in a field that somebody filled in; InvalidError names what is none."""
    found: list[Address] = []
    for entry in entries(text):
        name, angle, rest = entry.strip().rpartition("<")
        address = rest.removesuffix(">").strip() if angle else entry.strip()
        if not address and not name:
            continue
        if not usable(address) or len(found) >= MOST:
            raise InvalidError(why=lazy(NO_ADDRESS, text=entry.strip()[:80]))
        found.append(Address(address, one_line(name.replace('"', ""), 120)))
    if not found:
        raise InvalidError(why=NO_RECIPIENT)
    return tuple(dict.fromkeys(found))


def usable(address: str) -> bool:
    """Whether something can be sent there."""
    return USABLE.match(address) is not None and len(address) <= 320


def _others(given: tuple[Address, ...], own: frozenset[str]) -> tuple[Address, ...]:
    return tuple(dict.fromkeys(item for item in given if item.key not in own and usable(item.address)))


def _is_list(item: Address, mail: Mail) -> bool:
    """Lists often put themselves where answers go; then the mail also went to that address."""
    return bool(mail.list_address) and item.key in {other.key for other in (*mail.to, *mail.cc)}
