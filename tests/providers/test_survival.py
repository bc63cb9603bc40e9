"""Whatever a provider does with a text: what must not change is in the result as it was, or there is no sending it."""

import random
from collections import Counter
from collections.abc import AsyncIterator

import pytest

from tests.providers.conftest import Making, config
from tests.providers.doubles.moods import MOODS
from tests.providers.doubles.servers import SERVERS, Double
from tests.providers.texts import NAMES, TERMS, Sample, sample
from workstation.domain.checks import blocked
from workstation.domain.translation import Pair
from workstation.providers.base import TranslatorError
from workstation.services.translating import Translating
from workstation.services.translation_jobs import Job

INNOCENT = {"kind", "reordered", "quoted", "wrapped"}
"""Moods after which the translation has to be usable."""
FEW, ALL = 60, 500
EVIL = ("evil.example", "attacker", "{admin}", "99,999.00", "7946 0000")


def _survived(wanted: Sample, text: str) -> bool:
    """Whether every part is there as often as it was put in, and nothing that the hostile ones add."""
    return all(text.count(part) >= times for part, times in Counter(wanted.parts).items()) and not any(
        evil in text for evil in EVIL
    )


async def _outcome(service: Translating, wanted: Sample) -> str:
    job = Job(wanted.text, Pair(wanted.source, wanted.target), names=NAMES, terms=TERMS)
    try:
        found = await service.translate(job)
    except TranslatorError as error:
        return f"refused: {error}"
    if blocked(found.findings):
        return "blocked"
    return "survived" if _survived(wanted, found.translated.text) else f"LOST {found.translated.text!r}"


async def _all(service: Translating, double: Double, mood: str, seeds: range) -> Counter[str]:
    double.mood, double.rng = mood, random.Random(mood)
    outcomes: Counter[str] = Counter()
    for seed in seeds:
        wanted = sample(seed)
        outcome = await _outcome(service, wanted)
        assert not outcome.startswith("LOST"), f"seed {seed}, {mood}: {wanted} {outcome}"
        assert outcome == "survived" or mood not in INNOCENT, f"seed {seed}, {mood}: {wanted} {outcome}"
        outcomes[outcome.partition(":")[0]] += 1
    return outcomes


@pytest.fixture(params=sorted(SERVERS))
async def provided(request: pytest.FixtureRequest, translating: Making) -> AsyncIterator[tuple[Translating, Double]]:
    """The service with each of the providers."""
    async with SERVERS[request.param]() as double:
        double.limit = 10**9
        yield await translating(config(request.param, double)), double


@pytest.mark.parametrize("mood", sorted(MOODS))
async def test_what_must_not_change_survives(provided: tuple[Translating, Double], mood: str) -> None:
    service, double = provided
    # Other texts for each mood, so that nothing comes from what was asked before.
    first = 1_000 * (1 + sorted(MOODS).index(mood))
    await _all(service, double, mood, range(first, first + (FEW if mood in INNOCENT else FEW // 3)))


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("mood", sorted(MOODS))
async def test_what_must_not_change_survives_in_500_texts(provided: tuple[Translating, Double], mood: str) -> None:
    service, double = provided
    first = 100_000 * (1 + sorted(MOODS).index(mood))
    outcomes = await _all(service, double, mood, range(first, first + ALL))
    assert outcomes.total() == ALL
