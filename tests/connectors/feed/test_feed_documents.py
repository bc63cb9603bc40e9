"""Documents of all formats, well formed or not: what is read of them, and why others cannot be read."""

import gzip
import json
from base64 import b64encode
from pathlib import Path

import pytest

from workstation.connectors.feed import parse
from workstation.connectors.feed.entries import Feed, UnreadableError
from workstation.domain.messages import MediaKind

FIXTURES = Path(__file__).resolve().parents[4] / "shared" / "fixtures" / "rss"
URL = "https://site.example/blog/feed.xml"


def feed(text: str | bytes, content_type: str = "") -> Feed:
    """A feed at a usual address."""
    return parse.feed(text.encode() if isinstance(text, str) else text, content_type, URL)


def rss(items: str, channel: str = "", attributes: str = "") -> str:
    """A document with these items."""
    return f"<?xml version='1.0'?><rss version='2.0' {attributes}><channel>{channel}{items}</channel></rss>"


def files() -> list[Path]:
    """Every document beside the project."""
    return sorted(path for path in FIXTURES.rglob("*") if path.is_file()) if FIXTURES.is_dir() else []


@pytest.mark.needs_fixtures
@pytest.mark.parametrize("path", files() or [None], ids=lambda path: path.name if path else "none")
def test_every_recorded_document_is_read_or_refused_with_a_reason(path: Path | None) -> None:
    if path is None:
        pytest.skip("the recorded documents are not beside the project")
    try:
        found = parse.feed(path.read_bytes(), "", URL)
    except UnreadableError:
        return
    for entry in found.entries:
        assert "\ufffd" not in entry.title + entry.text
        assert "<script" not in (entry.title + entry.text).lower()


@pytest.mark.needs_fixtures
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("eucjp", "ゲーム三昧な正月"), ("gb2312", "不归移民漫画系列"), ("koi8r", "Как пережить"),
        ("shiftjis", "DrecomRSSに"), ("windows1255", "האם תדפיס"),
    ],
)  # fmt: skip
def test_writing_without_a_label_is_recognised(name: str, said: str) -> None:
    path = FIXTURES / "illformed" / "chardet" / f"{name}.xml"
    if not path.exists():
        pytest.skip("the recorded documents are not beside the project")
    entry = parse.feed(path.read_bytes(), "", URL).entries[0]
    assert said in f"{entry.title}\n{entry.text}"


def test_an_item_of_rss() -> None:
    found = feed(
        rss(
            "<item><title>Hello &amp;amp; welcome</title><link>/2026/hello</link><guid>g1</guid>"
            "<author>a@example.org (Ann Author)</author><pubDate>Tue, 03 Mar 2026 10:00:00 EST</pubDate>"
            "<description>&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two &lt;a href='/x'&gt;more&lt;/a&gt;&lt;/p&gt;</description>"
            "<enclosure url='https://cdn.example/a.mp3' type='audio/mpeg' length='1234'/></item>",
            "<title>Site</title><link>https://site.example/</link><language>en-gb</language><ttl>30</ttl>",
        )
    )
    (entry,) = found.entries
    assert (found.title, found.language, found.every, found.whole) == ("Site", "en-gb", 1_800, True)
    assert (entry.title, entry.guid, entry.author) == ("Hello & welcome", "g1", "Ann Author")
    assert entry.link == "https://site.example/2026/hello"
    assert entry.text == "One\n\nTwo more (https://site.example/x)"
    assert entry.published == 1_772_550_000_000_000
    assert [(m.kind, m.url, m.name, m.size) for m in entry.media] == [
        (MediaKind.AUDIO, "https://cdn.example/a.mp3", "a.mp3", 1234)
    ]


def test_an_entry_of_atom_with_a_base_of_its_own() -> None:
    found = feed(
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://other.example/a/' xml:lang='de'><title>S</title>"
        "<entry xml:base='b/'><id>tag:1</id><title type='html'>A &lt;b&gt;bold&lt;/b&gt; one</title>"
        "<link rel='self' href='x.atom'/><link rel='alternate' type='text/html' href='c.html'/>"
        "<author><name>Ann</name><email>ann@example.org</email></author><updated>2026-03-01T10:00:00+02:00</updated>"
        "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>Hi <em>you</em></p></div></content></entry>"
        "</feed>"
    )
    (entry,) = found.entries
    assert (entry.title, entry.link, entry.language) == ("A bold one", "https://other.example/a/b/c.html", "de")
    assert (entry.text, entry.author, entry.updated) == ("Hi you", "Ann", 1_772_352_000_000_000)


