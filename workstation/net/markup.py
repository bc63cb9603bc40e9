"""Posts of social networks as plain text: full addresses, mentions with their server, no markup at all.

Usual markup is read by one regular expression; whatever is unusual goes through an HTML5 parser (Lexbor). Both
drive the same writer. Mails and pages have hidden parts, tables and colours, which `net.html` heeds at ten times the
cost; posts come by the thousand, and what a mention or a hashtag looks like matters to them alone.
"""

import re
from collections.abc import Callable, Mapping
from html import unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from workstation.net.html import too_deep
from workstation.net.plain import capped, harmless, web_address

HTML_CAP = 400_000
"""Characters of markup that are read: far more than the text that is kept."""
STEP_CAP = 60_000
"""Steps of the walk over unusual markup; what is larger only has its tags removed."""
NESTED = 5
"""Quotations and links within each other that are told apart: what is deeper belongs to the last of them."""

HASHTAG = re.compile(r"<a\b[^<>]*>#<span>([^<>]*)</span></a>")
"""A hashtag as Mastodon writes it: whatever its address, what is shown is the tag."""
# Nothing is given back: a long name that never ends would else be tried at every length.
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*+)([^<>]*+)>")
HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
CLASS = re.compile(r"""\bclass\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
SPACES = re.compile(r"[ \t\r\n\f]+")
UNTIDY = re.compile(r"[\t\r\n\f]|  ")
GAPS = re.compile(r"\n{3,}")

INLINE = {
    "span",
    "b",
    "strong",
    "i",
    "em",
    "u",
    "s",
    "del",
    "ins",
    "small",
    "sub",
    "sup",
    "code",
    "ruby",
    "bdi",
    "bdo",
    "rb",
    "rtc",
    "abbr",
    "cite",
    "q",
    "mark",
    "kbd",
    "samp",
    "var",
    "time",
    "font",
    "center",
}
BLOCKS = {
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "blockquote",
    "pre",
    "hr",
    "section",
    "article",
    "header",
    "footer",
    "main",
    "aside",
    "figure",
    "figcaption",
    "details",
    "summary",
    "table",
    "dl",
    "address",
}
LINES = {"li", "tr", "dt", "dd"}
USUAL = INLINE | BLOCKS | LINES | {"a", "br", "rt", "rp"}
DROPPED = {
    "script",
    "style",
    "template",
    "noscript",
    "title",
    "head",
    "iframe",
    "object",
    "embed",
    "svg",
    "math",
    "textarea",
    "select",
    "button",
    "canvas",
    "audio",
    "video",
    "noembed",
    "noframes",
    "xmp",
    "plaintext",
}

NO_MENTIONS: Mapping[str, str] = {}

Relabel = Callable[[str, str], str | None]
"""What a link (address, label) is shown as where a network has links of its own kind; None: like any other."""


class Writer:
    """Collects plain text from tags and text in document order."""

    def __init__(self, mentions: Mapping[str, str], relabel: Relabel | None = None) -> None:
        self.out: list[str] = []
        self._mentions = mentions
        self._relabel = relabel
        self._links: list[tuple[int, str, str]] = []
        self._lists: list[int] = []
        self._quotes: list[int] = []
        self._preformatted = 0

    def text(self, data: str) -> None:
        """Text between tags, entities already resolved."""
        out = self.out
        if not self._preformatted:
            if UNTIDY.search(data):
                data = SPACES.sub(" ", data)
            if data[:1] == " " and (not out or out[-1][-1:] == "\n"):
                data = data[1:]  # white space at the start of a line shows nothing
        out.append(data)

    def open(self, tag: str, href: str = "", classes: str = "") -> None:
        """A start tag."""
        if tag == "br":
            self.out.append("\n")
        elif tag == "a":
            nested = len(self._links) >= NESTED
            self._links.append((len(self.out), "" if nested else href, classes))
        elif tag in BLOCKS:
            self.out.append("" if tag in {"ul", "ol"} and self._lists else "\n\n")
            self._open_block(tag)
        elif tag in LINES:
            self.out.append(self._item(tag))
        elif tag == "rt" and self.out[-1:] != ["("]:
            self.out.append(" ")

    def _open_block(self, tag: str) -> None:
        if tag == "pre":
            self._preformatted += 1
        elif tag in {"ul", "ol"}:
            self._lists.append(1 if tag == "ol" else 0)
        elif tag == "blockquote":
            self._quotes.append(len(self.out) if len(self._quotes) < NESTED else -1)

    def _item(self, tag: str) -> str:
        if tag != "li":
            return "\n"
        indent = "  " * min(max(len(self._lists) - 1, 0), 6)
        number = self._lists[-1] if self._lists else 0
        if number:
            self._lists[-1] += 1
            return f"\n{indent}{number}. "
        return f"\n{indent}• "

    def close(self, tag: str) -> None:
        """An end tag; one without a start is ignored."""
        if tag == "a":
            if self._links:
                self._close_link(*self._links.pop())
        elif tag in BLOCKS:
            if tag == "pre":
                self._preformatted = max(0, self._preformatted - 1)
            elif tag in {"ul", "ol"}:
                if self._lists:
                    self._lists.pop()
                if self._lists:
                    return
            elif tag == "blockquote" and self._quotes:
                self._close_quote(self._quotes.pop())
            self.out.append("\n\n")

    def _close_link(self, start: int, href: str, classes: str) -> None:
        if not href:
            return
        shown = "".join(self.out[start:])
        label = shown.strip()
        told = self._relabel(href, label) if self._relabel is not None else None
        if told is not None:
            self.out[start:] = [told]
            return
        if label.startswith("@") and label.count("@") == 1:
            acct = self._mentions.get(href)
            if acct:
                self.out[start:] = ["@" + acct]
            return
        if label.startswith("#") or label == href or "mention" in classes:
            return
        address = web_address(href)
        if address and address.split("://", 1)[1].rstrip("/") != label.split("://", 1)[-1].rstrip("/"):
            self.out[start:] = [f"{shown} ({address})" if label else address]

    def _close_quote(self, start: int) -> None:
        if start < 0:
            return
        inner = GAPS.sub("\n\n", "".join(self.out[start:])).strip("\n ")
        # Depth is visible up to a few levels; beyond, lines would only grow.
        if len(self._quotes) < 5:
            inner = "\n".join(f"> {line}" if line else ">" for line in inner.split("\n"))
        self.out[start:] = [inner]

    def result(self) -> str:
        """The text so far, harmless and tidy."""
        return tidy("".join(self.out))


def tidy(raw: str) -> str:
    """Harmless text without gaps; gaps last, because what is taken out may have stood between two of them."""
    text = harmless(raw)
    if "\n" in text:
        # Line by line: a pattern for spaces before an end of line is slow where somebody wrote a million of them.
        *lines, last = text.split("\n")
        text = GAPS.sub("\n\n", "\n".join([*(line.rstrip(" \t") for line in lines), last]))
    return text.strip("\n ")


def to_text(html: str, mentions: Mapping[str, str] = NO_MENTIONS, relabel: Relabel | None = None) -> str:
    """Plain text of a post; `mentions` maps the addresses of mentioned profiles to user@domain."""
    if "<" not in html:
        return capped(tidy(unescape(html)))
    html = html[:HTML_CAP]
    if ">#<span>" in html:
        html = HASHTAG.sub(r"#\1", html)
    text = _paragraph(html)
    if text is None:
        text = _quick(html, mentions, relabel)
    if text is None:
        text = _thorough(html, mentions, relabel)
    return capped(text)


def _paragraph(html: str) -> str | None:
    """One paragraph without further tags, which most posts are; None if there is anything else."""
    end = len(html) - 4
    if end < 3 or html[:3] != "<p>" or html.find("<", 3) != end or html.find(">", 3) != end + 3 or html[end:] != "</p>":
        return None
    data = html[3:end]
    if "&" in data:
        data = unescape(data)
    return tidy(SPACES.sub(" ", data) if UNTIDY.search(data) else data)


def _quick(html: str, mentions: Mapping[str, str], relabel: Relabel | None) -> str | None:
    """Usual, well-formed markup; None if there is anything else."""
    pieces = TAG.split(html)
    writer = Writer(mentions, relabel)
    out = writer.out
    for index in range(0, len(pieces) - 1, 4):
        data, slash, name, attributes = pieces[index : index + 4]
        if data:
            if "<" in data or ">" in data:
                return None
            writer.text(unescape(data) if "&" in data else data)
        if name == "br":
            out.append("\n")
        elif name == "span":
            continue
        elif name not in USUAL:
            return None
        elif slash:
            writer.close(name)
        elif name == "a":
            found = HREF.search(attributes)
            classes = CLASS.search(attributes)
            writer.open("a", unescape(found[1] or found[2] or "") if found else "", classes[1] or "" if classes else "")
        else:
            writer.open(name)
    last = pieces[-1]
    if "<" in last or ">" in last:
        return None
    writer.text(unescape(last))
    return writer.result()


def _thorough(html: str, mentions: Mapping[str, str], relabel: Relabel | None) -> str:
    """Any markup, as a browser would read it; the walk is a loop, so depth does not matter."""
    if too_deep(html):
        return tidy(unescape(TAG.sub(" ", html)))
    body = LexborHTMLParser(html).body
    writer = Writer(mentions, relabel)
    node = body.first_child if body is not None else None
    open_nodes: list[LexborNode] = []
    for _ in range(STEP_CAP):
        if node is None:
            if not open_nodes:
                return writer.result()
            leaving = open_nodes.pop()
            writer.close(leaving.tag or "")
            node = leaving.next
            continue
        child = _enter(node, writer)
        if child is not None:
            open_nodes.append(node)
            node = child
        else:
            node = node.next
    return tidy(unescape(TAG.sub(" ", html)))


def _enter(node: LexborNode, writer: Writer) -> LexborNode | None:
    """Write what a node begins with; its first child if the walk goes down."""
    tag = node.tag or ""
    if tag == "-text":
        writer.text(node.text_content or "")
        return None
    if tag in DROPPED or tag.startswith(("-", "_", "!")):
        return None
    attributes = node.attributes
    if tag == "img":
        writer.text(attributes.get("alt") or attributes.get("title") or "")
        return None
    writer.open(tag, attributes.get("href") or "", attributes.get("class") or "")
    child = node.first_child
    if child is None:
        writer.close(tag)
    return child
