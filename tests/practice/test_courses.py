"""The courses of the practice network: played as written, in the trainee's language, while everything else rests."""

import asyncio
from collections.abc import Callable

import pytest

from tests.practice_network import QUIET, PracticeNetwork, practice
from workstation.practice.courses import COURSES
from workstation.practice.courses.course import FOREIGN, Beat, Course
from workstation.practice.model import Status
from workstation.practice.network import Post
from workstation.practice.server import Practice, running
from workstation.services.training.courses import COURSES as GUIDES

__all__ = ["practice"]
FAST = 2_000


async def _until(condition: Callable[[], object]) -> None:
    """Let the network's loop turn until something holds."""
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - turns of the loop that all of it happens on
            await asyncio.sleep(0)


async def _played(network: Practice, name: str, language: str = "en") -> list[Status]:
    network.player.begin(name, language, FAST)
    await _until(lambda: len(network.player.played) == len(COURSES[name].beats))
    return [network.network.statuses[int(played.id)] for played in network.player.played]


def test_every_course_has_its_guide() -> None:
    assert COURSES.keys() == GUIDES.keys()
    for course in COURSES.values():
        assert {beat.who for beat in course.beats} == course.people.keys()
        assert any(persona.language == FOREIGN for persona in course.people.values()) or course.name == "angry-customer"


def test_beats_of_strangers_are_refused() -> None:
    with pytest.raises(ValueError, match="nobody"):
        Course("x", {}, (Beat(1, "nobody", "question"),))


@pytest.mark.parametrize("name", COURSES)
async def test_a_course_is_played_to_its_end(name: str) -> None:
    async with running(QUIET) as network:
        await _played(network, name)
        beats = sorted(COURSES[name].beats, key=lambda beat: beat.at)
        assert [played.who for played in network.player.played] == [beat.who for beat in beats]
        assert network.traffic.resting
        network.player.end()
        assert not network.traffic.resting


async def test_people_of_a_course_speak_the_trainees_language() -> None:
    async with running(QUIET) as network:
        posts = await _played(network, "first-day", "de")
        assert [post.language for post in posts] == ["de", "de", "en", "de", "de"]
        assert posts[3].visibility == "direct"
        again = await _played(network, "first-day", "xx")
        assert again[0].language == "en"


async def test_an_answer_is_answered_as_the_course_says() -> None:
    async with running(QUIET) as network:
        complaint, *_others = await _played(network, "angry-customer")
        said: list[Status] = []
        for _ in range(4):
            answer = network.network.post(network.cast.agent, Post(text="we are sorry", reply_to=complaint))
            before = len(said)
            if before < 3:
                await _until(lambda answer=answer: answer.replies)  # type: ignore[misc]
                said += [network.network.statuses[ident] for ident in answer.replies or ()]
        assert [status.kind for status in said] == ["angry", "followup", "thanks"]
        assert network.traffic.played == 0


def test_a_course_is_begun_and_ended_from_outside(practice: PracticeNetwork) -> None:
    begun = practice.control("POST", "course", course="first-day", language="en")
    assert begun == {"course": "first-day", "played": []}
    assert practice.control("POST", "course", course="")["course"] == ""
    with pytest.raises(OSError, match="422"):
        practice.control("POST", "course", course="cooking")
    with pytest.raises(OSError, match="422"):
        practice.control("POST", "course", course="first-day", pace="never")
