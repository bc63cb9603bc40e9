"""Small parts: timelines page like a sorted list, ids grow, markup escapes, pictures are pictures."""

import struct
import zlib

from hypothesis import given
from hypothesis import strategies as st

from workstation.practice import markup, pictures
from workstation.practice.clock import Clock, Ids, day, iso
from workstation.practice.credentials import OUT_OF_BAND, allowed_redirect, s256
from workstation.practice.frames import websocket_text
from workstation.practice.model import Account, Token
from workstation.practice.timeline import Page, Timeline

IDS = st.integers(1, 60)
MAYBE = st.none() | IDS


@given(items=st.lists(IDS), gone=st.lists(IDS), max_id=MAYBE, since_id=MAYBE, min_id=MAYBE)
def test_a_timeline_pages_like_a_sorted_list(
    items: list[int], gone: list[int], max_id: int | None, since_id: int | None, min_id: int | None
) -> None:
    timeline = Timeline(1_000)
    for item in items:
        timeline.add(item)
    for item in gone:
        timeline.discard(item)
    lower = min_id if min_id is not None else since_id
    expected = sorted(
        item for item in set(items) - set(gone) if (max_id is None or item < max_id) and (lower is None or item > lower)
    )
    found = list(timeline.candidates(Page(20, max_id, since_id, min_id)))
    assert found == (expected if min_id is not None else expected[::-1])
    assert all((item in timeline) == (item in set(items) - set(gone)) for item in range(61))


@given(count=st.integers(1, 500), capacity=st.integers(4, 100))
def test_a_timeline_forgets_the_oldest(count: int, capacity: int) -> None:
    timeline = Timeline(capacity)
    for item in range(count):
        timeline.add(item)
    kept = list(timeline)
    assert kept == list(range(count))[-len(kept) :]
    assert min(count, capacity) <= len(kept) <= capacity * 5 // 4 + 1


@given(st.lists(st.integers(1_600_000_000_000, 1_900_000_000_000), min_size=1))
def test_ids_grow_even_if_time_does_not(moments: list[int]) -> None:
    ids = Ids()
    made = [ids.at(moment) for moment in moments]
    assert made == sorted(set(made))
    assert len({len(str(item)) for item in made}) == 1


def test_a_virtual_clock_moves_when_told() -> None:
    clock = Clock(1_700_000_000_123)
    assert (iso(clock.now_ms()), day(clock.now_ms())) == ("2023-11-14T22:13:20.123Z", "2023-11-14")
    clock.advance(0.5)
    assert clock.now_ms() == 1_700_000_000_623


@given(st.text())
def test_markup_escapes_whatever_is_typed(text: str) -> None:
    html = markup.to_html(text, lambda _user, _domain: None, "http://127.0.0.1")
    assert "<script" not in html
    inside = html.replace("<p>", "").replace("</p>", "").replace("<br />", "")
    assert ("<" in inside) <= ("http" in text or "#" in text)


def test_markup_of_what_people_type() -> None:
    ada = Account(7, "ada", "Ada", 0, domain="north.practice.invalid")

    def resolve(user: str, domain: str) -> Account | None:
        return ada if (user, domain) == ("ada", "north.practice.invalid") else None

    text = "Hi @ada@north.practice.invalid, see https://practice.invalid/a?b=1&c. #Tents <b> mail@x.org @nobody"
    html = markup.to_html(text, resolve, "http://127.0.0.1:1")
    assert 'href="https://north.practice.invalid/@ada" class="u-url mention">@<span>ada</span></a></span>, see' in html
    assert 'href="https://practice.invalid/a?b=1&amp;c"' in html
    assert "#<span>Tents</span>" in html
    assert html.endswith("&lt;b&gt; mail@x.org @nobody</p>")
    assert markup.mentioned(text, resolve) == (ada,)
    assert markup.hashtags(text + " #tents #日本 #123") == ("tents", "日本")


@given(st.binary(max_size=70_000))
def test_frames_can_be_taken_apart(payload: bytes) -> None:
    frame = websocket_text(payload)
    size, start = frame[1], 2
    if size == 126:
        size, start = struct.unpack("!H", frame[2:4])[0], 4
    elif size == 127:
        size, start = struct.unpack("!Q", frame[2:10])[0], 10
    assert (frame[0], size, frame[start:]) == (0x81, len(payload), payload)


def test_pictures_are_sound() -> None:
    data = pictures.png(40, 30, 5)
    assert pictures.dimensions(data) == (40, 30)
    assert data == pictures.png(40, 30, 5) != pictures.png(40, 30, 6)
    start = data.index(b"IDAT")
    size = struct.unpack("!I", data[start - 4 : start])[0]
    assert len(zlib.decompress(data[start + 4 : start + 4 + size])) == 30 * 41
    assert pictures.dimensions(b"GIF89a" + struct.pack("<HH", 3, 4) + b"\0") == (3, 4)


def test_scopes_cover_what_is_below_them() -> None:
    token = Token("x", 1, frozenset({"read", "admin:read", "write:statuses"}), "", 0)
    assert all(token.allows(scope) for scope in ("read:lists", "admin:read:reports", "write:statuses", "read"))
    assert not any(token.allows(scope) for scope in ("write:lists", "admin:write:reports", "write", "admin"))


def test_redirects_and_proofs() -> None:
    registered = (OUT_OF_BAND, "http://127.0.0.1/cb", "https://desk.practice.invalid/cb")
    for good in (OUT_OF_BAND, "http://127.0.0.1:4711/cb", "https://desk.practice.invalid/cb"):
        assert allowed_redirect(good, registered)
    for bad in (
        "http://127.0.0.1:4711/other",
        "https://desk.practice.invalid:1/cb",
        "http://127.0.0.1.evil.invalid/cb",
        "",
    ):
        assert not allowed_redirect(bad, registered)
    # The example of RFC 7636, appendix B.
    assert s256("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
