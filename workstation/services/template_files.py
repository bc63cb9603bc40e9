"""Templates as files: TOML, JSON and CSV, read strictly (an error says in which line) and written so that they compare.

A file is read whole before anything is done with it: there is no half of an import.
"""

import csv
import io
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from workstation.domain.errors import MeridianError
from workstation.domain.messages import Micros
from workstation.domain.templates import (
    OTHER,
    Family,
    Formality,
    Variant,
    drift,
    fingerprint,
    folder_path,
    shortcut_of,
    source_of,
)
from workstation.domain.text import N_, LazyText, lazy

LARGEST = 4_000_000
"""Bytes of a file to import."""
LONGEST = 20_000
"""Characters of one text."""
MOST = 5_000
"""Families of one file."""
FORMATS = (".toml", ".json", ".csv")
COLUMNS = ("key", "title", "folder", "shortcut", "tags", "source", "language", "formality", "state", "text")
FITS, OLD, MACHINE = "fits", "old", "machine"
STATES = frozenset({"", FITS, OLD, MACHINE, f"{MACHINE} {FITS}", f"{MACHINE} {OLD}"})
"""What is known of a variant: whether it fits its source, and whether a machine drafted it and nobody has read it."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_TOML_LINE = re.compile(r"line (\d+)")
_LIST = re.compile(r'"templates"\s*:\s*\[')
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class TemplateFileError(MeridianError):
    """A file of templates cannot be read; `line` counts from 1, 0 where the whole file is meant."""

    code = "template_file"
    sentence = N_("The templates in {file} cannot be read: {why}")

    def __init__(self, *, file: str, why: str | LazyText, line: int = 0) -> None:
        super().__init__(file=file, why=why)
        self.line = line

    @property
    def text(self) -> LazyText:
        """The sentence with its line."""
        if not self.line:
            return super().text
        return lazy(N_("{file}, line {line}: {why}"), line=str(self.line), **self.params)


class _Variant(msgspec.Struct, forbid_unknown_fields=True):
    text: str
    language: str = ""
    formality: Formality = Formality.NEUTRAL
    state: str = ""


class _Family(msgspec.Struct, forbid_unknown_fields=True):
    title: str
    variants: dict[str, _Variant | str | list[_Variant]] | list[_Variant]
    key: str = ""
    source: str = "en"
    tags: list[str] = []
    folder: str = ""
    shortcut: str = ""


class _FlawError(Exception):
    """What is wrong in a line; the file's name is added where it is known."""

    def __init__(self, line: int, why: LazyText) -> None:
        super().__init__(line, why)
        self.line, self.why = line, why


