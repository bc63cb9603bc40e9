"""What stands in an element, as text for reading; pure."""

import base64
import binascii
import re
from html import escape, unescape

from workstation.connectors.feed import charsets
from workstation.connectors.feed.markup import Document, Element, joined
from workstation.net.html import HTML_CAP, readable, tidy
from workstation.net.plain import capped, one_line

TITLE_CAP = 300
PREFIX = re.compile(r"<(/?)(?:xhtml|html|h|x|xh):(?=[A-Za-z])")
ADDRESS = re.compile(r"""(\b(?:href|src)\s*=\s*)(?:"([^"<>]{1,2000})"|'([^'<>]{1,2000})')""", re.IGNORECASE)
PICTURE = re.compile(r"""<img\b[^<>]{0,2000}?\bsrc\s*=\s*["']?([^"'\s<>]{1,2000})""", re.IGNORECASE)
MARKED_UP = re.compile(
    r"<(?:/?(?:p|br|b|i|u|em|strong|a|img|div|span|ul|ol|li|h[1-6]|blockquote|code|pre|sub|sup|small|del|ins|font|table|"
    r"td|tr|s|q|cite|abbr|acronym|tt|hr|script|style|iframe|object|embed|form|input)\b[^<>]*/?>|!--)",
    re.IGNORECASE,
)
ANY_MARK = re.compile(r"<[A-Za-z/!]")
DRAWN = re.compile(r"</?(?:svg|math)\b[^<>]*>", re.IGNORECASE)
"""Formulas and drawings: what is written in them is shown where there is nothing else."""
AS_TEXT = {"text", "text/plain", "plain"}
AS_HTML = {"html", "text/html", "xhtml", "application/xhtml+xml", "text/x-html"}


def html_of(document: Document, element: Element, *, plain: bool = False) -> str:
    """The markup that an element holds; `plain`: what says nothing of its kind is text."""
    attributes = element.attributes
    kind = attributes.get("type", "").strip().lower()
    mode = attributes.get("mode", "").strip().lower()
    source = element.text
    if kind == "application/octet-stream" or mode == "base64" or _packed(kind):
        source = _unpacked(source)
        return escape(source, quote=False) if kind in AS_TEXT else source
    if element.children and mode != "escaped":
        return PREFIX.sub(r"<\1", _literal(document.inner(element)))
    if mode == "escaped" or kind in AS_HTML:
        return source
    if kind in AS_TEXT:
        return escape(source, quote=False)
    marked = MARKED_UP if plain else ANY_MARK
    return source if marked.search(source) else escape(unescape(source), quote=False)


def _packed(kind: str) -> bool:
    """Whether Atom packs content of this kind as base64."""
    named = kind.partition(";")[0].strip()
    known = named in AS_TEXT or named in AS_HTML or named.startswith(("text/", "message/", "multipart/"))
    return "/" in named and not known and not named.endswith(("+xml", "/xml"))


def _unpacked(source: str) -> str:
    squeezed = "".join(source.split())
    try:
        raw = base64.b64decode(squeezed[: HTML_CAP * 2], validate=True)
    except (binascii.Error, ValueError):
        return source
    if raw[:512].count(0) or sum(byte < 9 for byte in raw[:512]):
        return ""  # a picture, a sound
    return charsets.decoded(raw)


def _literal(markup: str) -> str:
    """Sections of characters that are not markup, as markup writes them."""
    if "<![CDATA[" not in markup:
        return markup
    parts = markup.split("<![CDATA[")
    out = [parts[0]]
    for part in parts[1:]:
        data, _, rest = part.partition("]]>")
        out += [data, rest]
    return "".join(out)


def body(html: str, base: str) -> str:
    """Text of many lines."""
    html = html[:HTML_CAP]
    if "<" not in html:
        return capped(tidy(unescape(html)))
    if base:
        html = ADDRESS.sub(lambda found: _rebased(found, base), html)
    return capped(readable(html) or readable(DRAWN.sub(" ", html)))


def _rebased(found: "re.Match[str]", base: str) -> str:
    address = unescape(found[2] or found[3] or "")
    return f'{found[1]}"{escape(joined(base, address))}"'


def line(html: str) -> str:
    """A title, a name: on one line, without what only markup says."""
    text = unescape(html) if "<" not in html else readable(html[:20_000])
    return one_line(text, TITLE_CAP)


def pictures(html: str, base: str) -> list[str]:
    """Addresses of the pictures that a text shows."""
    return [joined(base, unescape(address)) for address in PICTURE.findall(html[:HTML_CAP])[:10]]
