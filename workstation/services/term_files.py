"""Agreed words as files: TBX-Basic (ISO 30042:2019, and the older one) and CSV."""

import csv
import io
import re
from collections.abc import Iterable, Iterator

import msgspec

from workstation.domain.memory import Term
from workstation.domain.text import N_, lazy
from workstation.services.marked_up import FlawError, WordFileError, escaped, read

LARGEST = 16_000_000
LONGEST = 200
"""Characters of a term."""
LONGEST_NOTE = 2_000
MOST = 50_000
MOST_LANGUAGES = 60
COLUMNS = ("source_language", "target_language", "source", "target", "forbidden", "note")
FORMATS = (".tbx", ".xml", ".csv")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_FORBIDDEN = frozenset({"deprecatedterm-admn-sts", "supersededterm-admn-sts", "deprecatedterm", "supersededterm"})
KEPT = "untranslated"
"""What a concept says of itself that stays as it is in every language."""


def parse(data: bytes, name: str) -> tuple[Term, ...]:
    """Terms from a file of the format that its name ends in. WordFileError says what is wrong and in which line."""
    try:
        if len(data) > LARGEST:
            raise FlawError(0, lazy(N_("It is larger than {count} MB."), count=LARGEST // 1_000_000))
        found = _from_csv(data) if name.lower().endswith(".csv") else _from_tbx(data)
        return _checked(found)
    except FlawError as flaw:
        raise WordFileError(file=name, why=flaw.why, line=flaw.line) from flaw


def written(terms: Iterable[Term], name: str) -> bytes:
    """Terms as a file of the format that `name` ends in, TBX otherwise."""
    ordered = sorted(terms, key=lambda term: (term.source_language, term.source, term.target_language, term.target))
    if name.lower().endswith(".csv"):
        return _csv(ordered).encode("utf-8-sig")  # spreadsheets take a file without the mark for another encoding
    return _tbx(ordered)


# -- TBX ---------------------------------------------------------------------------------------------------------------


class _Said(msgspec.Struct):
    language: str
    text: str = ""
    forbidden: bool = False


class _Concepts:
    """Gathers concepts: conceptEntry, langSec, termSec; termEntry, langSet, tig or ntig of the older standard."""

    def __init__(self) -> None:
        self.found: list[tuple[int, Term]] = []
        self._root = False
        self._line = 0
        self._said: list[_Said] = []
        self._note: list[str] = []
        self._kept = False
        self._language = ""
        self._now: _Said | None = None
        self._text: list[str] | None = None
        self._type = ""

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:
        """Begin a part."""
        if not self._root:
            self._root = True
            if name not in ("tbx", "martif"):
                raise FlawError(line, lazy(N_("This is not valid {format}."), format="TBX"))
        if name in ("conceptentry", "termentry"):
            self._line, self._said, self._note, self._kept = line, [], [], False
            self._language, self._now = "", None
        elif name in ("langsec", "langset"):
            self._language = _tag(attributes.get("lang", ""))
        elif name in ("termsec", "tig", "ntig"):
            self._now = _Said(self._language)
        elif name in ("term", "note", "descrip", "termnote", "administrativestatus", "definition"):
            self._text, self._type = [], attributes.get("type", name).lower()

    def end(self, name: str) -> None:
        """End it."""
        lines = "".join(self._text).splitlines() if self._text is not None else []
        text = "\n".join(" ".join(line.split()) for line in lines).strip()
        if name == "term" and self._now is not None:
            self._now.text = " ".join(text.split())
        elif name in ("termnote", "administrativestatus") and self._type == "administrativestatus":
            if self._now is not None:
                self._now.forbidden = text.lower() in _FORBIDDEN
        elif name in ("note", "descrip", "definition") and text:
            self._kept = self._kept or text == KEPT
            if text != KEPT:
                self._note.append(text[:LONGEST_NOTE])
        elif name in ("termsec", "tig", "ntig") and self._now is not None:
            if self._now.text and len(self._said) < MOST_LANGUAGES:
                self._said.append(self._now)
            self._now = None
        elif name in ("conceptentry", "termentry"):
            self.found += [(self._line, term) for term in self._terms()]
        if name in ("term", "note", "descrip", "termnote", "administrativestatus", "definition"):
            self._text = None

    def words(self, text: str) -> None:
        """Text of a part that is read."""
        if self._text is not None:
            self._text.append(text)

    def _terms(self) -> Iterator[Term]:
        note = "\n".join(self._note)[:LONGEST_NOTE]
        good = [said for said in self._said if not said.forbidden]
        if self._kept:
            for said in good[:1]:
                yield Term("" if said.language == "mul" else said.language, "", said.text, note=note)
            return
        # The first language is the source: that is how we write it, and how lists are usually kept.
        first = good[0].language if good else ""
        for said in (each for each in good if each.language == first):
            for other in (each for each in good if each.language != first):
                wrong = tuple(each.text for each in self._said if each.forbidden and each.language == other.language)
                yield Term(first, other.language, said.text, other.text, note, wrong)


def _from_tbx(data: bytes) -> list[tuple[int, Term]]:
    concepts = _Concepts()
    read(data, concepts, "TBX")
    return concepts.found


def _tbx(terms: list[Term]) -> bytes:
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<tbx type="TBX-Basic" style="dca" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2">',
        "<tbxHeader><fileDesc><sourceDesc><p>Meridian</p></sourceDesc></fileDesc></tbxHeader>",
        "<text><body>",
    ]
    for number, term in enumerate(terms, 1):
        lines.append(f'<conceptEntry id="c{number}">')
        if term.kept:
            lines.append(f"<note>{KEPT}</note>")
        if term.note:
            lines.append(f"<note>{escaped(term.note)}</note>")
        lines.append(_section(term.source_language or "mul", (term.source,)))
        if not term.kept:
            lines.append(_section(term.target_language or "mul", (term.target,), term.forbidden))
        lines.append("</conceptEntry>")
    lines += ["</body></text>", "</tbx>", ""]
    return "\n".join(lines).encode()


def _section(language: str, good: tuple[str, ...], wrong: tuple[str, ...] = ()) -> str:
    pieces = [f"<termSec><term>{escaped(text)}</term></termSec>" for text in good]
    pieces += [
        f"<termSec><term>{escaped(text)}</term>"
        '<termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></termSec>'
        for text in wrong
    ]
    return f'<langSec xml:lang="{escaped(language)}">{"".join(pieces)}</langSec>'


def _tag(text: str) -> str:
    from workstation.i18n.tags import normalise

    return normalise(text) if _LANGUAGE.fullmatch(text) else ""


# -- CSV ---------------------------------------------------------------------------------------------------------------


def _from_csv(data: bytes) -> list[tuple[int, Term]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise FlawError(line, lazy(N_("This is not UTF-8 text. Save the file as UTF-8."))) from error
    head = text.split("\n", 1)[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    found: list[tuple[int, Term]] = []
    line = 1
    try:
        names = [name.strip().lower() for name in next(rows, [])]
        missing = [name for name in ("source_language", "source") if name not in names]
        if missing:
            raise FlawError(1, lazy(N_("The column “{name}” is missing."), name=missing[0]))
        unknown = [name for name in names if name not in COLUMNS]
        if unknown:
            raise FlawError(1, lazy(N_("There is no column “{name}”."), name=unknown[0][:60]))
        line = rows.line_num + 1
        for cells in rows:
            if any(cell.strip() for cell in cells):
                found.append((line, _row(names, cells, line)))
            line = rows.line_num + 1
    except csv.Error as error:
        raise FlawError(line, lazy(N_("This is not valid {format}."), format="CSV")) from error
    return found


def _row(names: list[str], cells: list[str], line: int) -> Term:
    if len(cells) != len(names):
        why = lazy(N_("There are {count} cells where {wanted} are expected."), count=len(cells), wanted=len(names))
        raise FlawError(line, why)
    row = {name: _plain_cell(cell).strip() for name, cell in zip(names, cells, strict=True)}
    tags = {}
    for name in ("source_language", "target_language"):
        given = row.get(name, "")
        tags[name] = _tag(given)
        if given and not tags[name]:
            raise FlawError(line, lazy(N_("“{name}” is no language: write it as en or pt-BR."), name=given[:60]))
    wrong = tuple(word.strip() for word in row.get("forbidden", "").split("|") if word.strip())
    target = row.get("target", "")
    return Term(
        tags["source_language"], tags["target_language"] if target else "", row["source"], target,
        row.get("note", ""), wrong if target else (),
    )  # fmt: skip


def _csv(terms: Iterable[Term]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for term in terms:
        row = (
            term.source_language, term.target_language, term.source, term.target, " | ".join(term.forbidden),
            term.note,
        )  # fmt: skip
        writer.writerow([_safe_cell(cell) for cell in row])
    return file.getvalue()


def _plain_cell(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and _FORMULA.match(cell) else cell


def _safe_cell(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; `_plain_cell` takes the sign away again."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


# -- both --------------------------------------------------------------------------------------------------------------


def _checked(found: list[tuple[int, Term]]) -> tuple[Term, ...]:
    """Every term once, those of the same words joined, none too long."""
    terms: dict[tuple[str, str, str, str], Term] = {}
    for line, term in found:
        if not term.source:
            raise FlawError(line, lazy(N_("A word is missing.")))
        if max(len(term.source), len(term.target), *(len(word) for word in (*term.forbidden, ""))) > LONGEST:
            why = lazy(N_("“{word}” is longer than {count} characters."), word=term.source[:60], count=LONGEST)
            raise FlawError(line, why)
        key = (term.source_language, term.target_language, term.source, term.target)
        before = terms.get(key)
        wrong = tuple(dict.fromkeys((*(before.forbidden if before else ()), *term.forbidden)))
        note = term.note[:LONGEST_NOTE] or (before.note if before else "")
        terms[key] = msgspec.structs.replace(term, forbidden=wrong, note=note)
        if len(terms) > MOST:
            raise FlawError(line, lazy(N_("There are more than {count} words in it."), count=MOST))
    return tuple(terms.values())
