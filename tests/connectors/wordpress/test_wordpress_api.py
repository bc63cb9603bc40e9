"""Where a site's API is, and what is read of it: pure parts, and sites of every layout."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conformance.doubles.wordpress import PASSWORD, Site
from tests.connectors.wordpress.conftest import Opening, batches, texts
from workstation.connectors.wordpress import answers, api, parse
from workstation.connectors.wordpress.directory import Directory
from workstation.connectors.wordpress.parse import Parser
from workstation.domain.errors import AuthExpiredError, ChannelError, ConfigurationError, ProtocolChangedError
from workstation.domain.messages import Mark
from workstation.net.client import Response

NOW = 1_800_000_000_000_000


@pytest.mark.parametrize("typed", ["", "/", "/hello-world/", "/a/b/c", "/wp-json", "/wp-json/wp/v2", "/?p=1"])
async def test_whatever_address_of_a_site_is_typed_its_api_is_found(site: Site, opened: Opening, typed: str) -> None:
    site.comment("hello")
    assert texts(await batches(await opened(site.base + typed))) == ["hello"]


@pytest.mark.parametrize(("prefix", "plain"), [("/blog/wp-json", False), ("", True), ("/blog", True), ("/api", False)])
async def test_sites_of_every_layout_are_read(opened: Opening, prefix: str, plain: bool) -> None:
    site = Site(prefix, plain=plain)
    host, port = await site.start()
    try:
        site.comment("hello")
        folder = "/blog" if "blog" in prefix else ""
        channel = await opened(f"http://{host}:{port}{folder}")
        assert texts(await batches(channel)) == ["hello"]
    finally:
        await site.close()


async def test_a_site_that_is_no_wordpress_is_told_as_such(site: Site, opened: Opening) -> None:
    site.wordpress = False
    with pytest.raises(ProtocolChangedError) as caught:
        await opened(site.base)
    assert "is this the address of the site?" in str(caught.value)


async def test_redirects_of_the_site_are_followed_and_the_password_goes_where_they_end(opened: Opening) -> None:
    site = Site("/deep/wp-json")
    host, port = await site.start()
    site.redirect = ("/wp-json", "/deep/wp-json")
    try:
        site.comment("hello")
        channel = await opened(f"http://{host}:{port}")
        assert texts(await batches(channel)) == ["hello"]
        assert channel._session.api.root == f"http://{host}:{port}/deep/wp-json"
    finally:
        await site.close()


async def test_a_wrong_password_is_told_with_the_words_of_the_site(site: Site, opened: Opening) -> None:
    with pytest.raises(AuthExpiredError) as caught:
        await opened(site.base, secret="wrong")
    assert "You are not currently logged in." in str(caught.value)
    await opened(site.base, secret=f"  {PASSWORD} ")


@pytest.mark.parametrize("server", ["", "ftp://x.example", "https://", "https://u:p@x.example", "a b", "https://["])
def test_what_is_no_address_is_refused(server: str) -> None:
    with pytest.raises(ConfigurationError):
        api.site_address(server)


@pytest.mark.parametrize(
    ("root", "known", "home"),
    [
        ("https://blog.example/wp-json", ["https://www.blog.example"], True),
        ("https://blog.example/wp-json", ["http://blog.example"], True),
        ("http://blog.example/wp-json", ["https://blog.example"], False),
        ("https://evil.example/wp-json", ["https://blog.example"], False),
        ("https://blog.example.evil/wp-json", ["https://blog.example"], False),
    ],
)
def test_a_password_is_told_to_nobody_else(root: str, known: list[str], home: bool) -> None:
    assert api.is_home(root, *known) is home


@pytest.mark.parametrize(
    ("page", "headers", "root"),
    [
        (b"", (("link", '<https://b.example/wp-json/>; rel="https://api.w.org/"'),), "https://b.example/wp-json"),
        (
            b"",
            (("link", '<https://b.example/?rest_route=/>; rel="https://api.w.org/"'),),
            "https://b.example/?rest_route=",
        ),
        (b"<link rel='https://api.w.org/' href='/x/wp-json/' />", (), "https://b.example/x/wp-json"),
        (b"<link rel='https://api.w.org/' href='javascript:x'>", (), ""),
        (b"<link rel='https://api.w.org/'>", (), ""),
        (b"<link rel=stylesheet href=x>", (), ""),
    ],
)
def test_the_root_that_a_page_names(page: bytes, headers: tuple[tuple[str, str], ...], root: str) -> None:
    assert api.named_root(Response(200, headers, page, "https://b.example/")) == root


@pytest.mark.parametrize(
    ("root", "address"),
    [
        ("https://b.example/wp-json", "https://b.example/wp-json/wp/v2/comments?a=1"),
        ("https://b.example/?rest_route=", "https://b.example/?rest_route=/wp/v2/comments&a=1"),
    ],
)
def test_routes_below_either_kind_of_root(root: str, address: str) -> None:
    assert api.Api(root).address("/wp/v2/comments", (("a", "1"),)) == address


@given(st.binary(max_size=300))
def test_refusals_never_raise(body: bytes) -> None:
    response = Response(418, (), body)
    assert isinstance(answers.WordPressDialect().failure(response, NOW, write=False), ChannelError)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.text(max_size=20)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = [
    "id", "post", "parent", "author", "author_name", "author_email", "author_user_agent", "date", "date_gmt", "content",
    "link", "status", "type", "author_avatar_urls", "_links",
]  # fmt: skip


GOOD: dict[str, object] = {
    "id": 7, "post": 3, "parent": 0, "author": 0, "author_name": "Zoë", "author_email": "z@x.example", "date": "",
    "date_gmt": "2025-06-02T10:00:00", "content": {"rendered": "<p>Hello</p>", "raw": "Hello"}, "status": "hold",
    "link": "https://b.example/a#c7", "type": "comment", "author_avatar_urls": {}, "_links": {},
}  # fmt: skip


@given(st.sampled_from([name for name in FIELDS if name not in {"id", "content"}]), JSON)
def test_what_a_plugin_makes_of_one_field_costs_no_comment(name: str, value: object) -> None:
    """PHP says `false` or `[]` for what is missing; the words are there all the same."""
    found = parse.comment(json.dumps(GOOD | {name: value, "rating": {"stars": [5]}}).encode())
    message = Parser("b.example", 0, Directory()).message(found, "", NOW)
    assert (message.text, message.remote_id) == ("Hello", "7")
    assert message.reply_to == "" or name == "parent"


@pytest.mark.parametrize(
    "content", ["<p>Hello</p>", {"rendered": "<p>Hello</p>", "raw": False}, {"raw": "Hello", "rendered": None}]
)
def test_the_words_of_a_comment_in_other_shapes(content: object) -> None:
    found = parse.comment(json.dumps(GOOD | {"content": content, "id": "7", "author_name": "\ud83d"}).encode())
    message = Parser("b.example", 0, Directory()).message(found, "", NOW)
    assert (message.text, message.remote_id, message.marks) == ("Hello", "7", (Mark.HELD,))


@pytest.mark.parametrize("odd", [{"id": True}, {"id": 0}, {"id": -1}, {"content": []}, {"content": {"raw": 1}}])
def test_what_is_no_comment_is_a_reject(odd: dict[str, object]) -> None:
    with pytest.raises(parse.UNREADABLE):
        parse.comment(json.dumps(GOOD | odd).encode())


@given(st.lists(st.dictionaries(st.sampled_from(FIELDS), JSON), max_size=5))
def test_any_items_are_read_or_rejected(items: list[dict[str, object]]) -> None:
    parser = Parser("b.example", 7, Directory())
    for raw in parse.items(json.dumps(items).encode()):
        try:
            found = parse.comment(raw)
        except parse.UNREADABLE:
            assert parse.reject(raw, "comments").code == "protocol_changed"
            continue
        message = parser.message(found, "Title", NOW)
        assert message.text
        assert 0 < message.created_at <= NOW


@given(st.text(max_size=200), st.text(max_size=60))
def test_any_words_become_plain_text(words: str, name: str) -> None:
    item = {"id": 1, "content": {"rendered": words, "raw": words}, "author_name": name}
    message = Parser("b.example", 7, Directory()).message(parse.comment(json.dumps(item).encode()), words, NOW)
    message.text.encode()
    message.author.name.encode()
    assert "\x00" not in message.text + message.author.name


@pytest.mark.parametrize(
    ("gmt", "local", "expected"),
    [
        ("2026-03-01T10:00:00", "", 1_772_359_200_000_000),
        ("0000-00-00T00:00:00", "2026-03-01T10:00:00", 1_772_359_200_000_000),
        ("", "", NOW),
        ("2999-01-01T00:00:00", "2999-01-01T00:00:00", NOW),
        ("nonsense", None, NOW),
    ],
)
def test_moments(gmt: str, local: str | None, expected: int) -> None:
    item = {"id": 1, "content": {"rendered": "x"}, "date_gmt": gmt, "date": local}
    assert parse.moment(parse.comment(json.dumps(item).encode()), NOW) == expected
