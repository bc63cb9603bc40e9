"""Markup of strangers (mail, feeds) to text for reading: nothing loaded, nothing hidden shown, tables kept readable.

An HTML5 parser (Lexbor) reads it as a browser would; the walk is a loop, so that depth does not matter.
"""

import re
from collections import Counter
from collections.abc import Mapping
from html import unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from workstation.net.plain import harmless, web_address

HTML_CAP = 1_000_000
"""Characters of markup that are read."""
STEP_CAP = 200_000
"""Steps of the walk; what is larger only has its tags removed."""
ADDRESS_CAP = 240
"""Characters of an address that are shown: who it leads to stands at its beginning."""
NESTED = 6
"""Quotations, and tables in tables, that are told apart: what is deeper belongs to the last of them."""
TABLE_LINE = 160
"""Characters of a row that is written as one line."""

SPACES = re.compile(r"[ \t\r\n\f]+")
GAPS = re.compile(r"\n{3,}")
PADDING = re.compile("(?:[\u034f\u200b-\u200d\u2007\u00ad\ufeff][ \u00a0]*){4,}")
"""What newsletters put behind their first line, so that no other one is shown in lists of mails."""
TAG = re.compile(r"<[^<>]*>")
OPENED = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
DEEPEST = 4_000
"""Elements within elements that a parser is given."""
UNCLOSED = {
    "p", "li", "td", "th", "tr", "dd", "dt", "option", "tbody", "thead", "tfoot", "br", "img", "hr", "input", "meta",
    "link", "col", "colgroup", "source", "wbr", "area", "base", "param", "embed", "track", "rp", "rt",
}  # fmt: skip
DROPPED = {
    "script", "style", "template", "noscript", "title", "head", "iframe", "object", "embed", "svg", "math", "textarea",
    "select", "canvas", "audio", "video", "noembed", "noframes", "map", "frameset", "applet", "meta", "link", "base",
}  # fmt: skip
PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "pre", "table", "dl", "hr"}
LINES = {
    "div", "section", "article", "header", "footer", "main", "aside", "figure", "figcaption", "details", "summary",
    "address", "center", "form", "fieldset", "li", "tr", "dt", "dd", "thead", "tbody", "tfoot", "caption", "nav",
}  # fmt: skip
INVISIBLE = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|mso-hide:all|font-size:0(?![.\d])|opacity:0(?:\.0*)?(?![.\d])"
    r"|max-height:0(?![.\d])|(?<![\w-])height:0(?:px)?;(?=.*overflow:hidden)|text-indent:-\d{3,}|left:-\d{4,}"
)
COLOUR = re.compile(r"(?<![-\w])color:([^;!]+)")
BACKGROUND = re.compile(r"background(?:-color)?:([^;!]+)")
NAMED = {"white": "ffffff", "black": "000000", "transparent": ""}
RGB = re.compile(r"rgba?\((\d+),(\d+),(\d+)")


def readable(html: str) -> str:
    """The text of a page: quotations as lines that begin with `> `, links with their address where it tells more."""
    html = html[:HTML_CAP]
    if too_deep(html):
        return tidy(unescape(TAG.sub(" ", html)))
    # Whoever hides everything is mistaken for somebody who hides a part.
    return _walked(html, hidden=False) or _walked(html, hidden=True)


def too_deep(html: str) -> bool:
    """Whether a parser would take long for it: it looks through all open elements at every further one."""
    depth = 0
    left: Counter[str] = Counter()
    for slash, spelled in OPENED.findall(html):
        name = spelled.lower()
        # An end of what was never begun ends nothing else.
        if name in UNCLOSED or (slash and not left[name]):
            continue
        depth += -1 if slash else 1
        left[name] += -1 if slash else 1
        if depth > DEEPEST:
            return True
    return False


def tidy(text: str) -> str:
    """Harmless text without trailing spaces and larger gaps."""
    # Line by line: a pattern for spaces before an end of line is slow where somebody wrote a million of them.
    lines = [line.rstrip(" \t") for line in harmless(PADDING.sub(" ", text)).replace("\u00a0", " ").split("\n")]
    return GAPS.sub("\n\n", "\n".join(lines)).strip("\n ")


