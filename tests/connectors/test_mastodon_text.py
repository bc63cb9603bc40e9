"""HTML of strangers to plain text: what people wrote stays, everything else goes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.net.markup import to_text
from workstation.net.plain import CUT, TEXT_CAP, harmless, one_line

LINK = (
    '<a href="https://example.com/very/long/path?x=1" rel="nofollow" target="_blank"><span class="invisible">https://'
    '</span><span class="ellipsis">example.com/very</span><span class="invisible">/long/path?x=1</span></a>'
)
ENGLAND = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
MENTION = '<span class="h-card" translate="no"><a href="{url}" class="u-url mention">@<span>{user}</span></a></span>'


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain &amp; simple", "plain & simple"),
        ("<p>one</p><p>two<br>three<br />four</p>", "one\n\ntwo\nthree\nfour"),
        ("<p>one</p>\n  <p>two</p>\n", "one\n\ntwo"),
        ("<p>a\n b\t c</p>", "a b c"),
        (f"<p>see {LINK}</p>", "see https://example.com/very/long/path?x=1"),
        (
            '<p><a href="https://x.example/tags/cat" class="mention hashtag" rel="tag">#<span>cat</span></a></p>',
            "#cat",
        ),
        ("<ul><li>a</li><li>b</li></ul><p>c</p>", "• a\n• b\n\nc"),
        ("<ol><li>a<ul><li>x</li></ul></li><li>b</li></ol>", "1. a\n  • x\n2. b"),
        ("<blockquote><p>said</p><p>more</p></blockquote><p>answer</p>", "> said\n>\n> more\n\nanswer"),
        ("<pre><code>if x:\n    y()</code></pre>", "if x:\n    y()"),
        ("<p>:blobcat: <img src='x' alt=':party:' onerror='alert(1)'></p>", ":blobcat: :party:"),
        ("<h1>T</h1>text", "T\n\ntext"),
        ("<p>a<strong>b</strong><em>c</em><del>d</del></p>", "abcd"),
        ("3 < 4 > 2 &lt;b&gt;", "3 < 4 > 2 <b>"),
        ("<p>unclosed <b>bold", "unclosed bold"),
        ("<P>upper<BR>case</P>", "upper\ncase"),
        ("", ""),
        ("<p></p>", ""),
        ("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>", "漢(かん)"),
    ],
)
def test_markup(html: str, text: str) -> None:
    assert to_text(html) == text


def test_mentions_carry_their_server() -> None:
    url = "https://far.example/@anna"
    html = f"<p>{MENTION.format(url=url, user='anna')} hi {MENTION.format(url='https://x/@b', user='b')}</p>"
    assert to_text(html, {url: "anna@far.example"}) == "@anna@far.example hi @b"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a<script>alert(1)</script>b", "ab"),
        ("a<style>p{}</style>b<!-- c -->d", "abd"),
        ("<iframe src=x>inside</iframe>ok", "ok"),
        ("<svg><script>x</script><text>y</text></svg>ok", "ok"),
        ('<a href="javascript:alert(1)">click</a>', "click"),
        ('<a href="JaVa\tScRiPt:alert(1)">click</a>', "click"),
        ('<a href="data:text/html,x">click</a>', "click"),
        ('<a href="https://evil.example/pay">your bank</a>', "your bank (https://evil.example/pay)"),
        ('<a href="https://evil.example/">https://bank.example/</a>', "https://bank.example/ (https://evil.example/)"),
        ('<a title="x>y" href="https://a.example/">a.example</a>', "a.example"),
        ("<p>a</p><textarea>b</textarea>", "a"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
    ],
)
def test_what_could_harm_does_not_come_through(html: str, text: str) -> None:
    assert to_text(html) == text


@pytest.mark.parametrize("depth", [1_000, 100_000])
@pytest.mark.parametrize("tag", ["div", "blockquote", "ul><li", "x", "span", "a href='https://x.example/'"])
def test_depth_does_not_matter(tag: str, depth: int) -> None:
    text = to_text(f"<{tag}>" * depth + "deep")
    assert len(text) <= TEXT_CAP + len(CUT)


def test_a_text_that_is_too_long_is_cut_and_says_so() -> None:
    text = to_text("<p>" + "word " * 2_000_000 + "</p>")
    assert text.endswith(CUT)
    assert len(text) <= TEXT_CAP + len(CUT)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a\u202eb\u202cc", "abc"),
        ("\u2067עברית\u2069 ok", "\u2067עברית\u2069 ok"),
        ("\u2067never closed", "never closed"),
        ("closed\u2069 twice\u2069", "closed twice"),
        ("\u2066a\nb\u2069", "a\nb"),
        ("a\x00b\x07c\x1bd\x85e", "abcd\ne"),
        ("line\u2028next\u2029last\r\nend", "line\nnext\nlast\nend"),
        ("soft\u00adhyphen\ufeff", "softhyphen"),
        (ENGLAND, ENGLAND),
        ("hidden\U000e0041\U000e0042", "hidden"),
        ("👩\u200d👩\u200d👧 می\u200cخواهم", "👩\u200d👩\u200d👧 می\u200cخواهم"),
        ("z" + "\u0335" * 40 + "a", "z" + "\u0335" * 4 + "a"),
        ("ก" + "\u0e47" * 60, "ก" + "\u0e47" * 8),
        ("नमस्ते བསྒྲུབས בְּרֵאשִׁ֖ית Việt", "नमस्ते བསྒྲུབས בְּרֵאשִׁ֖ית Việt"),
    ],
)
def test_characters(text: str, left: str) -> None:
    assert harmless(text) == left


def test_names_stay_on_one_line() -> None:
    assert one_line("Anna\n\n\u202eKarenina\t x") == "Anna Karenina x"
    assert len(one_line("x" * 5_000)) == 200


PIECES = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<br/>",
        "<a href='https://a.example/x'>",
        "</a>",
        "<ul>",
        "<li>",
        "</ul>",
        "<blockquote>",
        "</blockquote>",
        "<pre>",
        "</pre>",
        "<script>",
        "</script>",
        "<",
        ">",
        "&",
        "&#x202e;",
        "&lt;",
        '"',
        "'",
        "<!--",
        "-->",
        "<![CDATA[",
        "<a",
        "@anna",
        "\u202e",
        "\x00",
        "word",
        "\n",
        "<ol>",
        "<rt>",
        "<img alt=x>",
        "<template>",
    ]
)


@given(st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=40).map("".join))
def test_any_markup_becomes_harmless_text(html: str) -> None:
    text = to_text(html)
    assert len(text) <= TEXT_CAP + len(CUT)
    assert harmless(text) == text
    assert "\n\n\n" not in text


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert harmless(harmless(text)) == harmless(text)


WORDS = st.text(alphabet=st.sampled_from("ab é字ا &#@.!?\u00a0"), max_size=8).map(
    lambda text: text.replace("&", "&amp;")
)
TAG_LINKS = st.from_regex(r"[a-z]{1,6}", fullmatch=True).map(
    lambda tag: f'<a href="https://x.example/tags/{tag}" class="mention hashtag" rel="tag">#<span>{tag}</span></a>'
)
PARAGRAPHS = st.lists(st.one_of(WORDS, TAG_LINKS, st.just("<br>")), max_size=8).map(
    lambda parts: f"<p>{''.join(parts)}</p>"
)


@given(st.lists(PARAGRAPHS, min_size=1, max_size=3).map("".join))
def test_shortcuts_read_what_the_parser_reads(html: str) -> None:
    """A comment changes nothing, but makes the markup unusual."""
    assert to_text(html) == to_text(html + "<!-- -->")
