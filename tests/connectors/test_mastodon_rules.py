"""What is decided without a network: software, capabilities, sources, length, requests, answers, texts to send."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.connectors.mastodon import acts, answers, capabilities
from workstation.connectors.mastodon.capabilities import Rights, covers
from workstation.connectors.mastodon.directory import Seen
from workstation.connectors.mastodon.instance import InstanceV1, InstanceV2, Server, from_v1, from_v2
from workstation.connectors.mastodon.measure import graphemes, measure
from workstation.connectors.mastodon.requests import Api, base_address
from workstation.connectors.mastodon.software import Software, detect
from workstation.connectors.mastodon.sources import Positions, Shape, feeds, order, wanted
from workstation.domain.channels import Idempotency, LengthUnit
from workstation.domain.errors import (
    AmbiguousError,
    AuthExpiredError,
    ChannelError,
    ConfigurationError,
    GoneError,
    InvalidError,
    PermissionDeniedError,
    RateLimitedError,
    TransientError,
    UnsupportedError,
)
from workstation.domain.messages import Cursor, Visibility
from workstation.domain.outbox import Act, Operation
from workstation.net.client import Response

NOW = 1_800_000_000_000_000
MASTODON = Software("mastodon", (4, 4, 1), "Mastodon 4.4.1")
UNKNOWN = Software("", (1, 0, 0))


@pytest.mark.parametrize(
    ("version", "source", "node", "name", "idempotency"),
    [
        ("4.4.1", "https://github.com/mastodon/mastodon", "", "mastodon", Idempotency.KEY),
        ("4.4.1", "", "mastodon", "mastodon", Idempotency.KEY),
        ("4.5.0-alpha.1+glitch", "", "mastodon", "mastodon", Idempotency.KEY),
        ("4.4.1", "", "", "", Idempotency.NONE),
        ("2.6.5", "", "mastodon", "mastodon", Idempotency.NONE),
        ("2.7.2 (compatible; Pleroma 2.5.0)", "", "", "pleroma", Idempotency.NONE),
        ("2.7.2 (compatible; Akkoma 3.10.4-0-gebfb617)", "", "akkoma", "akkoma", Idempotency.NONE),
        ("4.2.1 (compatible; Iceshrimp.NET/2024.1-beta)", "", "", "iceshrimp", Idempotency.NONE),
        ("0.17.3+git-36b4bff", "https://codeberg.org/x/gotosocial", "", "gotosocial", Idempotency.NONE),
        ("takahe/0.11.0", "", "takahe", "takahe", Idempotency.NONE),
        ("3.5.3 (compatible; Pixelfed 0.12.3)", "", "pixelfed", "pixelfed", Idempotency.NONE),
        ("4.4.1 (compatible; Something 1)", "https://github.com/mastodon/mastodon", "", "something", Idempotency.NONE),
        ("", "", "", "", Idempotency.NONE),
    ],
)
def test_software(version: str, source: str, node: str, name: str, idempotency: Idempotency) -> None:
    found = detect(Server("x.example", version, source=source, node=node))
    assert found.name == name
    assert found.idempotency is idempotency


def test_limits_of_all_kinds_of_servers() -> None:
    import msgspec

    limits = {"max_characters": 5000, "characters_reserved_per_url": 25}
    v2 = msgspec.convert({"domain": "A.example", "configuration": {"statuses": limits}}, InstanceV2)
    assert (from_v2(v2).limit, from_v2(v2).url_length, from_v2(v2).domain) == (5000, 25, "a.example")
    assert from_v2(InstanceV2("a.example")).limit == 0
    pleroma = msgspec.convert(
        {"uri": "https://pl.example", "max_toot_chars": 5000, "urls": {"streaming_api": "wss://pl.example"}}, InstanceV1
    )
    assert (from_v1(pleroma).limit, from_v1(pleroma).domain, from_v1(pleroma).streaming) == (
        5000, "pl.example", "wss://pl.example",
    )  # fmt: skip
    assert from_v1(InstanceV1("a.example", max_toot_chars="1000")).limit == 1000


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("hello", 5),
        ("👩‍👩‍👧‍👦 ée\u0301", 4),
        ("see https://example.com/" + "x" * 200, 4 + 23),
        ("(https://example.com/a)", 25),
        ("https://example.com/a.", 24),
        ("http://a.example and https://b.example/c?d=e#f", 23 + 5 + 23),
        ("no://address here", 17),
        ("http://localhost/x", 18),
        ("@anna@far.example hi", 8),
        ("@anna hi", 8),
        ("mail@far.example", 16),
        ("한국어 글자", 6),
        ("", 0),
    ],
)
def test_length_as_mastodon_counts(text: str, used: int) -> None:
    assert measure(text, "", MASTODON, 500, 0).used == used


def test_other_servers_count_otherwise() -> None:
    text = "é".replace("é", "e\u0301") + " https://example.com/abc"
    assert measure(text, "", UNKNOWN, 0, 0).used == len(text)
    assert measure(text, "", UNKNOWN, 0, 0).unit is LengthUnit.CHARACTERS
    assert measure(text, "", Software("pleroma"), 0, 0).used == len(text) - 1
    assert measure("abc", "cw", MASTODON, 500, 0).used == 5


@given(st.text(max_size=50))
def test_graphemes_are_never_more_than_characters(text: str) -> None:
    assert graphemes(text) <= len(text)


@pytest.mark.parametrize(
    ("granted", "scope", "expected"),
    [
        ({"write"}, "write:statuses", True),
        ({"write:statuses"}, "write:statuses", True),
        ({"write:media"}, "write:statuses", False),
        ({"read", "write"}, "admin:write:reports", False),
        ({"admin:write"}, "admin:write:reports", True),
        ({"admin"}, "admin:write:reports", True),
        (set(), "write:statuses", True),
        (set(), "admin:write:reports", False),
    ],
)
def test_scopes(granted: set[str], scope: str, expected: bool) -> None:
    assert covers(frozenset(granted), scope) is expected


def test_every_act_is_offered_or_disabled_with_a_reason() -> None:
    reader = capabilities.offers(Rights(frozenset({"read"})), MASTODON)
    acts = {offer.act for offer in reader}
    assert acts == {plan.act for plan in capabilities.PLANS}
    assert {Act.REPLY, Act.DELETE, Act.MUTE, Act.RESOLVE_REPORT, Act.SUSPEND_ACCOUNT} < acts
    assert all(offer.reason is not None for offer in reader)
    everything = capabilities.offers(Rights(frozenset({"write", "admin:write"}), 1, True), MASTODON)
    assert all(offer.available for offer in everything)
    scopes = frozenset({"write", "admin"})
    elsewhere = {offer.act: offer.available for offer in capabilities.offers(Rights(scopes, 1, True), UNKNOWN)}
    assert not elsewhere[Act.WARN_ACCOUNT]
    agent = {offer.act: offer.available for offer in capabilities.offers(Rights(scopes, 65_536, False), MASTODON)}
    assert agent[Act.REPLY]
    assert not agent[Act.RESOLVE_REPORT]


def test_undone_by_is_mutual() -> None:
    offers = {offer.act: offer for offer in capabilities.offers(Rights(), MASTODON)}
    for offer in offers.values():
        if offer.undone_by is not None:
            assert offers[offer.undone_by].undone_by is offer.act


def test_the_setting_overrides_what_is_known_of_duplicates() -> None:
    found = capabilities.capabilities(Rights(), UNKNOWN, ("poll",), 500, "key")
    assert found.idempotency is Idempotency.KEY
    assert found.deletions == "none"
    assert capabilities.capabilities(Rights(), MASTODON, ("websocket",), 500, "none").idempotency is Idempotency.NONE


def test_sources() -> None:
    assert wanted("", reports=False) == ("home", "mentions", "direct")
    assert wanted("", reports=True) == ("home", "mentions", "direct", "reports")
    assert wanted("mentions, #Acme,hashtag:acme, list:12 ;public", reports=True) == (
        "mentions", "hashtag:acme", "list:12", "public",
    )  # fmt: skip
    for wrong in ("everything", "hashtag:", "list:", "home:x", "hashtag:a/b"):
        with pytest.raises(ConfigurationError):
            wanted(wrong, reports=False)


def test_notifications_are_read_once_for_mentions_and_direct() -> None:
    both = feeds(("mentions", "direct"), conversations=True)
    assert [(feed.source, feed.shape) for feed in both] == [
        ("mentions", Shape.NOTIFICATION),
        ("direct", Shape.CONVERSATION),
    ]
    assert [feed.source for feed in feeds(("direct",), conversations=False)] == ["direct"]
    tag = feeds(("hashtag:größe",), conversations=False)[0]
    assert tag.path == "/api/v1/timelines/tag/gr%C3%B6%C3%9Fe"
    assert tag.stream == ("hashtag", "größe")


@given(st.lists(st.integers(1, 10**20), min_size=2))
def test_decimal_ids_are_ordered_by_value(numbers: list[int]) -> None:
    assert sorted(map(str, numbers), key=order) == [str(number) for number in sorted(numbers)]


def test_positions_go_forward_only_and_survive_as_a_cursor() -> None:
    feed = feeds(("home",), conversations=False)[0]
    positions = Positions({})
    assert positions.get(feed) is None
    assert positions.cursor("home") is None
    positions.begin(feed)
    assert positions.get(feed) == ""
    assert positions.advance(feed, "100")
    assert not positions.advance(feed, "99")
    assert not positions.advance(feed, "")
    cursor = positions.cursor("home")
    assert cursor is not None
    assert Positions({"home": cursor}).get(feed) == "100"
    for strange in (Cursor(99, cursor.value), Cursor(1, "{"), Cursor(1, "[1]")):
        assert Positions({"home": strange}).get(feed) is None


@pytest.mark.parametrize(
    ("server", "base"),
    [
        ("mastodon.example", "https://mastodon.example"),
        (" https://Mastodon.example/web/home ", "https://mastodon.example"),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
        ("http://[::1]:3000/", "http://[::1]:3000"),
    ],
)
def test_addresses_of_servers(server: str, base: str) -> None:
    assert base_address(server) == base


@pytest.mark.parametrize("server", ["", "ftp://x.example", "https://", "user@mastodon.example", "a b", "https://x:y"])
def test_what_is_no_server(server: str) -> None:
    with pytest.raises(ConfigurationError):
        base_address(server)


def test_ids_cannot_leave_their_place_in_an_address() -> None:
    operation = Operation(str(uuid.uuid4()), Act.FAVOURITE, target="../../accounts/1/block?x=")
    assert acts.build(Api("https://a.example"), operation, "").url == (
        "https://a.example/api/v1/statuses/..%2F..%2Faccounts%2F1%2Fblock%3Fx%3D/favourite"
    )


@pytest.mark.parametrize(
    ("status", "write", "expected"),
    [
        (401, False, AuthExpiredError),
        (403, True, PermissionDeniedError),
        (404, True, GoneError),
        (410, False, GoneError),
        (422, True, InvalidError),
        (429, True, RateLimitedError),
        (500, False, TransientError),
        (503, False, TransientError),
        (500, True, AmbiguousError),
        (502, True, AmbiguousError),
        (504, True, AmbiguousError),
        (408, True, AmbiguousError),
        (405, True, UnsupportedError),
        (418, False, InvalidError),
    ],
)
def test_what_a_status_means(status: int, write: bool, expected: type[ChannelError]) -> None:
    response = Response(status, (("content-type", "application/json"),), b'{"error":"because\\u202e"}')
    error = answers.failure(response, NOW, write=write)
    assert type(error) is expected
    if "why" in error.params and status in {403, 422}:
        assert error.params["why"] == "because"


def test_when_to_come_back() -> None:
    at = "2027-01-15T08:05:00.1Z"
    reset = (("x-ratelimit-limit", "300"), ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", at))
    hint = answers.rate(Response(200, reset), NOW)
    assert hint is not None
    assert (hint.limit, hint.remaining, hint.reset_at) == (300, 0, NOW + 300_100_000)
    assert answers.retry_at(Response(429, (("retry-after", "7"), *reset)), NOW) == NOW + 7_000_000
    assert answers.retry_at(Response(429, reset), NOW) == NOW + 300_100_000
    assert answers.retry_at(Response(429), NOW) == NOW + 60_000_000
    assert answers.rate(Response(200), NOW) is None
    assert answers.rate(Response(200, (("x-ratelimit-remaining", "many"),)), NOW) is not None


@pytest.mark.parametrize(
    ("text", "handle", "sent"),
    [
        ("hi", "anna@far.example", "@anna@far.example hi"),
        ("hi", "ben@home.example", "@ben hi"),
        ("@anna@far.example hi", "anna@far.example", "@anna@far.example hi"),
        ("hi @Anna@Far.example!", "anna@far.example", "hi @Anna@Far.example!"),
        ("@annabel@far.example hi", "anna@far.example", "@anna@far.example @annabel@far.example hi"),
        ("@anna hi", "anna@far.example", "@anna@far.example @anna hi"),
        ("@ben hi", "ben@home.example", "@ben hi"),
        ("@ben@home.example hi", "ben@home.example", "@ben@home.example hi"),
        ("@ben@far.example hi", "ben@home.example", "@ben @ben@far.example hi"),
        ("", "anna@far.example", "@anna@far.example"),
    ],
)
def test_an_answer_names_whom_it_answers(text: str, handle: str, sent: str) -> None:
    assert acts.addressed(text, handle, "home.example") == sent


@pytest.mark.parametrize(
    ("chosen", "original", "result"),
    [
        (Visibility.PUBLIC, Visibility.DIRECT, "direct"),
        (Visibility.PUBLIC, Visibility.UNLISTED, "unlisted"),
        (Visibility.DIRECT, Visibility.PUBLIC, "direct"),
        (Visibility.PUBLIC, Visibility.PUBLIC, "public"),
        (Visibility.UNLISTED, Visibility.FOLLOWERS, "private"),
        (Visibility.INTERNAL, Visibility.INTERNAL, "direct"),
    ],
)
def test_an_answer_is_never_more_public(chosen: Visibility, original: Visibility, result: str) -> None:
    operation = Operation("1", Act.REPLY, target="5", text="x", visibility=chosen)
    body = acts.status_body(operation, "x", Seen("a@b", original))
    assert body["visibility"] == result
    assert body["in_reply_to_id"] == "5"


@given(st.text(max_size=80))
def test_a_text_is_recognised_as_itself(text: str) -> None:
    assert acts.comparable(text) == acts.comparable(f"@anna@far.example {text}".replace("  ", " "))