def parse(data: bytes, name: str, now: Micros) -> tuple[Family, ...]:
    """Families from a file of the format that its name ends in, TOML otherwise.

    TemplateFileError says what is wrong and in which line.
    """
    readers = {".json": _from_json, ".csv": _from_csv}
    reader = next((read for suffix, read in readers.items() if name.lower().endswith(suffix)), _from_toml)
    try:
        if len(data) > LARGEST:
            raise _FlawError(0, lazy(N_("It is larger than {count} MB."), count=LARGEST // 1_000_000))
        return _checked(reader(_decoded(data)), now)
    except _FlawError as flaw:
        raise TemplateFileError(file=name, why=flaw.why, line=flaw.line) from flaw


def written(families: Iterable[Family], name: str) -> bytes:
    """The families as a file of the format that `name` ends in, TOML otherwise; in the order of their keys."""
    ordered = sorted(filter(None, map(_told, families)), key=lambda family: family.key)
    if name.lower().endswith(".json"):
        return json.dumps({"templates": [_json_table(each) for each in ordered]}, ensure_ascii=False, indent=2).encode()
    if name.lower().endswith(".csv"):
        return _csv_text(ordered).encode("utf-8-sig")  # spreadsheets take a file without the mark for another encoding
    import tomli_w

    return tomli_w.dumps(table(tuple(ordered))).encode()


def _told(family: Family) -> Family | None:
    """The family without texts that are still to be written, which no import would take; None if none is left."""
    variants = tuple(each for each in family.variants if each.text.strip())
    return msgspec.structs.replace(family, variants=variants) if variants else None


# -- reading -----------------------------------------------------------------------------------------------------------


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _FlawError(line, lazy(N_("This is not UTF-8 text. Save the file as UTF-8."))) from error


def _from_toml(text: str) -> Iterator[tuple[int, str, _Family]]:
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _TOML_LINE.search(str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        raise _FlawError(line, lazy(N_("This is not valid {format}."), format="TOML")) from error
    for key, given in tables.items():
        header = re.search(rf"^[ \t]*\[\s*\"?{re.escape(key)}\"?\s*\]", text, re.MULTILINE)
        line = text.count("\n", 0, header.start()) + 1 if header else 0
        yield line, key, _converted(given, key, line)


def _from_json(text: str) -> Iterator[tuple[int, str, _Family]]:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        raise _FlawError(error.lineno, lazy(N_("This is not valid {format}."), format="JSON")) from error
    except RecursionError as error:
        raise _FlawError(0, lazy(N_("This is not valid {format}."), format="JSON")) from error
    found = _LIST.search(text)
    start = found.end() if found else text.find("[") + 1 if text.lstrip().startswith("[") else -1
    if start < 0:
        raise _FlawError(1, lazy(N_("There is no list called “templates”.")))
    decoder = json.JSONDecoder()
    while True:
        while start < len(text) and text[start] in " \t\r\n,":
            start += 1
        if text[start] == "]":
            return
        line = text.count("\n", 0, start) + 1
        value, start = decoder.raw_decode(text, start)
        family = _converted(value, "", line)
        yield line, family.key, family


def _from_csv(text: str) -> Iterator[tuple[int, str, _Family]]:
    head = text.split("\n", 1)[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    found: dict[str, tuple[int, dict[str, Any]]] = {}
    line = 1
    try:
        names = [name.strip().lower() for name in next(rows, [])]
        missing = [name for name in ("key", "title", "language", "text") if name not in names]
        if missing:
            raise _FlawError(1, lazy(N_("The column “{name}” is missing."), name=missing[0]))
        unknown = [name for name in names if name not in COLUMNS]
        if unknown:
            raise _FlawError(1, lazy(N_("There is no column “{name}”."), name=unknown[0][:60]))
        line = rows.line_num + 1
        for cells in rows:
            if any(cell.strip() for cell in cells):
                _take_row(found, names, cells, line)
            line = rows.line_num + 1
    except csv.Error as error:
        raise _FlawError(line, lazy(N_("This is not valid {format}."), format="CSV")) from error
    for key, (at, given) in found.items():
        yield at, key, _converted(given, key, at)


def _take_row(found: dict[str, tuple[int, dict[str, Any]]], names: list[str], cells: list[str], line: int) -> None:
    if len(cells) != len(names):
        why = lazy(N_("There are {count} cells where {wanted} are expected."), count=len(cells), wanted=len(names))
        raise _FlawError(line, why)
    row = {name: _plain_cell(cell) for name, cell in zip(names, cells, strict=True)}
    variant = {"language": row["language"], "text": row["text"], "formality": row.get("formality") or "neutral"}
    variant["state"] = row.get("state", "")
    if variant["formality"] not in set(Formality):
        raise _FlawError(line, lazy(N_("There is no form of address “{name}”."), name=variant["formality"][:60]))
    if not _LANGUAGE.fullmatch(variant["language"].strip()):
        raise _FlawError(line, lazy(N_("“{name}” is no language: write it as en or pt-BR."), name=row["language"][:60]))
    key = row["key"].strip()
    about = {name: row.get(name, "").strip() for name in ("title", "folder", "shortcut")}
    about["source"] = row.get("source", "").strip() or variant["language"]
    if key not in found:
        tags = [tag.strip() for tag in row.get("tags", "").split(",") if tag.strip()]
        found[key] = line, about | {"tags": tags, "variants": [variant]}
        return
    known = found[key][1]
    if about["title"] and about["title"] != known["title"]:
        raise _FlawError(line, lazy(N_("“{key}” has another title in line {line}."), key=key, line=str(found[key][0])))
    known["variants"].append(variant)


def _plain_cell(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _is_formula(cell) else cell


def _converted(value: object, key: str, line: int) -> _Family:
    try:
        return msgspec.convert(value, _Family)
    except msgspec.ValidationError as error:
        name = key or (str(value.get("key", "")) if isinstance(value, dict) else "")
        why = lazy(N_("“{key}” cannot be read: {detail}"), key=name[:80], detail=str(error)[:200])
        raise _FlawError(line, why) from error


def _checked(given: Iterable[tuple[int, str, _Family]], now: Micros) -> tuple[Family, ...]:
    families: dict[str, Family] = {}
    shortcuts: dict[str, str] = {}
    for line, key, record in given:
        family = _family(line, key.strip(), record, now)
        if family.key in families:
            raise _FlawError(line, lazy(N_("“{key}” is in this file twice."), key=family.key))
        if family.shortcut and family.shortcut in shortcuts:
            why = N_("The shortcut “{shortcut}” belongs to “{key}” already.")
            raise _FlawError(line, lazy(why, shortcut=family.shortcut, key=shortcuts[family.shortcut]))
        if len(families) >= MOST:
            raise _FlawError(line, lazy(N_("There are more than {count} templates in it."), count=MOST))
        families[family.key] = family
        shortcuts[family.shortcut] = family.key
    return tuple(families.values())


def _family(line: int, key: str, record: _Family, now: Micros) -> Family:
    if not key or len(key) > 80:
        raise _FlawError(line, lazy(N_("A template needs a key of at most {count} characters."), count=80))
    if not record.title.strip():
        raise _FlawError(line, lazy(N_("“{key}” has no title."), key=key))
    shortcut = shortcut_of(record.shortcut)
    if record.shortcut.strip() and not shortcut:
        why = N_("“{shortcut}” cannot be a shortcut: it is one word without semicolons.")
        raise _FlawError(line, lazy(why, shortcut=record.shortcut[:60]))
    variants = tuple(_variants(line, key, record, now))
    tags = tuple(sorted({tag.strip().casefold() for tag in record.tags if tag.strip()}))
    if not _LANGUAGE.fullmatch(record.source):
        why = N_("“{name}” is no language: write it as en or pt-BR.")
        raise _FlawError(line, lazy(why, name=record.source[:60]))
    return _noted(
        Family(
            0, key, " ".join(record.title.split()), variants, record.source, tags,
            folder=folder_path(record.folder), shortcut=shortcut,
        )
    )  # fmt: skip


def _variants(line: int, key: str, record: _Family, now: Micros) -> Iterator[Variant]:
    seen: set[tuple[str, Formality]] = set()
    for one in _listed(record):
        language = one.language.strip()
        if not _LANGUAGE.fullmatch(language):
            raise _FlawError(line, lazy(N_("“{name}” is no language: write it as en or pt-BR."), name=language[:60]))
        text = one.text.replace("\r\n", "\n").strip()
        if not text or len(text) > LONGEST:
            why = N_("The text of “{key}” in {language} is empty or longer than {count} characters.")
            raise _FlawError(line, lazy(why, key=key, language=language, count=LONGEST))
        if (language.lower(), one.formality) in seen:
            why = N_("“{key}” has two texts in {language} with the same form of address.")
            raise _FlawError(line, lazy(why, key=key, language=language))
        seen.add((language.lower(), one.formality))
        if one.state.strip() not in STATES:
            raise _FlawError(line, lazy(N_("There is no state “{name}” of a text."), name=one.state[:60]))
        known = one.state.split()
        # A sound one is noted with its source's fingerprint, as soon as all texts are known.
        made_for = OTHER if OLD in known else FITS if FITS in known else ""
        yield Variant(language, text, one.formality, now, made_for, MACHINE in known)
    if not seen:
        raise _FlawError(line, lazy(N_("“{key}” has no text."), key=key))


def _noted(family: Family) -> Family:
    """What is said to fit is noted for the source text that came with it."""
    variants = []
    for variant in family.variants:
        source = source_of(family, variant)
        noted = fingerprint(source.text) if source is not None else ""
        made_for = noted if variant.made_for == FITS or source is None else variant.made_for
        variants.append(msgspec.structs.replace(variant, made_for=made_for))
    return msgspec.structs.replace(family, variants=tuple(variants))


def _listed(record: _Family) -> Iterator[_Variant]:
    if isinstance(record.variants, list):
        yield from record.variants
        return
    for language, given in record.variants.items():
        for one in given if isinstance(given, list) else [given]:
            variant = one if isinstance(one, _Variant) else _Variant(one)
            yield msgspec.structs.replace(variant, language=language)


# -- writing -----------------------------------------------------------------------------------------------------------


def table(families: tuple[Family, ...]) -> dict[str, Any]:
    """What TOML holds, by key."""
    return {family.key: _toml_table(family) for family in sorted(families, key=lambda family: family.key)}


def _about(family: Family) -> dict[str, Any]:
    found: dict[str, Any] = {"title": family.title, "source": family.source}
    optional = {"folder": family.folder, "shortcut": family.shortcut, "tags": list(family.tags)}
    return found | {name: value for name, value in optional.items() if value}


def _toml_table(family: Family) -> dict[str, Any]:
    texts = {variant.language: variant.text for variant in family.variants}
    plain = all(each.formality is Formality.NEUTRAL and not _state(family, each) for each in family.variants)
    if plain and len(texts) == len(family.variants):
        return _about(family) | {"variants": texts}
    # A list: TOML has plain values before tables, and the languages would lose their order.
    variants = [
        {"language": variant.language, "text": variant.text}
        | ({} if variant.formality is Formality.NEUTRAL else {"formality": variant.formality.value})
        | ({"state": state} if (state := _state(family, variant)) else {})
        for variant in family.variants
    ]
    return _about(family) | {"variants": variants}


def _state(family: Family, variant: Variant) -> str:
    """What is known of a variant, in words of a file."""
    old = OLD if drift(family, variant) is not None else FITS if variant.made_for else ""
    return " ".join(filter(None, (MACHINE if variant.machine else "", old)))


def _json_table(family: Family) -> dict[str, Any]:
    variants = [
        {"language": variant.language, "formality": variant.formality.value}
        | ({"state": state} if (state := _state(family, variant)) else {})
        | {"text": variant.text}
        for variant in family.variants
    ]
    return {"key": family.key} | _about(family) | {"variants": variants}


def _csv_text(families: Iterable[Family]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for family in families:
        about = (family.key, family.title, family.folder, family.shortcut, ", ".join(family.tags), family.source)
        for variant in family.variants:
            row = (*about, variant.language, variant.formality.value, _state(family, variant), variant.text)
            writer.writerow([_safe_cell(cell) for cell in row])
    return file.getvalue()


def _safe_cell(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; `_plain_cell` takes the sign away again."""
    return f"'{cell}" if _is_formula(cell) else cell


def _is_formula(cell: str) -> bool:
    """Whether a spreadsheet would reckon with it, or would but for the signs before it that keep it from that."""
    return cell.lstrip("'").startswith(_FORMULA)
