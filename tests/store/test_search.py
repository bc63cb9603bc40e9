"""Full text search: every script, prefixes, phrases, handles, newest first, page by page."""

import sqlite3

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.store.factories import author, batch, message
from workstation.domain.channels import ChannelConfig
from workstation.store.search import lazy_match, match_text
from workstation.store.search_text import INDEXED_LENGTH, TOKENIZER, search_text
from workstation.store.search_words import MOST, Folding, add_words, words_from
from workstation.store.store import Store

TEXTS = {
    "de": "Die Straße ist gesperrt, größer wird's nicht",
    "ja": "東京都で注文した荷物が届きません",
    "th": "พัสดุของฉันยังไม่มาถึง",
    "ko": "주문한상품이 아직 안 왔어요",
    "ar": "لم تصل الطلبية بعد",
    "hi": "मेरा पार्सल कहाँ है",
    "fr": "Où est mon colis cassé ?",
    "en": "My parcel #1234 is late, refund_please O'Brien co-op C++",
}


async def found(store: Store, query: str) -> set[str]:
    return {entry.message.remote_id for entry in (await store.search.find(query)).entries}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("strasse", {"de"}),
        ("STRASSE ", {"de"}),
        ("gros", {"de"}),
        ("京都", {"ja"}),
        ("東京", {"ja"}),
        ("荷物が届", {"ja"}),
        ("物", {"ja"}),
        ("京東", set()),
        ("ของฉัน", {"th"}),
        ("상품", {"ko"}),
        ("الطلبية", {"ar"}),
        ("पार्सल", {"hi"}),
        ("casse ", {"fr"}),
        ("colis ou", {"fr"}),
        ("parc", {"en"}),
        ("parc ", set()),
        ('"parcel 1234"', {"en"}),
        ('"1234 parcel"', set()),
        ("#1234", {"en"}),
        ("refund_please", {"en"}),
        ("o'brien", {"en"}),
        ("co-op", {"en"}),
        ('AND OR NOT NEAR( * ^ : " -', set()),
        ("", set()),
        ("   ", set()),
        ("🙂", set()),
        ("customer1", set(TEXTS)),
        ("@customer1@example", set(TEXTS)),
    ],
)
async def test_what_is_found(store: Store, acme: ChannelConfig, query: str, expected: set[str]) -> None:
    await store.messages.accept(acme, batch(*(message(name, text) for name, text in TEXTS.items())))
    assert await found(store, query) == expected


async def test_newest_first_and_page_by_page(store: Store, acme: ChannelConfig) -> None:
    for number in range(25):
        writer = author(7, handle="parcelo") if number % 3 == 0 else author(1)
        text = "no such word" if number % 3 == 0 else "a parcel"
        await store.messages.accept(acme, batch(message(f"m{number}", text, author=writer)))
    seen: list[int] = []
    before = None
    while True:
        page = await store.search.find("parcel", 4, before)
        seen += [entry.message.id for entry in page.entries]
        before = page.next
        if before is None:
            break
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == 25


@given(st.text(max_size=60))
def test_any_query_is_valid(query: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE VIRTUAL TABLE t USING fts5(text, content='', tokenize=\"{TOKENIZER}\")")
    match = match_text(query)
    if match:
        connection.execute("SELECT rowid FROM t WHERE t MATCH ?", (match,)).fetchall()
    connection.close()


def indexed(texts: list[str]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute(
        f"CREATE VIRTUAL TABLE search USING fts5(text, content='', columnsize=0, prefix='2', tokenize=\"{TOKENIZER}\")"
    )
    add_words(connection)
    for number, text in enumerate(texts, 1):
        connection.execute("INSERT INTO search (rowid, text) VALUES (?, ?)", (number, search_text(text, "")))
    return connection


def hits(connection: sqlite3.Connection, match: str) -> list[int]:
    query = "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC"
    return [row[0] for row in connection.execute(query, (match,))] if match else []


WORDS = st.one_of(
    st.text("abßéİǆΣ\u0301\u0300ิ注文ㄱ한'_.\0", max_size=6), st.text(st.characters(codec="utf-8"), max_size=6)
)


@given(st.lists(st.lists(WORDS, max_size=4).map(" ".join), max_size=8), st.lists(WORDS, max_size=2).map(" ".join))
@example(["ketten kettle", "kettl kettle"], "kett")
def test_a_beginning_asked_by_its_words_finds_the_very_same(texts: list[str], query: str) -> None:
    connection, folding = indexed(texts), Folding()
    for asked in [query, *(text[:end] for text in texts for end in range(2, len(text) + 1))]:
        lazy = lazy_match(connection, folding, asked)
        assert hits(connection, lazy) == hits(connection, match_text(asked))
    folding.close()
    connection.close()


def test_words_that_were_taken_out_of_the_index_or_are_too_many_find_the_very_same() -> None:
    texts = [f"kett{number:03} größe{chr(97 + number % 5)}" for number in range(MOST + 1)]
    connection = indexed(texts)
    folding = Folding()
    assert words_from(connection, "kett") is None
    assert lazy_match(connection, folding, "kett") == match_text("kett")
    assert lazy_match(connection, folding, "größ") == '("grossea" OR "grosseb" OR "grossec" OR "grossed" OR "grossee")'
    connection.execute("INSERT INTO search (search, rowid, text) VALUES ('delete', 1, ?)", (search_text(texts[0], ""),))
    assert len(words_from(connection, "kett") or ()) == MOST
    for query in ("kett", "größ", "größea", "grosseb kett03"):
        assert hits(connection, lazy_match(connection, folding, query)) == hits(connection, match_text(query)) != []
    folding.close()
    connection.close()


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_what_was_indexed_is_taken_out_again_without_a_rest(text: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE VIRTUAL TABLE t USING fts5(text, content='', tokenize=\"{TOKENIZER}\")")
    connection.execute("CREATE VIRTUAL TABLE words USING fts5vocab(t, 'row')")
    connection.execute("INSERT INTO t (rowid, text) VALUES (1, ?)", (search_text(text, ""),))
    connection.execute("INSERT INTO t (t, rowid, text) VALUES ('delete', 1, ?)", (search_text(text, ""),))
    assert connection.execute("SELECT * FROM words").fetchall() == []
    connection.close()


def test_of_a_very_long_text_the_beginning_is_indexed() -> None:
    assert search_text("a" * 10_000_000, "") == "a" * INDEXED_LENGTH
