"""Finding and masking what points to a person, in texts, JSON and bytes; pure."""

import base64
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from unicodedata import normalize
from urllib.parse import quote

import msgspec

from workstation.domain.privacy import Term, TermKind

MASK = "[…]"
"""Stands where something was erased: the same in every language, for it is stored."""
DISTINCT = 6
"""Characters from which a name is looked for inside longer words too: it may carry an ending."""
_SHORTEST = 3
_REST = r"[^\s\"'<>\])]*"
_BARE_NAMES = r"(?:@|users/|u/|profile/|accounts/)"
_CORE = 12
"""Characters of base64 below which it may be there by chance."""


def is_spaceless(char: str) -> bool:
    """Whether a character belongs to a script that writes without spaces."""
    return "\u0e00" <= char <= "\u0eff" or "\u1000" <= char <= "\u11ff" or "\u3005" <= char <= "\ud7af"


def spellings(text: str) -> tuple[str, ...]:
    """A text as files may hold it: composed and decomposed, percent-encoded, escaped for JSON and for HTML."""
    found: dict[str, None] = {}
    for form in (text, normalize("NFC", text), normalize("NFD", text), normalize("NFKC", text)):
        clean = form.encode("utf-8", "replace").decode()
        found[form] = None
        found[quote(clean, safe="")] = None
        found[quote(clean, safe="@/:")] = None
        found[json.dumps(clean)[1:-1]] = None
        found[json.dumps(clean, ensure_ascii=False)[1:-1]] = None
        found[clean.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;").replace("'", "&#39;")] = None
    return tuple(found)


def _any(text: str) -> str:
    return "(?:" + "|".join(r"\s+".join(map(re.escape, each.split())) for each in spellings(text)) + ")"


def _edge(char: str, look: str) -> str:
    """A boundary at this side of a word, where its script has such a thing."""
    return look if char.isalnum() and not is_spaceless(char) else ""


def _word(text: str) -> str:
    """A name: behind an @ it is the beginning of somebody's handle."""
    core = text.strip()
    if len(core) >= DISTINCT:
        return r"(?<!@)" + _any(core)
    return _edge(core[:1], r"(?<![\w@])") + _any(core) + _edge(core[-1:], r"(?!\w)")


def _source(term: Term) -> str:
    """The regular expression of a term."""
    text = term.text.strip()
    match term.kind:
        case TermKind.HANDLE:
            local, at, host = text.partition("@")
            whole = rf"(?<![\w.-])@?{_any(text)}(?![\w-]|\.\w)"
            if not at:
                return whole
            page = rf"https?://{re.escape(host)}/{_BARE_NAMES}{_any(local)}(?![\w.-]){_REST}"
            return f"{page}|{whole}"
        case TermKind.LOCAL:
            return rf"(?<![\w@.-])@{_any(text)}(?![\w@-]|\.\w)"
        case TermKind.ADDRESS:
            return rf"{_any(text)}(?![\w-]){_REST}"
        case TermKind.WORD:
            return _word(text)


class Masker:
    """Masks terms; those that are not `on` are passed over."""

    def __init__(self, terms: Iterable[Term]) -> None:
        wanted = [term for term in terms if term.on and term.text.strip()]
        self._terms = tuple(wanted)
        # Longest first, so that a handle is not left with half of itself.
        wanted.sort(key=lambda term: (term.kind is not TermKind.ADDRESS, -len(term.text)))
        parts = [_source(term) for term in wanted]
        self._pattern = re.compile("|".join(parts), re.IGNORECASE) if parts else None
        # Cheap to look for, and in nearly no text.
        self._needles = tuple({each.lower().split()[0] for term in wanted for each in spellings(term.text.strip())})
        handles = [_any(term.text.strip()) for term in wanted if term.kind is TermKind.HANDLE]
        # A quotation carries the person's own words under their handle.
        self._quoted = (
            re.compile(rf"^> @(?:{'|'.join(handles)}):[^\n]*(?:\n>[^\n]*)*", re.IGNORECASE | re.MULTILINE)
            if handles
            else None
        )

    def __bool__(self) -> bool:
        return self._pattern is not None

    def beside(self, handles: Iterable[str]) -> "Masker":
        """A masker for a text that names these handles: what is short for one of them is not the person."""
        short = {handle.lower().removeprefix("@").partition("@")[0] for handle in handles}
        others = [t for t in self._terms if t.kind is not TermKind.LOCAL or t.text.strip().lower() not in short]
        return self if len(others) == len(self._terms) else Masker(others)

    def found_in(self, *texts: str) -> bool:
        """Whether one of the texts holds a term."""
        return any(self._may_hold(text) and self._search(text) for text in texts)

    def _may_hold(self, text: str) -> bool:
        low = text.lower()
        return any(needle in low for needle in self._needles)

    def _search(self, text: str) -> bool:
        return self._pattern is not None and self._pattern.search(text) is not None

    def mask(self, text: str) -> str:
        """The text without the terms."""
        if self._pattern is None or not self._may_hold(text):
            return text
        if self._quoted is not None and "> @" in text:
            text = self._quoted.sub(f"> {MASK}", text)
        return self._pattern.sub(MASK, text)

    def mask_json(self, text: str) -> str:
        """The JSON text with its strings masked, keys too; what is no JSON is masked as text."""
        if not text or not self.found_in_json(text):
            return text
        try:
            return msgspec.json.encode(self._walk(msgspec.json.decode(text))).decode()
        except (msgspec.MsgspecError, RecursionError):
            return self.mask(text)

    def found_in_json(self, text: str) -> bool:
        """Whether a JSON text holds a term, escaped or not."""
        return self.found_in(text, *_unescaped(text))

    def _walk(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.mask(value)
        if isinstance(value, list):
            return [self._walk(part) for part in value]
        if isinstance(value, dict):
            return {self.mask(key): self._walk(part) for key, part in value.items()}
        return value


def _unescaped(text: str) -> tuple[str, ...]:
    """What the escapes of a JSON text stand for."""
    if "\\" not in text:
        return ()
    try:
        return tuple(strings(msgspec.json.decode(text)))
    except (msgspec.MsgspecError, RecursionError):
        return ()


def strings(value: Any) -> Iterator[str]:
    """Every text in a decoded JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)
    elif isinstance(value, dict):
        for key, part in value.items():
            yield key
            yield from strings(part)


class ByteSearch:
    """Looks for terms in bytes of any kind: UTF-8, UTF-16, percent-encoded, escaped, base64; in any case."""

    def __init__(self, terms: Iterable[Term]) -> None:
        plain: set[bytes] = set()
        exact: set[bytes] = set()
        for term in terms:
            text = f"@{term.text.strip()}" if term.kind is TermKind.LOCAL else term.text.strip()
            if not term.on or len(text) < _SHORTEST:
                continue
            for spelling in spellings(text):
                for cased in (spelling, spelling.lower(), spelling.upper(), spelling.title()):
                    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
                        plain.add(cased.encode(encoding, "replace").lower())
            exact |= _in_base64(text)
        self._plain, self._exact = sorted(plain), sorted(exact)
        self.longest = max((len(each) for each in (*plain, *exact)), default=0)

    def __bool__(self) -> bool:
        return bool(self._plain)

    def found_in(self, data: bytes) -> bool:
        """Whether one of the terms is in the bytes."""
        folded = data.lower()
        return any(each in folded for each in self._plain) or any(each in data for each in self._exact)


def _in_base64(text: str) -> set[bytes]:
    """What every base64 that holds the text must contain, wherever in it the text begins."""
    data = text.encode("utf-8", "replace")
    found = set()
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + data)
        core = encoded[-(-shift * 8 // 6) : len(encoded) // 4 * 4 - 4]
        if len(core) >= _CORE:
            found |= {core, core.replace(b"+", b"-").replace(b"/", b"_")}
    return found
