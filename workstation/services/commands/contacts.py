"""Calls, letters and talks from the command line."""

from datetime import UTC, datetime

from workstation.domain.errors import ConfigurationError
from workstation.domain.messages import Kind, Micros
from workstation.domain.text import N_, lazy
from workstation.services.commands.requests import LogContact, Output
from workstation.services.contacts import Contact
from workstation.services.desk import Desk


async def note(desk: Desk, request: LogContact, output: Output) -> int:
    """Note it; the line names the message, as `reply` and `act` take it."""
    contact = Contact(
        Kind(request.kind),
        request.name,
        request.text,
        request.number,
        _moment(request.at),
        request.case,
        request.ours,
    )
    changes = await desk.contacts.note(contact)
    entry = changes.entries[0]
    await output.say(
        lazy(N_("Noted as message {message} of case {case}."), message=entry.message.id, case=entry.message.case)
    )
    return 0


def _moment(text: str) -> Micros:
    if not text:
        return 0
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(field="at", why=lazy(N_("it is no time such as 2026-11-20T14:30"))) from None
    if found.tzinfo is None:
        found = found.astimezone()
    return int(found.astimezone(UTC).timestamp() * 1_000_000)
