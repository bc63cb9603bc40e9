"""The hunspell dictionaries that are installed on this machine: where systems and office programs put them."""

import os
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

_NAME = re.compile(r"([a-z]{2,3})(?:[_-]([A-Z][a-z]{3}))?(?:[_-]([A-Z]{2}|\d{3}))?(?:[_-].*)?")
MOST = 2_000
"""Files of one folder that are looked at."""


class Dictionary(msgspec.Struct, frozen=True):
    """A dictionary; `stem` is its path without ``.aff`` and ``.dic``."""

    language: str
    """BCP 47."""
    stem: str


def usual_folders() -> tuple[Path, ...]:
    """Where dictionaries are on this system; folders that are not there are harmless."""
    home = Path.home()
    found = [Path(place) for place in os.environ.get("DICPATH", "").split(os.pathsep) if place]
    if sys.platform == "win32":
        for variable in ("ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA", "APPDATA", "ProgramData"):
            base = os.environ.get(variable, "")
            if base:
                found += [Path(base, "Hunspell"), *_office(Path(base, "LibreOffice", "share"))]
    elif sys.platform == "darwin":
        found += [home / "Library" / "Spelling", Path("/Library/Spelling")]
        found += [Path("/opt/homebrew/share/hunspell"), Path("/usr/local/share/hunspell")]
        found += _office(Path("/Applications/LibreOffice.app/Contents/Resources"))
    else:
        data = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
        bases = [Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share"), *map(Path, data.split(":"))]
        for base in bases:
            found += [base / "hunspell", base / "myspell", base / "myspell" / "dicts"]
        for office in (Path("/usr/lib/libreoffice/share"), Path("/usr/lib64/libreoffice/share")):
            found += _office(office)
        found += [place for base in _inside(Path("/opt"), "libreoffice*") for place in _office(base / "share")]
    return tuple(dict.fromkeys(found))


def _office(share: Path) -> list[Path]:
    return [folder for place in _inside(share / "extensions", "dict-*") for folder in (place, place / "dictionaries")]


def _inside(folder: Path, pattern: str) -> Iterator[Path]:
    try:
        yield from sorted(folder.glob(pattern))[:MOST]
    except OSError:
        return


def installed(folders: Iterable[Path]) -> tuple[Dictionary, ...]:
    """The dictionaries in these folders, those of the first folders first; of several for one language the first."""
    found: dict[str, Dictionary] = {}
    for folder in folders:
        for path in _inside(folder, "*.aff"):
            name = _NAME.fullmatch(path.stem)
            if name is None or not path.with_suffix(".dic").is_file():
                continue
            language = "-".join(part for part in name.groups() if part)
            found.setdefault(language, Dictionary(language, str(path.with_suffix(""))))
    return tuple(found.values())


def best(language: str, known: Iterable[Dictionary]) -> Dictionary | None:
    """The dictionary for a language: its own, its region's nearest; None where there is none in its script."""
    from workstation.i18n.tags import negotiate, normalise

    wanted = normalise(language)
    by_tag = {dictionary.language: dictionary for dictionary in known}
    if not wanted or not by_tag:
        return None
    # "en" is more often written as in the first of these than as in the alphabetically first region.
    for tag in (wanted, *_USUAL.get(wanted, ())):
        if tag in by_tag:
            return by_tag[tag]
    return by_tag.get(negotiate([wanted], list(by_tag), default=""))


_USUAL = {"en": ("en-US", "en-GB"), "pt": ("pt-BR", "pt-PT"), "de": ("de-DE",), "fr": ("fr-FR",), "es": ("es-ES",)}
