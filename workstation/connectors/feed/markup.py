"""Documents of strangers to a tree, well formed or not: one pass, no entities from outside, nothing that can explode.

A strict parser refuses every tenth feed for a stray ampersand. This one reads what is there: marks that never end,
that end what was not begun, or that stand where none may. Entities are those of HTML, and short ones that the document
declares itself; they are replaced once, never within each other.
"""

import re
from collections import Counter
from html import unescape
from html.entities import html5
from urllib.parse import urljoin

ELEMENTS_CAP = 120_000
DEPTH_CAP = 60
ATTRIBUTES_CAP = 40
VALUE_CAP = 20_000
DECLARED_CAP = 200
MARKS_CAP = 600_000
"""Marks of any kind that are read; a feed of 4 MB that anybody wrote has a tenth of it."""
EXPANDED_CAP = 1_000_000
"""Characters that entities of the document's own may become in all."""

NAME = re.compile(r"[A-Za-z_][^\s<>/=\"']{0,100}")
ATTRIBUTE = re.compile(r"""\s*([^\s<>/="']{1,100})(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s<>"']*)))?""")
SKIPPED = re.compile(r"""[\s"'=/]*""")
ENTITY = re.compile(r"&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z_][\w.:-]{0,40});")
BYTES = re.compile(r"(?:&#(?:12[89]|1[3-9]\d|2[0-4]\d|25[0-5]);){2,}")
"""Two and more numbers of bytes, where numbers of characters should stand."""
DECLARATION = re.compile(r"""<!ENTITY\s+([A-Za-z_][\w.:-]{0,40})\s+(?:"([^"<%]{0,1000})"|'([^'<%]{0,1000})')\s*>""")

NETSCAPE = tuple("/".join((f"http://{host}.netscape.com/rdf", "simple", "0.9", "")) for host in ("my", "channel"))
"""RSS 0.90, under the two addresses of its maker."""
XML = "http://www.w3.org/xml/1998/namespace"
CORE = {
    "http://purl.org/atom/ns#": "", "http://www.w3.org/2005/atom": "", "http://example.com/newformat#": "",
    "http://purl.org/rss/1.0/": "", NETSCAPE[0]: "", "http://example.com/necho": "",
    "http://backend.userland.com/rss": "", "http://backend.userland.com/rss2": "", "http://purl.org/net/rss1.1#": "",
    "http://backend.userland.com/blogchannelmodule": "blog", NETSCAPE[1]: "",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf", "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/elements/1.0/": "dc", "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/rss/1.0/modules/content/": "content", "http://search.yahoo.com/mrss": "media",
    "http://search.yahoo.com/mrss/": "media", "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://purl.org/rss/1.0/modules/syndication/": "sy", "http://purl.org/atompub/tombstones/1.0": "at",
    "http://www.w3.org/1999/xhtml": "xhtml", "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    XML: "xml", "http://www.w3.org/2000/svg": "svg", "http://www.w3.org/1998/math/mathml": "math",
}  # fmt: skip
USUAL = {"rdf", "dc", "dcterms", "content", "media", "itunes", "sy", "at", "xhtml", "feedburner", "xml", "svg", "math"}
"""What prefixes mean that nobody declared."""


class Element:
    """A mark and what is in it. `key` is its name in lower case behind the short name of its vocabulary, if any."""

    __slots__ = ("_kinds", "attributes", "base", "children", "closed", "end", "key", "language", "start", "texts")

    def __init__(self, key: str, attributes: dict[str, str], base: str, language: str, start: int) -> None:
        self.key = key
        self.attributes = attributes
        self.base = base
        self.language = language
        self.children: list[Element] = []
        self.texts: list[str] = []
        self.start = start
        self.end = start
        self.closed = False
        self._kinds: dict[str, list[Element]] = {}

    @property
    def text(self) -> str:
        """Its own text, without that of its children."""
        return "".join(self.texts)

    def all(self, *keys: str) -> "list[Element]":
        """Its children of these kinds, in this order of kinds."""
        kinds = self._kinds
        if not kinds:  # the tree stands when it is asked
            for child in self.children:
                kinds.setdefault(child.key, []).append(child)
        return [child for key in keys if key in kinds for child in kinds[key]]

    def first(self, *keys: str) -> "Element | None":
        """The first of them."""
        return next(iter(self.all(*keys)), None)


