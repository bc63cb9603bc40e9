"""The scenario and the script: complete in every language, repeatable by seed, and ours."""

import asyncio
import re
import string
import tomllib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.practice import markup
from workstation.practice.options import LANGUAGES, Options, parse
from workstation.practice.scenario import ANSWERS, FOLDER, INCIDENTS, KINDS, OTHERS, language
from workstation.practice.script import Script
from workstation.practice.server import Practice

EPOCH = 1_760_000_000_000
QUIET = Options(rate=10.0, backlog=30, languages=("en", "he", "ja"), epoch_ms=EPOCH)


def _played(options: Options, turns: int) -> list[tuple[object, ...]]:
    """Return what a network holds after so many turns: everything but the addresses of this run."""
    practice = Practice(options)
    try:
        practice.traffic.step(turns)
        return [
            (
                status.id,
                status.account.acct,
                status.account.display_name,
                status.text,
                status.created_at,
                status.visibility,
                status.language,
                status.kind,
                status.in_reply_to,
                status.edited_at,
                tuple(media.description for media in status.media),
            )
            for status in practice.network.statuses.values()
        ]
    finally:
        asyncio.run(practice.stop())


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_is_complete(code: str) -> None:
    spoken = language(code)
    assert set(spoken.texts) == {*KINDS, *ANSWERS, *INCIDENTS, *OTHERS}
    for kind, texts in spoken.texts.items():
        assert len(set(texts)) == len(texts) >= 3, kind
        for text in texts:
            slots = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
            assert slots <= {"order", "days", "amount", "city"}
            assert len(text) < 220
            hosts = re.findall(r"https?://([^/\s]+)", text)
            assert all(host.endswith(".practice.invalid") for host in hosts)
    assert len({spoken.name(number) for number in range(400)}) == 400
    assert all(re.fullmatch(r"[a-z]+", plain) for _, plain in spoken.given + spoken.family)


def test_every_file_is_used() -> None:
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(LANGUAGES)
    for path in FOLDER.glob("*.toml"):
        assert set(tomllib.loads(path.read_text(encoding="utf-8"))) <= {
            "given",
            "family",
            "cities",
            "texts",
            "family_first",
        }


def test_the_same_seed_plays_the_same() -> None:
    first, second, other = _played(QUIET, 150), _played(QUIET, 150), _played(replace(QUIET, seed=2), 150)
    assert first == second
    assert first != other


@settings(max_examples=20)
@given(
    seed=st.integers(0, 2**31),
    codes=st.lists(st.sampled_from(LANGUAGES), min_size=1, max_size=4, unique=True),
    split=st.integers(0, 60),
)
def test_a_script_can_be_taken_up_where_it_stopped(seed: int, codes: list[str], split: int) -> None:
    def script() -> Script:
        return Script(seed, tuple(map(language, codes)), 40, 20)

    whole, later = script(), script()
    expected = [whole.turn() for _ in range(60)]
    later.skip(split)
    assert [later.turn() for _ in range(60 - split)] == expected[split:]


@settings(max_examples=20)
@given(seed=st.integers(0, 2**31))
def test_scenes_hang_together(seed: int) -> None:
    script = Script(seed, tuple(map(language, LANGUAGES)), 50, 20)
    posted: set[int] = set()
    for number in range(1, 200):
        post, *riders = script.turn()
        assert (post.act, post.ordinal) == ("post", number)
        assert 0 < markup.length(post.text) <= 500
        assert post.target is None or post.target in posted
        posted.add(number)
        for rider in riders:
            assert rider.act != "post"
            assert rider.target is None or rider.target in posted


def test_texts_are_distinct_and_a_crisis_is_a_wave() -> None:
    script = Script(3, tuple(map(language, LANGUAGES)), 900, 200)
    posts = [script.turn()[0] for _ in range(6_000)]
    texts = [post.text for post in posts]
    assert len(set(texts)) > 0.99 * len(texts)
    wave = [post.ordinal for post in posts if post.kind == "crisis"]
    assert len(wave) >= 1_000
    assert wave[199] - wave[0] < 400
    assert {post.kind for post in posts} == {*KINDS, "crisis"}
    assert {post.who.language for post in posts} == set(LANGUAGES)


@pytest.mark.parametrize(
    "argv",
    [
        ["--rate", "5001"],
        ["--languages", "xx"],
        ["--languages", ""],
        ["--capacity", "1"],
        ["--idempotency", "maybe"],
        ["--fault", '{"kind": "nonsense"}'],
        ["--fault", "{"],
    ],
)
def test_wrong_options_end_with_two(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse(argv)
    assert caught.value.code == 2
    assert "error:" in capsys.readouterr().err


def test_options_from_the_command_line() -> None:
    argv = ["--seed", "7", "--languages", "de,ar", "--idempotency", "off", "--no-sse", "--watch", "none"]
    options, watch = parse(argv)
    assert options == Options(seed=7, languages=("de", "ar"), idempotency=False, sse=False)
    assert watch == "none"
    slow = parse(["--fault", '{"kind": "slow", "times": 3}'])[0].faults[0]
    assert (slow.kind, slow.times) == ("slow", 3)
