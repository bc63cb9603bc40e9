"""Export of messages and cases as CSV or JSON lines."""

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from workstation.domain.cases import Case, Entry
from workstation.domain.messages import Message, Micros
from workstation.domain.reading import worded
from workstation.i18n import plain, render
from workstation.services.commands.requests import Export, Output
from workstation.services.desk import Desk

MESSAGE_KEYS = (
    "id", "channel", "network", "remote_id", "thread", "author", "text", "language", "created_at", "received_at",
    "revision", "deleted",
)  # fmt: skip
CASE_KEYS = (
    "id", "channel", "thread", "customer", "episode", "status", "outcome", "tags", "opened_at", "inbound_at",
    "waiting_since", "replied_at", "solved_at", "snoozed_until", "due_at", "priority", "language", "notes",
)  # fmt: skip


def iso(at: Micros) -> str:
    """ISO 8601 in UTC with microseconds; empty for "not"."""
    if not at:
        return ""
    seconds, micros = divmod(at, 1_000_000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{micros:06d}Z"


def message_row(message: Message, channels: dict[int, str]) -> dict[str, Any]:
    """A message as it is exported; the text of a deleted one is what was last known."""
    return {
        "id": message.id,
        "channel": channels.get(message.channel, str(message.channel)),
        "network": message.author.network,
        "remote_id": message.remote_id,
        "thread": message.branch or message.remote_id,
        "author": message.author.handle,
        "text": worded(message, lambda remark: plain(render(remark))),
        "language": message.language,
        "created_at": iso(message.created_at),
        "received_at": iso(message.received_at),
        "revision": message.revision,
        "deleted": bool(message.deleted_at),
    }


def case_row(case: Case, channels: dict[int, str]) -> dict[str, Any]:
    """A case as it is exported. Who holds it is nobody's business."""
    times = ("opened_at", "inbound_at", "waiting_since", "replied_at", "solved_at", "snoozed_until", "due_at")
    row = {
        "id": case.id,
        "channel": channels.get(case.channel, str(case.channel)),
        "thread": case.branch,
        "customer": case.customer,
        "episode": case.episode,
        "status": case.status.value,
        "outcome": case.outcome.value if case.outcome else "",
        "tags": list(case.tags),
        "priority": case.priority,
        "language": case.language,
        "notes": case.notes,
    }
    return row | {name: iso(getattr(case, name)) for name in times}


def _rows(items: Iterable[Any], channels: dict[int, str]) -> list[dict[str, Any]]:
    rows = []
    for item in items:
        if isinstance(item, Case):
            rows.append(case_row(item, channels))
        else:
            rows.append(message_row(item.message if isinstance(item, Entry) else item, channels))
    return rows


def _jsonl(rows: list[dict[str, Any]], keys: tuple[str, ...]) -> str:
    return "".join(msgspec.json.encode({key: row[key] for key in keys}).decode() + "\n" for row in rows)


def _cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula: texts are strangers'."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = " ".join(value) if isinstance(value, list) else str(value)
    return f"'{text}" if isinstance(value, str) and text[:1] in "=+-@\t\r" and text else text


def _csv(rows: list[dict[str, Any]], keys: tuple[str, ...]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerows([_cell(row[key]) for key in keys] for row in rows)
    return file.getvalue()


async def export(desk: Desk, request: Export, output: Output) -> int:
    """Everything of one kind, chunk by chunk."""
    if request.path:
        await desk.privacy.note_export(Path(request.path))
    channels = {channel.id: channel.name for channel in await desk.store.channels.list()}
    keys = MESSAGE_KEYS if request.what == "messages" else CASE_KEYS
    if request.format == "csv":
        await output.data(",".join(keys) + "\r\n")
    messages = desk.store.messages
    chunks = messages.export() if request.what == "messages" else messages.export_cases()
    async for chunk in chunks:
        rows = _rows(chunk, channels)
        await output.data(_csv(rows, keys) if request.format == "csv" else _jsonl(rows, keys))
    return 0
