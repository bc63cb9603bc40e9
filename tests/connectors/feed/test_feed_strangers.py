"""Whatever a document holds: it is read or refused with a typed reason, and that ends."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workstation.connectors.feed import charsets, parse
from workstation.connectors.feed.discovery import named
from workstation.connectors.feed.entries import UnreadableError
from workstation.connectors.feed.markup import Document
from workstation.connectors.feed.messages import message, reject
from workstation.connectors.feed.position import sorted_out
from workstation.net.client import Response

URL = "https://site.example/feed"
GOOD = (
    "<?xml version='1.0' encoding='utf-8'?><!DOCTYPE rss [<!ENTITY a 'b'>]><rss version='2.0' "
    "xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:media='http://search.yahoo.com/mrss/'><channel>"
    "<title>Größe &amp; mehr</title><link>https://site.example/</link><ttl>5</ttl><item><title>A &lt;b&gt;</title>"
    "<guid isPermaLink='true'>https://site.example/1</guid><pubDate>Thu, 01 Jan 2004 19:48:21 GMT</pubDate>"
    "<content:encoded><![CDATA[<p>Hi <a href='/x'>you</a><img src='y.png'></p>]]></content:encoded>"
    "<media:group><media:content url='https://c.example/v.mp4' type='video/mp4'/></media:group></item></channel></rss>"
).encode()
ATOM = (
    b"<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://o.example/' xml:lang='de'><entry><id>tag:1</id>"
    b"<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>A</div></title><link href='x'/>"
    b"<content type='application/octet-stream'>PHA+SGk8L3A+</content><updated>2026-03-01T10:00:00Z</updated></entry>"
    b"</feed>"
)
JSON = b'{"version": "https://jsonfeed.org/version/1", "title": "J", "items": [{"id": 1, "content_html": "<p>a</p>"}]}'
PIECES = st.sampled_from(
    [
        b"<", b">", b"</", b"/>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<!DOCTYPE", b"[", b"]", b"&", b"&#",
        b"&#x110000;", b"&#0;", b"&amp;", b"&lt;", b'"', b"'", b"=", b"<item>", b"</item>", b"<entry", b"{",
        b"xmlns=''", b"xml:base='http://['", b"<?xml encoding='utf-16'?>", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf",
        b"\xed\xa0\x80", b"\xe2\x80\xae", b"<link>http://[", b"type='html'", b"mode='base64'",
        b"9999999999999999999", b"\r", b"\x1b$B",
        b"<rdf:RDF>", b"<svg>", b"<html>",
    ]
)  # fmt: skip


def read(raw: bytes, content_type: str = "") -> None:
    """Everything that is done with a document."""
    try:
        found = parse.feed(raw, content_type, URL)
    except UnreadableError:
        return
    for told in sorted_out(found.entries, {}):
        assert told.remote_id
        assert reject(told, "items").code
        if told.entry.readable:
            made = message(told, found, URL, 1_800_000_000_000_000)
            assert made.text
            assert 0 < made.created_at <= 1_800_000_000_000_000
            made.text.encode()
            made.remote_id.encode()


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A document with pieces put in, taken out, doubled and turned."""
    raw = bytearray(draw(st.sampled_from([GOOD, ATOM, JSON])))
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, len(raw)))
        size = draw(st.integers(0, 40))
        match draw(st.integers(0, 3)):
            case 0:
                raw[at:at] = draw(PIECES)
            case 1:
                del raw[at : at + size]
            case 2:
                raw[at:at] = raw[at : at + size] * draw(st.integers(1, 4))
            case _:
                raw[at : at + size] = draw(st.binary(max_size=20))
    return bytes(raw)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated(), st.sampled_from(["", "text/xml", "text/xml; charset=bogus", "application/xml; charset=utf-16"]))
def test_mutated_documents_are_read_or_refused(raw: bytes, content_type: str) -> None:
    read(raw, content_type)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    read(raw)
    read(b"<rss><channel><item><title>" + raw)
    assert isinstance(charsets.decoded(raw), str)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=60).map(b"".join))
def test_pages_of_pieces_name_feeds_or_none(raw: bytes) -> None:
    response = Response(200, (("link", raw.decode("latin-1")),), raw, URL)
    assert all(address.startswith(("http://", "https://")) for address in named(response))


@given(st.text(max_size=40))
def test_labels_of_encodings_never_raise(label: str) -> None:
    assert isinstance(charsets.codec(label), str)


LONG = [
    "<", "<a", "<a ", "<a b", "<a b='", "<a b=", "</a>", "&", "&#", "&a;", "<!--", "<![CDATA[", "<?", "<!", "<item>",
    "<item/>", "<!DOCTYPE x [", "<!ENTITY a 'b'>", "<a xmlns:x='y'>", "<img src='", "<a href=\"", " ", "\n", "x='",
    "]]>", "<div></b>", "<a xml:base='../'>", "&lt;b", "&#200;", "<p ><", "<title>a", "http://",
]  # fmt: skip


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", LONG)
def test_no_repetition_takes_for_ever(piece: str) -> None:
    """A square of its length would take hours."""
    read(("<rss><channel><item><title>x</title><description>" + piece * (2_000_000 // len(piece))).encode())


def test_the_largest_document_is_read() -> None:
    document = Document("<rss><channel>" + "<a>" * 1_390_000)
    assert not document.whole