def test_rdf_has_its_items_beside_the_channel() -> None:
    found = feed(
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' "
        "xmlns:dc='http://purl.org/dc/elements/1.1/'><channel rdf:about='x'><title>Old</title></channel>"
        "<item rdf:about='https://site.example/1'><title>One</title><dc:creator>Bo</dc:creator>"
        "<dc:date>2026-03-01</dc:date></item></rdf:RDF>"
    )
    (entry,) = found.entries
    assert (found.title, entry.guid, entry.link, entry.author) == (
        "Old", "https://site.example/1", "https://site.example/1", "Bo",
    )  # fmt: skip


def test_a_json_feed() -> None:
    items = [
        {"id": 1, "url": "/1", "title": "T", "content_html": "<p>a</p>", "date_published": "2026-03-01T10:00:00Z"},
        {"id": "2", "content_text": "1 < 2 &amp; more", "attachments": [{"url": "a.jpg", "mime_type": "image/jpeg"}]},
        "nonsense",
    ]
    found = feed(json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": items}))
    one, two, three = found.entries
    assert (one.guid, one.link, one.text, one.title) == ("1", "https://site.example/1", "a", "T")
    assert two.text == "1 < 2 &amp; more"
    assert two.media[0].url == "https://site.example/blog/a.jpg"
    assert not three.readable


def test_packed_content_is_unpacked_and_pictures_are_not_text() -> None:
    html = b64encode(b"<p>Hi</p>").decode()
    png = b64encode(b"\x89PNG\r\n\x1a\n\0\0\0\0").decode()
    found = feed(
        "<feed xmlns='http://www.w3.org/2005/Atom'>"
        f"<entry><content type='application/octet-stream'>{html}</content></entry>"
        f"<entry><title>P</title><content type='image/png'>{png}</content></entry></feed>"
    )
    assert [entry.text for entry in found.entries] == ["Hi", ""]


@pytest.mark.parametrize(
    "broken",
    [
        "<rss><channel><item><title>A & B</title><description>x",
        "<rss><channel><item><title>A & B</title></wrong></item></channel></rss>",
        "<rss><channel><item><title>A &amp; B</item></channel></rss>",
        "garbage before <rss><channel><item><title><![CDATA[A & B]]></title></item></channel></rss> and after",
        "<RSS><Channel><ITEM><Title>A &amp; B</TITLE></item></channel></RSS>",
        "\ufeff\n\n<?xml version='1.0'?><rss><item><title foo bar=1 baz='x>A</title>'>A & B</title></item></rss>",
    ],
)
def test_what_is_broken_is_read_all_the_same(broken: str) -> None:
    assert feed(broken).entries[0].title == "A & B"


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("", "it is empty"),
        ("   \n", "it is empty"),
        ("<!DOCTYPE html><html><body><p>Hi</p></body></html>", "it is a web page and no feed"),
        ("<opml version='2.0'><head/></opml>", "it is no feed in any form that is known"),
        ('{"items": 3}', "it is no feed in any form that is known"),
        ("just words", "it is no feed in any form that is known"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "it is no feed in any form that is known"),
    ],
)
def test_what_is_no_feed_is_refused_with_the_reason(source: str | bytes, why: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        feed(source)
    assert str(caught.value).startswith(f"The feed is not readable, because {why}")


def test_nothing_from_outside_is_read_and_nothing_explodes() -> None:
    bomb = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 50}'>" for n in range(1, 10))
    source = (
        f"<!DOCTYPE rss [<!ENTITY l0 'lol'>{bomb}<!ENTITY file SYSTEM 'file:///etc/passwd'>"
        "<!ENTITY % remote SYSTEM 'https://evil.example/x.dtd'> %remote;<!ENTITY own 'mine'>]>"
        + rss("<item><title>&l9;&file;&own;</title><description>" + "&l0;" * 1_000 + "</description></item>")[21:]
    )
    (entry,) = feed(source).entries
    assert "root:" not in entry.title
    assert entry.title.endswith("&file;mine")
    assert len(entry.text) == 3_000


