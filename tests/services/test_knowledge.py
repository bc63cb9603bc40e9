"""Articles from folders of hostile files, found and suggested offline; guidelines of channel and desk."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.empty import empty
from tests.services.parts import START, SetClock
from workstation.domain.cases import Entry
from workstation.domain.knowledge import STALE_AFTER, Change
from workstation.domain.messages import Author, Kind, Message
from workstation.services.article_files import LARGEST, article_of, read_folder
from workstation.services.feed import Feed
from workstation.services.knowledge import FolderError, Knowledge, NoArticlesError
from workstation.store.store import Store

RETURNS = """---
title: Returns and refunds
source: https://acme.example/returns
language: en
updated: 2026-10-01
---
# Returns

Send it back **within 30 days**; the refund takes five days.

See [the form](https://acme.example/form) and ![a picture](https://evil.example/pixel.gif).
"""
DELIVERY = "Delivery times\n\nA parcel takes three days. A late parcel is traced by its number.\n"
GERMAN = "<html lang=de><title>x</title><h1>Lieferung</h1><p>Ein Paket braucht drei Tage.<script>steal()</script>"


@pytest.fixture
async def knowledge(folder: Path) -> AsyncIterator[Knowledge]:
    store = await Store.open(empty(folder / "desk.sqlite3"), Feed().publish, clock=SetClock())
    yield Knowledge(store, SetClock())
    await store.close()


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    place = tmp_path / "Hilfe für alle"
    (place / "de").mkdir(parents=True)
    (place / "returns.md").write_text(RETURNS, encoding="utf-8")
    (place / "delivery.txt").write_text(DELIVERY, encoding="utf-8")
    (place / "de" / "lieferung.html").write_text(GERMAN, encoding="utf-8")
    (place / "picture.png").write_bytes(b"\x89PNG")
    return place


def asked(text: str, language: str = "en") -> Entry:
    author = Author("example", "1", "ana@x.example", "Ana", id=1)
    return Entry(Message(1, 1, "1", Kind.MENTION, author, text, START, START, language=language))


async def test_a_folder_is_read_found_and_read_again(knowledge: Knowledge, shelf: Path) -> None:
    plan = await knowledge.plan(shelf)
    assert [article.path for article in plan.of(Change.NEW)] == ["de/lieferung.html", "delivery.txt", "returns.md"]
    await knowledge.carry_out(plan)
    assert [(each.name, each.articles) for each in await knowledge.shelves()] == [("Hilfe für alle", 3)]
    (hit,) = await knowledge.find("refund five")
    article = hit.article
    assert (article.title, article.link, article.language) == (
        "Returns and refunds",
        "https://acme.example/returns",
        "en",
    )
    assert "**" not in article.text
    assert "evil" not in article.text
    assert "the form (https://acme.example/form)" in article.text
    (german,) = await knowledge.find("pak")
    assert (german.article.title, german.article.language) == ("Lieferung", "de")
    assert "steal" not in german.article.text

    (shelf / "delivery.txt").unlink()
    (shelf / "returns.md").write_text(RETURNS.replace("five days", "six days"), encoding="utf-8")
    again = await knowledge.plan(shelf)
    changes = {each.article.path: each.change for each in again.changes}
    assert changes == {"de/lieferung.html": Change.SAME, "delivery.txt": Change.GONE, "returns.md": Change.CHANGED}
    await knowledge.carry_out(again)
    assert await knowledge.find("parcel") == ()
    assert len(await knowledge.find("six days")) == 1
    assert await knowledge.find("five") == ()

    (first,) = await knowledge.shelves()
    taken = await knowledge.drop(first)
    assert await knowledge.articles() == ()
    await knowledge.restore(taken)
    assert len(await knowledge.find("six days")) == 1


async def test_what_the_customer_writes_about_is_suggested(knowledge: Knowledge, shelf: Path) -> None:
    await knowledge.carry_out(await knowledge.plan(shelf))

    async def titles(text: str, language: str = "en") -> list[str]:
        return [hit.article.title for hit in await knowledge.suggest(asked(text, language))]

    assert await titles("My parcel is late, what takes so long?") == ["Delivery times"]
    assert (await titles("Wo bleibt mein Paket? Drei Tage schon!", "de"))[0] == "Lieferung"
    assert await titles("@you hello https://x.example/parcel/late") == []
    assert await titles("") == []


async def test_what_is_in_nearly_every_article_tells_nothing(knowledge: Knowledge, tmp_path: Path) -> None:
    place = tmp_path / "many"
    place.mkdir()
    for number in range(12):
        (place / f"{number}.txt").write_text(f"Title {number}\n\nplease note the thing{number}", encoding="utf-8")
    await knowledge.carry_out(await knowledge.plan(place))
    assert await knowledge.suggest(asked("please note the title")) == ()
    (place / "7.txt").write_text("Title 7\n\nplease note the thing7 and its broken hinge", encoding="utf-8")
    await knowledge.carry_out(await knowledge.plan(place))
    found = await knowledge.suggest(asked("please note: the hinge of my thing7 is broken"))
    assert [hit.article.path for hit in found] == ["7.txt"]


async def test_japanese_is_found_and_suggested(knowledge: Knowledge, tmp_path: Path) -> None:
    place = tmp_path / "ja"
    place.mkdir()
    (place / "henpin.ja.txt").write_text("返品について\n\n商品の返品は三十日以内にお願いします。", encoding="utf-8")
    (place / "haisou.ja.txt").write_text("配送について\n\n荷物は三日で届きます。", encoding="utf-8")
    await knowledge.carry_out(await knowledge.plan(place))
    assert [hit.article.path for hit in await knowledge.find("返品")] == ["henpin.ja.txt"]
    found = await knowledge.suggest(asked("商品を返品したいです。", "ja"))
    assert [hit.article.path for hit in found] == ["henpin.ja.txt"]
    assert found[0].article.language == "ja"


async def test_old_articles_are_said_to_be_old(knowledge: Knowledge, shelf: Path) -> None:
    old = (START - STALE_AFTER) / 1_000_000 - 10
    os.utime(shelf / "delivery.txt", (old, old))
    os.utime(shelf / "de" / "lieferung.html", (START / 1_000_000, START / 1_000_000))
    await knowledge.carry_out(await knowledge.plan(shelf))
    stale = {article.path: knowledge.stale(article) for article in await knowledge.articles()}
    assert (stale["delivery.txt"], stale["de/lieferung.html"]) == (True, False)


async def test_folders_that_hold_nothing_are_said_so(knowledge: Knowledge, tmp_path: Path) -> None:
    with pytest.raises(FolderError):
        await knowledge.plan(tmp_path / "nowhere")
    with pytest.raises(NoArticlesError):
        await knowledge.plan(tmp_path)


def test_files_that_cannot_be_articles_are_left_out_with_a_reason(tmp_path: Path) -> None:
    (tmp_path / "big.txt").write_bytes(b"x" * (LARGEST + 1))
    (tmp_path / "latin.txt").write_bytes("Grüße".encode("latin-1"))
    (tmp_path / "empty.md").write_text("\n\n", encoding="utf-8")
    (tmp_path / "wide.txt").write_text("Grüße", encoding="utf-16")
    (tmp_path / ".hidden.txt").write_text("secret", encoding="utf-8")
    reading = read_folder(tmp_path, "s")
    assert [article.text for article in reading.articles] == ["Grüße"]
    assert [each.path for each in reading.refused] == ["big.txt", "empty.md", "latin.txt"]


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("secret", encoding="utf-8")
    inside = tmp_path / "inside"
    inside.mkdir()
    try:
        (inside / "way").symlink_to(outside, target_is_directory=True)
        (inside / "file.txt").symlink_to(outside / "secret.txt")
    except OSError:
        pytest.skip("no symbolic links here")
    assert read_folder(inside, "s").articles == ()


@given(st.text(max_size=300), st.sampled_from(["a.md", "a.html", "a.txt"]))
def test_any_text_becomes_harmless_plain_text(text: str, name: str) -> None:
    article = article_of(text, name, "s", 5)
    assert not set(article.text) & set("\x00\u202e\u202d\r")
    assert article.link == "" or article.link.startswith(("http://", "https://"))


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/passwd", "https://", "https://x y", "//x.example"]
)
def test_only_web_addresses_are_links(link: str) -> None:
    assert article_of(f"---\nsource: {link}\n---\nText", "a.md", "s", 5).link == ""


async def test_a_channel_has_its_guideline_else_the_desks(knowledge: Knowledge) -> None:
    assert await knowledge.guideline(3) is None
    await knowledge.write_guideline(0, "Be kind.")
    await knowledge.write_guideline(3, "Be short.")
    there, elsewhere = await knowledge.guideline(3), await knowledge.guideline(4)
    assert there is not None
    assert elsewhere is not None
    assert (there.text, elsewhere.text) == ("Be short.", "Be kind.")
    before = await knowledge.write_guideline(3, " ")
    assert before == there
    back = await knowledge.guideline(3)
    assert back is not None
    assert back.channel == 0