class Document:
    """A tree, the text it was made of, and whether it ends where it should."""

    def __init__(self, source: str, base: str = "") -> None:
        self.source = source
        self.root = Element("", {}, base, "", 0)
        self._open: list[tuple[Element, dict[str, str], str]] = [(self.root, {}, "")]
        self._names: Counter[str] = Counter()
        self._declared: dict[str, str] = {}
        self._expanded = 0
        self._count = 0
        self.whole = False
        self._read()

    def inner(self, element: Element) -> str:
        """The markup within an element, as it stands there."""
        return self.source[element.start : element.end]

    # -- one pass ------------------------------------------------------------------------------------------------

    def _read(self) -> None:
        source, at = self.source, 0
        for _ in range(MARKS_CAP):
            mark = source.find("<", at)
            if mark < 0:
                self._text(source[at:])
                break
            if mark > at:
                self._text(source[at:mark])
            at = self._mark(mark)
        self.whole = len(self._open) == 1 and any(child.closed for child in self.root.children)
        for element, _, _ in self._open:
            element.end = len(source)

    def _mark(self, at: int) -> int:
        """Read what begins with `<` here; where it ends."""
        source = self.source
        if source.startswith("<!--", at):
            return self._after("-->", at + 4)
        if source.startswith("<![CDATA[", at):
            end = source.find("]]>", at + 9)
            self._open[-1][0].texts.append(source[at + 9 : end if end >= 0 else len(source)])
            return end + 3 if end >= 0 else len(source)
        if source.startswith("<?", at):
            return self._after(">", at + 2)
        if source.startswith("<!", at):
            return self._doctype(at)
        if source.startswith("</", at):
            end = self._after(">", at + 2)
            self._end(source[at + 2 : end].rstrip(">").strip()[:120], at)
            return end
        named = NAME.match(source, at + 1)
        if named is not None:
            return self._start(named)
        self._text("<")
        return at + 1

    def _after(self, what: str, at: int) -> int:
        end = self.source.find(what, at)
        return end + len(what) if end >= 0 else len(self.source)

    def _doctype(self, at: int) -> int:
        source = self.source
        end = source.find(">", at)
        subset = source.find("[", at, end if end >= 0 else at + 2_000)
        if subset < 0:
            return end + 1 if end >= 0 else len(source)
        end = source.find("]", subset)
        end = end if end >= 0 else len(source)
        for found in DECLARATION.finditer(source, subset, min(end, subset + 100_000)):
            if len(self._declared) >= DECLARED_CAP:
                break
            value = found[2] if found[2] is not None else found[3]
            self._declared.setdefault(found[1], unescape(value) if value.count("&") < 20 else "")
        return self._after(">", end)

    def _start(self, named: "re.Match[str]") -> int:
        source, name, at = self.source, named[0], named.end()
        attributes: dict[str, str] = {}
        if source[at : at + 1] == ">":
            self._begin(name, attributes, at + 1, empty=False)
            return at + 1
        while True:
            skipped = SKIPPED.match(source, at)
            at = skipped.end() if skipped is not None else at
            if at >= len(source) or source[at] in "<>":
                break
            found = ATTRIBUTE.match(source, at)
            if found is None:
                at += 1
                continue
            at = found.end()
            value = found[2] or found[3] or found[4] or ""
            if len(attributes) < ATTRIBUTES_CAP:
                attributes.setdefault(found[1].lower(), self._unescaped(value[:VALUE_CAP]))
        ended = at < len(source) and source[at] == ">"
        empty = ended and source[at - 1] == "/"
        self._begin(name, attributes, at + 1 if ended else at, empty=empty)
        return at + 1 if ended else at

    def _begin(self, name: str, attributes: dict[str, str], at: int, *, empty: bool) -> None:
        parent, spaces, _ = self._open[-1]
        self._count += 1
        if self._count > ELEMENTS_CAP:
            return
        base, language = parent.base, parent.language
        if attributes:
            declared = {key: value for key, value in attributes.items() if key == "xmlns" or key.startswith("xmlns:")}
            if declared:
                spaces = spaces | {key[6:]: _short(value) for key, value in declared.items()}
            if "xml:base" in attributes:
                base = joined(base, attributes["xml:base"])
            language = attributes.get("xml:lang", language)
        element = Element(_key(name, spaces), attributes, base, language, at)
        parent.children.append(element)
        if empty:
            element.closed = True
        elif len(self._open) < DEPTH_CAP:
            self._open.append((element, spaces, name.lower()))
            self._names[name.lower()] += 1

    def _end(self, name: str, at: int) -> None:
        name = name.lower()
        if not self._names[name]:
            return  # it was never begun
        while True:
            element, _, opened = self._open.pop()
            self._names[opened] -= 1
            element.end = at
            if opened == name:
                element.closed = True
                return

    def _text(self, text: str) -> None:
        if text:
            self._open[-1][0].texts.append(self._unescaped(text))

    def _unescaped(self, text: str) -> str:
        if "&" not in text:
            return text
        if "&#" in text:
            text = BYTES.sub(_bytes, text)
        return ENTITY.sub(self._entity, text)

    def _entity(self, found: "re.Match[str]") -> str:
        name = found[1]
        if name.startswith("#"):
            return unescape(found[0])
        if name in self._declared:
            self._expanded += len(self._declared[name])
            return self._declared[name] if self._expanded <= EXPANDED_CAP else ""
        return html5.get(f"{name};", found[0])


def _bytes(found: "re.Match[str]") -> str:
    try:
        return bytes(int(number) for number in re.findall(r"\d+", found[0])).decode()
    except (UnicodeError, ValueError):
        return found[0]


def _short(space: str) -> str:
    found = CORE.get(space.strip().lower())
    return found if found is not None else f"?{space.strip().lower()[:80]}"


def _key(name: str, spaces: dict[str, str]) -> str:
    prefix, colon, local = name.partition(":")
    if not colon:
        short = spaces.get("", "")
        # A vocabulary of its own for all of it is just another RSS.
        return f"{short}:{name}".lower() if short and not short.startswith("?") else name.lower()
    short = spaces.get(prefix, prefix.lower() if prefix.lower() in USUAL else f"?{prefix.lower()}")
    return f"{short}:{local}".lower() if short else local.lower()


def joined(base: str, address: str) -> str:
    """An address relative to another; as it stands where that cannot be."""
    try:
        return urljoin(base, address.strip()[:4_000])
    except ValueError:
        return address.strip()[:4_000]