def test_depth_and_number_have_an_end() -> None:
    deep = feed(rss("<item><title>a</title><description>" + "<div>" * 50_000 + "deep</description></item>"))
    assert deep.entries[0].title == "a"
    many = feed(rss("<item><title>a</title></item>" * 30_000))
    assert len(many.entries) == 1_000
    assert many.left_out > 0


def test_scripts_are_no_text() -> None:
    (entry,) = feed(
        rss(
            "<item><title>&lt;script&gt;alert(1)&lt;/script&gt;Safe</title>"
            "<description><![CDATA[<script>alert(1)</script><p onclick='x()'>Text</p>]]></description></item>"
        )
    ).entries
    assert (entry.title, entry.text) == ("Safe", "Text")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be", "utf-8-sig", "cp037"])
def test_every_width_of_characters_is_read(encoding: str) -> None:
    source = "<?xml version='1.0'?><rss><channel><item><title>Überraschung</title></item></channel></rss>"
    assert feed(source.encode(encoding)).entries[0].title == "Überraschung"


@pytest.mark.parametrize(
    ("encoding", "content_type", "declared", "said"),
    [
        ("utf-8", "text/xml; charset=iso-8859-1", "utf-8", "Über €"),
        ("cp1252", "", "utf-8", "Über € ist schön"),
        ("cp1252", "text/xml", "us-ascii", "Über €"),
        ("iso-8859-2", "application/xml; charset=iso-8859-2", "utf-8", "Łódź"),
        ("gb18030", "", "GB2312", "镕基"),
        ("utf-8", "", "no-such-thing", "Über"),
        ("cp1251", "", "windows-1251", "Привет"),
    ],
)
def test_labels_are_believed_where_they_can_be_true(encoding: str, content_type: str, declared: str, said: str) -> None:
    source = (
        f"<?xml version='1.0' encoding='{declared}'?><rss><channel><item><title>{said}</title></item></channel></rss>"
    )
    assert feed(source.encode(encoding), content_type).entries[0].title == said


def test_a_document_in_escapes_and_one_that_is_packed_are_read() -> None:
    items = "<channel><item><title>注文です</title></item></channel>"
    document = f'<?xml version="1.0" encoding="iso-2022-jp"?><rss>{items}</rss>'
    (entry,) = feed(document.encode("iso2022_jp")).entries
    assert entry.title == "注文です"
    (entry,) = feed(gzip.compress(document.replace("iso-2022-jp", "utf-8").encode())).entries
    assert entry.title == "注文です"
    bomb = gzip.compress(b"<rss><channel><item><title>" + b"x" * 50_000_000)
    assert len(feed(bomb).entries[0].title) < 10_000
    with pytest.raises(UnreadableError):
        feed(b"\x1f\x8b\x08broken")


def test_what_was_cut_off_says_so() -> None:
    whole = rss("<item><title>one</title></item><item><title>two</title><description>long text</description></item>")
    cut = feed(whole[:-50])
    assert not cut.whole
    assert [entry.cut for entry in cut.entries] == [False, True]
    assert feed(whole).whole


def test_tombstones_are_deletions() -> None:
    found = feed(
        "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:at='http://purl.org/atompub/tombstones/1.0'>"
        "<at:deleted-entry ref='tag:1' when='2026-03-01T10:00:00Z'/></feed>"
    )
    assert [(each.guid, each.at) for each in found.withdrawn] == [("tag:1", 1_772_359_200_000_000)]


def test_names_of_marks_are_strangers_words_too() -> None:
    said = "<rss><channel><item><t\u202e\x1bitle>words</t\u202e\x1bitle></item></channel></rss>"
    (entry,) = parse.feed(said.encode()).entries
    assert entry.text.endswith(": words")
    assert not set("\u202e\x1b") & set(entry.text)