def _walked(html: str, *, hidden: bool) -> str:
    body = LexborHTMLParser(html).body
    writer = _Writer(hidden=hidden)
    node = body.first_child if body is not None else None
    if body is not None:
        writer.ground(body.attributes)
    above: list[LexborNode] = []
    for _ in range(STEP_CAP):
        if node is None:
            if not above:
                return tidy(writer.result())
            left = above.pop()
            writer.close(left.tag or "")
            node = left.next
            continue
        child = writer.enter(node)
        if child is not None:
            above.append(node)
            node = child
        else:
            node = node.next
    return tidy(unescape(TAG.sub(" ", html)))


class _Writer:
    """Collects text while the walk enters and leaves elements."""

    def __init__(self, *, hidden: bool) -> None:
        self._out: list[str] = []
        self._hidden = hidden
        self._links: list[tuple[int, str]] = []
        self._lists: list[int] = []
        self._quotes: list[int] = []
        self._rows: list[tuple[int, list[str]]] = []
        self._cells: list[int] = []
        self._grounds: list[str] = ["ffffff"]
        self._inks: list[str] = [""]
        self._preformatted = 0
        self._tight: list[bool] = []

    def enter(self, node: LexborNode) -> LexborNode | None:
        """Write what a node begins with; its first child where the walk goes down."""
        tag = node.tag or ""
        if tag == "-text":
            self._text(node.text_content or "")
            return None
        if tag in DROPPED or tag.startswith(("-", "_", "!")):
            return None
        attributes = node.attributes
        if tag == "br":
            self._out.append("\n")
            return None
        if tag == "img":
            self._image(attributes)
            return None
        if tag == "input" or (not self._hidden and _invisible(attributes)):
            return None
        self._open(tag, attributes)
        child = node.first_child
        if child is None:
            self.close(tag)
        return child

    def ground(self, attributes: Mapping[str, str | None]) -> None:
        """What colour the page is."""
        self._grounds = [_ground(attributes) or "ffffff"]

    def _text(self, data: str) -> None:
        if not self._hidden and self._inks[-1] and self._inks[-1] == self._grounds[-1]:
            return  # written in the colour of the paper
        if not self._preformatted:
            data = SPACES.sub(" ", data)
            if data[:1] == " " and (not self._out or self._out[-1][-1:] in ("\n", " ")):
                data = data[1:]
        if data:
            self._out.append(data)

    def _image(self, attributes: Mapping[str, str | None]) -> None:
        sizes = [(attributes.get(name) or "").strip().removesuffix("px") for name in ("width", "height")]
        if any(size in {"0", "1", "2"} for size in sizes):
            return  # it only counts who looks
        said = " ".join((attributes.get("alt") or "").split())[:300]
        if said:
            self._text(said)

    def _open(self, tag: str, attributes: Mapping[str, str | None]) -> None:
        self._grounds.append(_ground(attributes) or self._grounds[-1])
        self._inks.append(_ink(attributes) or ("" if tag == "a" else self._inks[-1]))
        if tag == "a":
            self._links.append((len(self._out), attributes.get("href") or ""))
        elif tag in ("td", "th"):
            self._cells.append(len(self._out) if len(self._cells) < NESTED else -1)
        elif tag == "tr":
            self._break(1)
            self._rows.append((len(self._out) if len(self._rows) < NESTED else -1, []))
        elif tag == "li":
            self._item()
        elif tag in PARAGRAPHS:
            plain = tag == "table"
            if tag == "p":  # Outlook writes every line as a paragraph
                plain = "mso" in (attributes.get("class") or "").lower()
                self._tight.append(plain)
            self._break(1 if plain or (tag in {"ul", "ol"} and self._lists) else 2)
            self._open_paragraph(tag)
        elif tag in LINES:
            self._break(1)

    def _open_paragraph(self, tag: str) -> None:
        if tag == "pre":
            self._preformatted += 1
        elif tag in {"ul", "ol"}:
            self._lists.append(1 if tag == "ol" else 0)
        elif tag == "blockquote":
            # Depth is visible up to a few levels; beyond, lines would only grow.
            self._quotes.append(len(self._out) if len(self._quotes) < NESTED else -1)

    def _item(self) -> None:
        self._break(1)
        indent = "  " * min(max(len(self._lists) - 1, 0), 6)
        number = self._lists[-1] if self._lists else 0
        if number:
            self._lists[-1] += 1
        self._out.append(f"{indent}{number}. " if number else f"{indent}• ")

    def _break(self, lines: int) -> None:
        """End the line, or the paragraph, if anything stands before."""
        tail = "".join(piece[-4:] for piece in self._out[-3:])
        if not tail:
            return
        ended = len(tail) - len(tail.rstrip("\n"))
        if tail.rstrip(" ").endswith("• ".strip()) and not ended:
            return  # the first paragraph of an item stands behind its mark
        self._out.append("\n" * max(0, lines - ended))

    def close(self, tag: str) -> None:
        """Write what an element ends with."""
        if len(self._grounds) > 1:
            self._grounds.pop()
            self._inks.pop()
        if tag == "a" and self._links:
            self._close_link(*self._links.pop())
        elif tag in ("td", "th"):
            self._close_cell()
        elif tag == "tr":
            self._close_row()
        elif tag in PARAGRAPHS:
            if tag == "pre":
                self._preformatted = max(0, self._preformatted - 1)
            elif tag in {"ul", "ol"} and self._lists:
                self._lists.pop()
            elif tag == "blockquote" and self._quotes:
                self._close_quote(self._quotes.pop())
            tight = tag == "p" and bool(self._tight) and self._tight.pop()
            self._break(1 if tight or tag in {"table", "ul", "ol"} else 2)
        elif tag in LINES:
            self._break(1)

    def _close_link(self, start: int, href: str) -> None:
        label = "".join(self._out[start:])
        address = web_address(href)
        if not address and href.lower().startswith("mailto:"):
            address = href[7:].partition("?")[0]
        shown = label.strip()
        if not address or not shown:
            return  # a picture without a name, or a place within the page
        if _bare(address) in {_bare(shown), _bare(shown.partition(" (")[0])}:
            return
        if len(address) > ADDRESS_CAP:
            address = address[:ADDRESS_CAP] + "…"
        trailing = label[len(label.rstrip()) :]
        self._out[start:] = [f"{label.rstrip()} ({address}){trailing}"]

    def _close_cell(self) -> None:
        if not self._cells:
            return
        start = self._cells.pop()
        if start < 0:
            self._break(1)
            return
        inner = "".join(self._out[start:]).strip("\n ")
        del self._out[start:]
        if self._rows:
            self._rows[-1][1].append(inner)
        elif inner:
            self._out.append(inner + "\n")

    def _close_row(self) -> None:
        if not self._rows:
            return
        start, cells = self._rows.pop()
        if start < 0:
            self._break(1)
            return
        rest = "".join(self._out[start:]).strip("\n ")
        del self._out[start:]
        filled = [cell for cell in (*cells, rest) if cell.strip()]
        flat = all("\n" not in cell for cell in filled) and sum(map(len, filled)) <= TABLE_LINE
        self._out.append((" | " if flat else "\n").join(filled))
        self._break(1)

    def _close_quote(self, start: int) -> None:
        if start < 0:
            return
        inner = tidy("".join(self._out[start:]))
        if inner:
            inner = "\n".join(f"> {line}".rstrip() for line in inner.split("\n"))
        self._out[start:] = [inner]

    def result(self) -> str:
        """The text so far."""
        return "".join(self._out)


