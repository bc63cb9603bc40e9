"""The deck's columns and the window's place, as text files in the profile that can be compared and shared.

`layout.toml` is the deck as it stands; `layouts/NAME.toml` are arrangements kept under a name, one for each place where
somebody works. Switching copies one of them over the deck and gives back what stood there, so that it can be undone.
"""

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from workstation.domain.channels import ChannelConfig
from workstation.domain.errors import MeridianError
from workstation.domain.text import N_, lazy
from workstation.services import tomlfile
from workstation.services.columns import ColumnSpec
from workstation.services.highlights import MOST as MOST_HIGHLIGHTS
from workstation.services.highlights import Highlight
from workstation.services.presets import BY_ID

FIRST = ("needs_reply", "mentions", "direct", "mine", "home")
"""Presets of a new deck, in their order."""
MOST = 64
"""Columns in a deck; a file with more was not written by us."""
MOST_LAYOUTS = 40
LONGEST_NAME = 40
_DEVICES = {"con", "prn", "aux", "nul", *(f"{kind}{number}" for kind in ("com", "lpt") for number in range(1, 10))}
"""Names that Windows keeps for itself, whatever follows the dot."""


class LayoutNameError(MeridianError):
    """A layout of that name cannot be made."""

    code = "layout_name"
    sentence = N_("A layout cannot be called “{name}”: {why}")


class Arrangement(msgspec.Struct, frozen=True):
    """A deck: its columns in their order, the highlights of all of them, and the name it goes by."""

    columns: tuple[ColumnSpec, ...] = ()
    highlights: tuple[Highlight, ...] = ()
    name: str = ""


