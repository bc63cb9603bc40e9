"""The files of a profile and the exports it wrote: a person is taken out of them, then every byte is searched.

Runs in threads. Files are read in small pieces, because a search through bytes keeps the main thread waiting.
"""

import contextlib
import csv
import io
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from workstation.domain.filters import handle_key
from workstation.domain.privacy import Left, Person, Term
from workstation.domain.text import N_
from workstation.domain.traces import ByteSearch, Masker
from workstation.services.profile import Profile

PIECE = 65_536
"""Bytes that are searched in one go."""
LARGEST_TEXT = 50_000_000
"""Bytes of a file that is masked as a whole."""
SETTINGS = ("*.toml", "*.toml.*", "*.ini", "*.json")
PARTIAL = ".part"
UNCHANGED = N_("it cannot be changed")
_OWN = frozenset({"owner.json"})


def settings_files(profile: Profile) -> tuple[Path, ...]:
    """Columns, layouts, rules, preferences: the files in which a filter may name somebody."""
    found: dict[Path, None] = {}
    for pattern in SETTINGS:
        for path in sorted(profile.root.rglob(pattern)):
            if path.is_file() and path.name not in _OWN and not _apart(profile, path):
                found[path] = None
    return tuple(found)


def log_files(profile: Profile) -> tuple[Path, ...]:
    """The logs, the rotated ones too."""
    return tuple(sorted(path for path in profile.logs.glob("*") if path.is_file()))


def _apart(profile: Profile, path: Path) -> bool:
    """What has its own way: pictures, logs, and the practice desk, whose people are invented."""
    return any(path.is_relative_to(folder) for folder in (profile.cache, profile.logs, profile.practice.root))


def everything(profile: Profile, exports: Iterable[Path]) -> tuple[Path, ...]:
    """Every file in which bytes of a person could be."""
    inside = [
        path
        for path in sorted(profile.root.rglob("*"))
        if path.is_file() and not path.is_relative_to(profile.practice.root)
    ]
    return (*inside, *(path for path in exports if path.is_file() and not path.is_relative_to(profile.root)))


def holds(path: Path, search: ByteSearch) -> tuple[bool, int]:
    """Whether a file holds one of the terms, and how many bytes were searched; one that has gone holds nothing."""
    overlap, tail, size = search.longest, b"", 0
    with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
        while piece := file.read(PIECE):
            size += len(piece)
            if search.found_in(tail + piece):
                return True, size
            tail = piece[-overlap:]
    return search.found_in(str(path.name).encode("utf-8", "replace")), size


def mask_file(path: Path, masker: Masker, *, in_place: bool = False) -> bool:
    """Mask the terms in a text file; whether anything was. `in_place` for one that is open for writing elsewhere."""
    data = path.read_bytes()
    text = data.decode("utf-8", "surrogateescape")
    after = "".join(masker.mask(line) for line in text.splitlines(keepends=True))
    if after == text:
        return False
    encoded = after.encode("utf-8", "surrogateescape")
    if in_place:
        with path.open("r+b") as file:
            file.write(encoded)
            file.truncate()
            os.fsync(file.fileno())
    else:
        _replace(path, [encoded])
    return True