def _bare(address: str) -> str:
    return address.partition("://")[2].rstrip("/").lower() or address.rstrip("/").lower()


def _style(attributes: Mapping[str, str | None]) -> str:
    return "".join((attributes.get("style") or "")[:4_000].lower().split()) + ";"


def _invisible(attributes: Mapping[str, str | None]) -> bool:
    return "hidden" in attributes or (
        bool(attributes.get("style")) and INVISIBLE.search(_style(attributes)) is not None
    )


def _ground(attributes: Mapping[str, str | None]) -> str:
    """The colour behind what an element holds; empty where it says none, `?` where there is a picture."""
    found = BACKGROUND.search(_style(attributes)) if attributes.get("style") else None
    if attributes.get("background") or (found is not None and "url(" in found[1]):
        return "?"
    return _colour(found[1] if found is not None else attributes.get("bgcolor") or "")


def _ink(attributes: Mapping[str, str | None]) -> str:
    found = COLOUR.search(_style(attributes)) if attributes.get("style") else None
    return _colour(found[1] if found is not None else attributes.get("color") or "")


def _colour(told: str) -> str:
    """A colour as six digits; empty where it is none that can be read."""
    text = told.strip().lower()
    rgb = RGB.search(text)
    if rgb is not None:
        return "".join(f"{min(255, int(part[:4])):02x}" for part in rgb.groups())
    if text in NAMED:
        return NAMED[text]
    found = re.search(r"#?([0-9a-f]{6}|[0-9a-f]{3})\b", text)
    if found is None:
        return "?" if text else ""
    digits = found[1]
    return "".join(sign * 2 for sign in digits) if len(digits) == 3 else digits
