"""Spelling with a dictionary made here: the cache, the process behind it and its death, taught words, absent ones."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.waiting import told
from workstation.services.desk import Desk, open_desk
from workstation.services.dictionaries import best, installed
from workstation.services.profile import Profile
from workstation.services.spelling import WORD, Spelling

AFF = "SET UTF-8\nTRY esianrtolcdugmphbyfvkwz\nSFX S Y 1\nSFX S 0 s .\n"
WORDS = ("hello", "parcel/S", "order/S", "naïve", "don't", "café")


def dictionary(folder: Path, name: str = "en_US", aff: str = AFF, words: tuple[str, ...] = WORDS) -> None:
    """Write a dictionary as systems have them."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.aff").write_text(aff, encoding="utf-8")
    (folder / f"{name}.dic").write_text("\n".join((str(len(words)), *words, "")), encoding="utf-8")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A desk whose profile has a dictionary of its own."""
    profile = Profile(tmp_path / "Café 書")
    dictionary(profile.dictionaries)
    async with open_desk(profile) as opened:
        yield opened


@pytest.fixture
async def spelling(desk: Desk) -> AsyncIterator[Spelling]:
    """A speller that sees no dictionary but ours."""
    speller = Spelling(desk.store, desk.settings, desk.profile.dictionaries, folders=tuple)
    yield speller
    await speller.close()


async def verdict(spelling: Spelling, word: str, language: str = "en-US") -> bool:
    """What the speller says when it has been asked."""
    await _answered(spelling, word, language)
    return bool(spelling.known(word, language))


async def _answered(spelling: Spelling, word: str, language: str) -> None:
    async def look() -> bool:
        return spelling.known(word, language) is not None

    await told(spelling.subscribe, look)


async def test_words_are_judged_in_the_background_and_then_at_once(spelling: Spelling) -> None:
    heard: list[str] = []
    spelling.subscribe(heard.append)
    assert spelling.known("parcels", "en-US") is None
    assert spelling.known("parcle", "en-US") is None
    await _answered(spelling, "parcle", "en-US")
    assert (spelling.known("parcels", "en-US"), spelling.known("parcle", "en-US")) == (True, False)
    assert heard == ["en-US"]
    assert await verdict(spelling, "don’t")
    assert "parcel" in await spelling.suggest("parcle", "en-US")


async def test_regions_help_out_and_other_languages_are_left_alone(spelling: Spelling) -> None:
    assert not await verdict(spelling, "parcle", "en-GB")
    assert await verdict(spelling, "Paket", "de")
    assert spelling.known("Paket", "de") is True
    assert await spelling.suggest("Pakte", "de") == ()
    assert spelling.known("小包", "en-US") is True
    assert spelling.known("anything", "") is True


async def test_taught_words_stay_and_can_be_taken_back(spelling: Spelling, desk: Desk) -> None:
    assert not await verdict(spelling, "Meridian")
    await spelling.learn("Meridian", "en-US")
    assert spelling.known("Meridian", "en-US") is True
    other = Spelling(desk.store, desk.settings, desk.profile.dictionaries, folders=tuple)
    assert await verdict(other, "Meridian")
    await other.unlearn("Meridian", "en-US")
    assert not await verdict(other, "Meridian")
    await other.close()


async def test_a_process_that_dies_is_replaced(spelling: Spelling) -> None:
    assert await verdict(spelling, "hello")
    process = spelling._worker._process
    assert process is not None
    assert process.pid is not None
    os.kill(process.pid, signal.SIGTERM)
    assert not await verdict(spelling, "helo")
    assert spelling._worker._process is not process


async def test_a_broken_dictionary_says_nothing(spelling: Spelling, desk: Desk) -> None:
    dictionary(desk.profile.dictionaries, "fr", aff="SET nonsense\n\x00", words=())
    spelling.forget_loaded()
    assert await asyncio.wait_for(verdict(spelling, "bonjour", "fr"), 30) in (True, False)


async def test_an_absent_speller_is_silent_and_starts_nothing(tmp_path: Path, desk: Desk) -> None:
    speller = Spelling(desk.store, desk.settings, tmp_path / "nothing", folders=tuple)
    assert await verdict(speller, "parcle")
    assert speller._worker._process is None
    desk.settings.change(dictionary_folders=(str(desk.profile.dictionaries),))
    assert not await verdict(speller, "parcle")
    desk.settings.change(spelling=False)
    assert speller.known("parcle", "en-US") is True
    await speller.close()


def test_dictionaries_are_found_by_their_names(tmp_path: Path) -> None:
    for name in ("de_DE_frami", "en_GB", "en_US", "sr-Latn", "hyph", "pt_BR"):
        dictionary(tmp_path, name)
    (tmp_path / "it_IT.aff").write_text("", encoding="utf-8")
    found = installed((tmp_path, tmp_path / "absent"))
    assert {each.language for each in found} == {"de-DE", "en-GB", "en-US", "sr-Latn", "pt-BR"}
    chosen = {tag: each.language if (each := best(tag, found)) else "" for tag in ("en", "en-AU", "de-AT", "sr", "it")}
    assert chosen == {"en": "en-US", "en-AU": "en-GB", "de-AT": "de-DE", "sr": "", "it": ""}


def test_words_of_many_scripts() -> None:
    assert WORD.findall("Don’t 'quote' naïve e\u0301te\u0301 АБВ כִּי مرحبًا हिन्दी x2") == [
        "Don’t", "quote", "naïve", "e\u0301te\u0301", "АБВ", "כִּי", "مرحبًا", "हिन्दी", "x",
    ]  # fmt: skip