def _replace(path: Path, pieces: Iterable[bytes]) -> None:
    """Put a file in the place of another in one step, and overwrite what was there."""
    handle, name = tempfile.mkstemp(prefix=path.name, suffix=PARTIAL, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


class ExportCleaner:
    """Takes a person's rows out of an exported file, and masks the person in the rows of others."""

    def __init__(self, person: Person, masker: Masker, is_erased: Callable[[str], bool] = lambda _: False) -> None:
        self._handles = {handle_key(author.handle) for author in person.authors} | {handle_key(person.name)}
        self._handles.discard("")
        self._masker = masker
        self._is_erased = is_erased

    def clean(self, path: Path) -> bool:
        """Rewrite the file if the person is in it; whether it was. OSError where it cannot be changed."""
        part = path.with_name(path.name + PARTIAL)
        with contextlib.suppress(FileNotFoundError):
            part.unlink()  # an export that was interrupted
        if path.suffix == ".csv":
            return self._rewrite(path, self._csv)
        if path.suffix in (".jsonl", ".ndjson"):
            return self._rewrite(path, self._lines)
        if path.suffix == ".json":
            return self._rewrite(path, self._whole)
        return self._rewrite(path, self._plain)

    def _rewrite(self, path: Path, convert: Callable[[io.BufferedReader], Iterator[bytes]]) -> bool:
        with path.open("rb") as file:
            before = path.stat().st_mtime_ns
            handle, name = tempfile.mkstemp(prefix=path.name, suffix=PARTIAL, dir=path.parent)
            try:
                with os.fdopen(handle, "wb") as after:
                    for piece in convert(file):
                        after.write(piece)
                    after.flush()
                    os.fsync(after.fileno())
            except BaseException:
                Path(name).unlink()
                raise
        if _same(path, Path(name)) or path.stat().st_mtime_ns != before:
            Path(name).unlink()
            return False
        Path(name).replace(path)
        return True

    def _lines(self, file: io.BufferedReader) -> Iterator[bytes]:
        for line in file:
            try:
                row = msgspec.json.decode(line)
            except (msgspec.MsgspecError, RecursionError):
                yield self._text(line)
                continue
            if not self._is_theirs(row):
                text = line.decode("utf-8", "replace").rstrip("\r\n")
                masked = self._masker.mask_json(text)
                yield line if masked == text else masked.encode() + b"\n"

    def _csv(self, file: io.BufferedReader) -> Iterator[bytes]:
        reader = csv.reader(line.decode("utf-8", "surrogateescape") for line in file)
        head: list[str] = []
        for number, cells in enumerate(reader):
            head = head or cells
            row = dict(zip(head, (cell.removeprefix("'") for cell in cells), strict=False))
            if number and self._is_theirs(row):
                continue
            line = io.StringIO()
            csv.writer(line, lineterminator="\r\n").writerow([self._masker.mask(cell) for cell in cells])
            yield line.getvalue().encode("utf-8", "surrogateescape")

    def _whole(self, file: io.BufferedReader) -> Iterator[bytes]:
        data = file.read(LARGEST_TEXT)
        yield self._masker.mask_json(data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")

    def _plain(self, file: io.BufferedReader) -> Iterator[bytes]:
        for line in file:
            yield self._text(line)

    def _text(self, line: bytes) -> bytes:
        return self._masker.mask(line.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")

    def _is_theirs(self, row: Any) -> bool:
        if not isinstance(row, dict):
            return False
        values = (row.get("author"), row.get("handle"))
        if any(isinstance(value, str) and handle_key(value) in self._handles for value in values):
            return True
        remote_id = row.get("remote_id")
        return isinstance(remote_id, str) and bool(remote_id) and self._is_erased(remote_id)


class Sweep:
    """Takes a person out of files; what could not be done is in `left`."""

    def __init__(self, person: Person, terms: tuple[Term, ...], is_erased: Callable[[str], bool]) -> None:
        self._masker = Masker(terms)
        self._cleaner = ExportCleaner(person, self._masker, is_erased)
        self._accounts = {author.id for author in person.authors}
        self.changed = 0
        """Files that were changed or deleted."""
        self.left: list[Left] = []
        self.gone: list[Path] = []
        """Exported files that are no more, or no longer of that name."""
        self.renamed: list[Path] = []
        """Exported files under their new names."""

    def settings(self, profile: Profile) -> None:
        """Mask the files of a profile that may name the person, and their names."""
        for path in settings_files(profile):
            self._do(path, partial(mask_file, path, self._masker))
            self._rename(path)
        for path in log_files(profile):
            self._do(path, partial(mask_file, path, self._masker, in_place=True))

    def exports(self, files: Mapping[Path, frozenset[int]]) -> None:
        """Delete exports that are about the person alone, clean the others."""
        for path, authors in files.items():
            if authors and authors <= self._accounts:
                if self._do(path, partial(_unlink, path)):
                    self.gone.append(path)
                continue
            self._do(path, partial(self._cleaner.clean, path))
            renamed = self._rename(path)
            if renamed is not None:
                self.gone.append(path)
                self.renamed.append(renamed)

    def _do(self, path: Path, how: Callable[[], bool]) -> bool:
        try:
            done = how()
        except FileNotFoundError:
            self.gone.append(path)
            return False
        except OSError:
            self.left.append(Left(str(path), UNCHANGED))
            return False
        self.changed += done
        return done

    def _rename(self, path: Path) -> Path | None:
        """Mask the name of a file; the new path, or None where nothing was to be done."""
        name = self._masker.mask(path.stem)  # a suffix would make another host of a handle
        if name == path.stem or not path.exists():
            return None
        to = path.with_stem(name)
        return to if self._do(path, partial(_move, path, to)) else None


def _unlink(path: Path) -> bool:
    path.unlink()
    return True


def _move(path: Path, to: Path) -> bool:
    path.rename(to)
    return True


def _same(one: Path, other: Path) -> bool:
    if one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as first, other.open("rb") as second:
        while piece := first.read(PIECE):
            if piece != second.read(PIECE):
                return False
    return True
