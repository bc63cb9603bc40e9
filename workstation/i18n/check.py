"""``python -m workstation.i18n.check``: refuse catalogs that are incomplete, contradictory or not compiled.

Prints one line per fault and exits 1 if there is any. pybabel's own ``--check`` and ``--statistics`` count fuzzy and
partly filled plurals as done.
"""

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog, Message

from workstation.i18n import extraction, tags
from workstation.i18n.catalog import LOCALES, mo_path, po_path
from workstation.i18n.placeholders import placeholders
from workstation.i18n.update import locales

_QT_PLACEHOLDER = re.compile(r"%(?:L?\d{1,2}|n)")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>")
_ENTITY = re.compile(r"&(?:[a-zA-Z]+|#\d+);")
_MNEMONIC = re.compile(r"(?<!&)(?:&&)*&(?=[^\s&])")
_PLURALS = {"lazy_plural", "ngettext", "npgettext"}
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")


class Fault(NamedTuple):
    """What is wrong in which catalog with which text."""

    locale: str
    kind: str
    text: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.locale}: {self.kind}: {self.text!r}" + (f": {self.detail}" if self.detail else "")


def check_catalog(tag: str, catalog: Catalog, template: Catalog) -> Iterator[Fault]:
    """Yield the faults of `catalog` against the texts of the source."""
    expected = extraction.plural_header(tag)
    if catalog.plural_forms.replace(" ", "") != expected.replace(" ", ""):
        yield Fault(tag, "plural header", catalog.plural_forms, f"CLDR says {expected}")
    known = {extraction.key_of(message): message for message in extraction.messages_of(catalog)}
    wanted = {extraction.key_of(message) for message in extraction.messages_of(template)}
    for key in sorted(wanted - known.keys()):
        yield Fault(tag, "not in the catalog", key[1][0], "run python -m workstation.i18n.update")
    for key in sorted(known.keys() - wanted):
        yield Fault(tag, "not in the source", key[1][0], "run python -m workstation.i18n.update")
    for message in known.values():
        yield from check_message(tag, message, catalog.num_plurals)


def check_message(tag: str, message: Message, plurals: int) -> Iterator[Fault]:
    """Yield the faults of one translation, which must have `plurals` forms if the message is countable."""
    _context, ids = extraction.key_of(message)
    forms = extraction.forms_of(message)
    if message.fuzzy:
        yield Fault(tag, "fuzzy", ids[0])
    if not forms or not all(forms):
        yield Fault(tag, "missing", ids[0])
        return
    count = plurals if len(ids) > 1 else 1
    if len(forms) != count:
        yield Fault(tag, "plural count", ids[0], f"{len(forms)} forms, {count} expected")
    for number, form in enumerate(forms):
        for kind, detail in _differences(ids, form, is_last=number == len(forms) - 1):
            yield Fault(tag, kind, ids[0], detail)


def _differences(ids: tuple[str, ...], form: str, is_last: bool) -> Iterator[tuple[str, str]]:
    source = ids[-1]
    allowed = [Counter(placeholders(source))]
    # A form for one or two things may say the number in a word; the form for many may not.
    if len(ids) > 1 and not is_last:
        allowed += [Counter(placeholders(ids[0])), Counter(name for name in placeholders(source) if name != "count")]
    if Counter(placeholders(form)) not in allowed:
        yield "placeholders", f"{placeholders(form)} instead of {placeholders(source)}"
    for kind, pattern in (("markup", _MARKUP), ("Qt placeholders", _QT_PLACEHOLDER), ("entities", _ENTITY)):
        if Counter(pattern.findall(form)) != Counter(pattern.findall(source)):
            yield kind, f"{pattern.findall(form)} instead of {pattern.findall(source)}"
    if len(mnemonics(form)) != len(mnemonics(source)):
        yield "mnemonic", f"{len(mnemonics(form))} instead of {len(mnemonics(source))} in {form!r}"
    if ("\t" in source) != ("\t" in form):
        yield "shortcut", f"in {form!r}"
    if _edges(source) != _edges(form):
        yield "spaces or line ends at the edges", repr(form)
    if _BIDI.search(form) and not _BIDI.search(source):
        yield "bidirectional control", repr(form)


def check_source(package: Path = extraction.PACKAGE) -> Iterator[Fault]:
    """Yield the calls whose texts no extractor can find: made at run time, in an f-string, plural forms one by one."""
    for path in sorted(package.rglob("*.py")):
        tree = ast.parse(path.read_bytes())
        inside = {id(part) for text in ast.walk(tree) if isinstance(text, ast.JoinedStr) for part in ast.walk(text)}
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            where = f"{path.relative_to(package).as_posix()}:{node.lineno}"
            if name in extraction.KEYWORDS and id(node) in inside:
                # Before Python 3.12 an f-string is one token, and what is marked in it stays unseen.
                yield Fault("source", "text inside an f-string", where)
            if name in extraction.KEYWORDS and any(map(_is_put_together, node.args)):
                yield Fault("source", "text put together at run time", where)
            if name in _PLURALS and any(_is_marker(part) for part in node.args):
                yield Fault("source", "plural forms marked one by one", where, "write them without N_, or N_plural")


def _is_put_together(node: ast.expr) -> bool:
    """Whether a text is made of parts; a count may be a sum."""
    if isinstance(node, ast.BinOp):
        return any(isinstance(part, ast.Constant) and isinstance(part.value, str) for part in ast.walk(node))
    return isinstance(node, ast.JoinedStr)


def _is_marker(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "N_"


def mnemonics(text: str) -> list[str]:
    """Return the mnemonics of `text`: an ampersand before a letter or digit, not an entity, not ``&&``."""
    return _MNEMONIC.findall(_ENTITY.sub("", text))


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def check(folder: Path = LOCALES, package: Path = extraction.PACKAGE, required: Iterable[str] = ()) -> list[Fault]:
    """Return all faults of the catalogs under `folder` against the source under `package`."""
    template = extraction.extract(package)
    faults = list(check_source(package))
    faults += [Fault(tag, "no catalog", tag) for tag in required if not po_path(tag, folder).exists()]
    for tag in locales(folder):
        try:
            catalog = extraction.read(po_path(tag, folder), tag)
        except ValueError as error:
            faults.append(Fault(tag, "unreadable", str(po_path(tag, folder)), str(error)))
            continue
        faults += check_catalog(tag, catalog, template)
        if not extraction.is_fresh(mo_path(tag, folder), catalog):
            faults.append(Fault(tag, "stale", mo_path(tag, folder).name, "run python -m workstation.i18n.update"))
    return faults


def main() -> int:
    """Check the shipped catalogs; 0 when there is nothing to say."""
    faults = check(required=(tags.SOURCE,))
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
