"""The deck's columns and the window's place, as text files in the profile that can be compared and shared."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from workstation.domain.channels import ChannelConfig
from workstation.services import tomlfile
from workstation.services.columns import ColumnSpec
from workstation.services.presets import BY_ID

FIRST = ("needs_reply", "mentions", "direct", "mine", "home")
"""Presets of a new deck, in their order."""
MOST = 64
"""Columns in a deck; a file with more was not written by us."""


class Layout:
    """Loads and saves. A column that cannot be read is left out, and the others survive."""

    def __init__(self, columns: Path, window: Path) -> None:
        self._columns = columns
        self._window = window

    def load(self) -> tuple[ColumnSpec, ...]:
        """The columns in their order; empty if none were ever saved."""
        found: dict[str, ColumnSpec] = {}
        for table in _tables(tomlfile.read(self._columns).get("column"))[:MOST]:
            try:
                spec = msgspec.convert(table, ColumnSpec)
            except msgspec.ValidationError:
                continue
            found.setdefault(spec.id, spec)
        return tuple(found.values())

    def default_for(self, channels: Sequence[ChannelConfig]) -> tuple[ColumnSpec, ...]:
        """The columns of a new deck, with one for each hashtag that is read; none while there is no channel."""
        if not channels:
            return ()
        read = (source.strip() for channel in channels for source in channel.settings.get("sources", "").split(","))
        tags = dict.fromkeys(source.partition(":")[2].strip("# ") for source in read if source.startswith("hashtag:"))
        hashtags = [BY_ID["hashtag"].column(f"hashtag-{tag}", tag) for tag in tags if tag]
        return (*(BY_ID[name].column(name) for name in FIRST), *hashtags)

    def save(self, columns: Sequence[ColumnSpec]) -> None:
        """Write the columns down."""
        tables = [_without_defaults(column) for column in columns]
        tomlfile.write(self._columns, {"column": tables})

    def window(self) -> dict[str, Any]:
        """The window's place as the window wrote it."""
        return tomlfile.read(self._window)

    def save_window(self, place: dict[str, Any]) -> None:
        """Write the window's place down; strings, numbers and lists of them."""
        tomlfile.write(self._window, place)


def _tables(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _without_defaults(column: ColumnSpec) -> dict[str, Any]:
    plain = ColumnSpec(column.id)
    return {
        name: value
        for name, value in msgspec.to_builtins(column).items()
        if name == "id" or value != getattr(plain, name)
    }
