"""Markup to text: what is read, what is dropped, and that no markup takes long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.net.html import readable
from workstation.net.markup import to_text
from workstation.net.plain import web_address

PIECES = st.sampled_from(
    ["<p>", "</p>", "<div>", "</div>", "<table>", "<tr>", "<td>", "</td>", "</tr>", "</table>", "<blockquote>",
     "</blockquote>", "<a href='https://x.test/'>", "</a>", "<li>", "<ul>", "</ul>", "<br>", "<b>", "</b>", "text",
     "&amp;", "<", ">", "\n", " ", "<pre>", "</pre>", "<!--", "-->", "<span style='display:none'>", "</span>", "\u202e"]
)  # fmt: skip


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Hello&nbsp;<b>World</b></p><p>Again</p>", "Hello World\n\nAgain"),
        ("<div>one</div><div>two</div><div><br></div><div>three</div>", "one\ntwo\n\nthree"),
        ("<p class=MsoNormal>one</p><p class=MsoNormal>two</p>", "one\ntwo"),
        ("<style>p{}</style><script>x()</script><p>seen</p>", "seen"),
        ("<ul><li>a</li><li><p>b</p></li></ul><ol><li>c</li><li>d</li></ol>", "• a\n• b\n\n1. c\n2. d"),
        ("<pre>a  b\n  c</pre>", "a  b\n  c"),
    ],
)
def test_paragraphs_lines_and_lists(html: str, text: str) -> None:
    assert readable(html) == text


def test_tables_are_rows_unless_they_only_make_up_the_page() -> None:
    data = "<table><tr><th>Item</th><th>Price</th></tr><tr><td>Shoe</td><td>10 €</td></tr></table>"
    assert readable(data) == "Item | Price\nShoe | 10 €"
    layout = "<table><tr><td><p>First</p><p>Second</p></td></tr><tr><td><div>Third</div></td></tr></table>"
    assert readable(layout) == "First\n\nSecond\nThird"


def test_links_say_where_they_lead_when_that_is_not_what_is_shown() -> None:
    assert readable('<a href="http://evil.test/in">https://bank.test</a>') == "https://bank.test (http://evil.test/in)"
    assert readable('<a href="https://a.test/">https://a.test</a>') == "https://a.test"
    assert readable('<a href="mailto:m@x.test">m@x.test</a>') == "m@x.test"
    assert readable('<a href="javascript:alert(1)">press</a>') == "press"
    assert web_address("java\nscript:alert(1)") == ""


@pytest.mark.parametrize(
    "hidden",
    [
        '<div style="display: none">x</div>',
        '<span style="font-size:0">x</span>',
        "<div hidden>x</div>",
        '<p style="color:#fff">x</p>',
        '<font color="white">x</font>',
        '<div style="max-height:0;overflow:hidden">x</div>',
        '<span style="mso-hide:all">x</span>',
    ],
)
def test_what_is_hidden_is_dropped(hidden: str) -> None:
    assert readable(f"<p>seen</p>{hidden}") == "seen"


def test_white_on_a_coloured_ground_is_seen_and_what_hides_everything_hides_nothing() -> None:
    assert readable('<table bgcolor="#003366"><tr><td><font color="#ffffff">Sale</font></td></tr></table>') == "Sale"
    assert readable('<div style="display:none">all there is</div>') == "all there is"


def test_pictures_are_their_words_and_those_that_count_readers_are_nothing() -> None:
    assert readable('<img src="https://t.test/p.gif" width="1" height="1" alt="p">hello') == "hello"
    assert readable('<img src="https://t.test/logo.png" alt="Acme">') == "Acme"


def test_padding_that_nobody_sees_is_dropped() -> None:
    assert readable("<p>First" + "&#847;&zwnj;&nbsp;" * 40 + "</p><p>Second</p>") == "First\n\nSecond"
    assert readable("<p>می\u200cخواهم 👩\u200d👧</p>") == "می\u200cخواهم 👩\u200d👧"


def test_quotations_are_marked() -> None:
    assert readable("Yes<blockquote>No<blockquote>Why?</blockquote></blockquote>") == "Yes\n\n> No\n>\n> > Why?"


@pytest.mark.parametrize("tag", ["<div>", "<blockquote>", "<table><tr><td>", "<b>", "<p>", "<a href='x'>"])
def test_no_depth_is_too_deep(tag: str) -> None:
    assert "end" in readable(tag * 30_000 + "end")


@given(st.lists(PIECES, max_size=60).map("".join))
def test_anything_becomes_harmless_text(html: str) -> None:
    text = readable(html)
    assert "\u202e" not in text
    assert "\n\n\n" not in text
    assert text == text.strip("\n ")


@pytest.mark.parametrize(
    "html",
    [
        "<pre>" + " " * 300_000 + "x</pre><p>end</p>",
        "<p>end</p><" + "a" * 300_000 + "<",
        "<unusual>" + "<div>" * 60_000 + "end",
        "<blockquote>" * 8_000 + "<p>end</p>" * 20_000 + "</blockquote>" * 8_000,
        '<a href="https://x.test">' * 6_000 + "<b>end</b>" * 20_000 + "</a>" * 6_000,
    ],
    ids=["spaces", "name", "depth", "quotations", "links"],
)
def test_no_post_takes_long(html: str) -> None:
    """Each of these took seconds or minutes: the time limit of the suite is what would tell."""
    assert "end" in to_text(html)


def test_spaces_before_an_end_of_line_are_dropped() -> None:
    assert to_text("<pre>one  \t\n two</pre>") == "one\n two"