class Layout:
    """Loads and saves. A column that cannot be read is left out, and the others survive."""

    def __init__(self, columns: Path, window: Path) -> None:
        self._columns = columns
        self._window = window
        self._folder = columns.parent / "layouts"
        self._known: Arrangement | None = None

    # The deck as it stands ----------------------------------------------------------------------------------------

    @property
    def now(self) -> Arrangement:
        """The deck as it was saved last."""
        if self._known is None:
            self._known = _read(tomlfile.read(self._columns))
        return self._known

    def load(self) -> tuple[ColumnSpec, ...]:
        """The columns in their order; empty if none were ever saved."""
        self._known = None
        return self.now.columns

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
        self.put(msgspec.structs.replace(self.now, columns=tuple(columns)))

    def highlight(self, highlights: Sequence[Highlight]) -> None:
        """Write down the highlights of the whole deck."""
        self.put(msgspec.structs.replace(self.now, highlights=tuple(highlights)[:MOST_HIGHLIGHTS]))

    def put(self, arrangement: Arrangement) -> Arrangement:
        """Let the deck be this; returns what it was before."""
        before, self._known = self.now, arrangement
        tomlfile.write(self._columns, _written(arrangement))
        return before

    # Layouts by name ----------------------------------------------------------------------------------------------

    def names(self) -> tuple[str, ...]:
        """The layouts there are, by name."""
        return tuple(sorted(self._files(), key=str.casefold))

    def kept(self, name: str) -> Arrangement | None:
        """The layout of that name, or None."""
        path = self._files().get(name)
        return None if path is None else _read(tomlfile.read(path))

    def keep(self, name: str, arrangement: Arrangement | None = None) -> str:
        """Keep an arrangement (default: the deck as it stands) under a name; returns the name. LayoutNameError."""
        name = self._fit(name)
        known = self._files()
        same = next((other for other in known if other.casefold() == name.casefold()), None)
        if same is None and len(known) >= MOST_LAYOUTS:
            raise LayoutNameError(name=name, why=lazy(N_("there are too many layouts already")))
        path = known[same] if same is not None else self._free(name)
        chosen = arrangement or self.now
        tomlfile.write(path, _written(msgspec.structs.replace(chosen, name=name)))
        if arrangement is None:
            self.put(msgspec.structs.replace(self.now, name=name))
        return name

    def switch(self, name: str) -> Arrangement | None:
        """Let the deck be the layout of that name; returns what it was before, None if there is no such layout."""
        found = self.kept(name)
        return None if found is None else self.put(msgspec.structs.replace(found, name=name))

    def rename(self, name: str, to: str) -> str:
        """Give a layout another name and return it. LayoutNameError, also where the name is taken."""
        to = self._fit(to)
        found = self.kept(name)
        if found is None or to == name:
            return name
        if to.casefold() != name.casefold() and any(to.casefold() == other.casefold() for other in self._files()):
            raise LayoutNameError(name=to, why=lazy(N_("there is one of this name already")))
        self.delete(name)
        self.keep(to, found)
        if self.now.name == name:
            self.put(msgspec.structs.replace(self.now, name=to))
        return to

    def delete(self, name: str) -> Arrangement | None:
        """Forget a layout; returns what it was, for `keep`."""
        found, path = self.kept(name), self._files().get(name)
        if path is not None:
            with contextlib.suppress(OSError):
                path.unlink()
        return found

    @property
    def changed(self) -> bool:
        """Whether the deck differs from the layout whose name it bears."""
        kept = self.kept(self.now.name) if self.now.name else None
        return kept is not None and (kept.columns, kept.highlights) != (self.now.columns, self.now.highlights)

    def _files(self) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for path in sorted(self._folder.glob("*.toml"))[: MOST_LAYOUTS * 2]:
            name = tomlfile.read(path).get("name")
            found.setdefault(name if isinstance(name, str) and name else path.stem, path)
        return found

    def _fit(self, name: str) -> str:
        name = " ".join("".join(char if char.isprintable() else " " for char in name).split())[:LONGEST_NAME]
        if not name:
            raise LayoutNameError(name=name, why=lazy(N_("it needs a name")))
        return name

    def _free(self, name: str) -> Path:
        """A file for a new layout, with a name that every system takes."""
        stem = "".join(char if char.isalnum() or char in "-_ " else "_" for char in name).strip(" ") or "_"
        if stem.casefold() in _DEVICES:
            stem = f"_{stem}"
        path, number = self._folder / f"{stem}.toml", 2
        while path.exists():
            path, number = self._folder / f"{stem} {number}.toml", number + 1
        return path

    # The window ---------------------------------------------------------------------------------------------------

    def window(self) -> dict[str, Any]:
        """The window's place as the window wrote it."""
        return tomlfile.read(self._window)

    def save_window(self, place: dict[str, Any]) -> None:
        """Write the window's place down; strings, numbers and lists of them."""
        tomlfile.write(self._window, place)


def _read(table: dict[str, Any]) -> Arrangement:
    found: dict[str, ColumnSpec] = {}
    for column in _tables(table.get("column"))[:MOST]:
        try:
            spec = msgspec.convert(column, ColumnSpec)
        except msgspec.ValidationError:
            continue
        found.setdefault(spec.id, spec)
    highlights: list[Highlight] = []
    for row in _tables(table.get("highlight"))[:MOST_HIGHLIGHTS]:
        with contextlib.suppress(msgspec.ValidationError):
            highlights.append(msgspec.convert(row, Highlight))
    name = table.get("name")
    return Arrangement(tuple(found.values()), tuple(highlights), name if isinstance(name, str) else "")


def _written(arrangement: Arrangement) -> dict[str, Any]:
    table: dict[str, Any] = {"name": arrangement.name} if arrangement.name else {}
    if arrangement.highlights:
        table["highlight"] = [msgspec.to_builtins(highlight) for highlight in arrangement.highlights]
    table["column"] = [without_defaults(column) for column in arrangement.columns]
    return table


def _tables(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def without_defaults(column: ColumnSpec) -> dict[str, Any]:
    """A column as a table that says only what is not usual."""
    plain = msgspec.to_builtins(ColumnSpec(column.id))
    return {name: value for name, value in msgspec.to_builtins(column).items() if name == "id" or value != plain[name]}
