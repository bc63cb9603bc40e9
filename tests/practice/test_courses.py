"""The courses of the practice network: played as written, in the trainee's language, while everything else rests."""

import time
from collections.abc import Callable

import pytest

from tests.practice_network import PracticeNetwork, practice
from workstation.practice.courses import COURSES
from workstation.practice.courses.course import FOREIGN, Beat, Course
from workstation.services.training.courses import COURSES as GUIDES

__all__ = ["practice"]
FAST = 2_000


def _until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def _begin(network: PracticeNetwork, name: str, language: str = "en") -> dict[str, object]:
    begun: dict[str, object] = network.control("POST", "course", course=name, language=language, pace=FAST)
    return begun


def test_every_course_has_its_guide() -> None:
    assert COURSES.keys() == GUIDES.keys()
    for course in COURSES.values():
        assert {beat.who for beat in course.beats} == course.people.keys()
        assert any(persona.language == FOREIGN for persona in course.people.values()) or course.name == "angry-customer"


def test_beats_of_strangers_are_refused() -> None:
    with pytest.raises(ValueError, match="nobody"):
        Course("x", {}, (Beat(1, "nobody", "question"),))


@pytest.mark.parametrize("name", COURSES)
def test_a_course_is_played_to_its_end(practice: PracticeNetwork, name: str) -> None:
    assert _begin(practice, name)["course"] == name
    count = len(COURSES[name].beats)
    _until(lambda: len(practice.control("GET", "course")["played"]) == count)
    played = practice.control("GET", "course")["played"]
    assert [item["who"] for item in played] == [beat.who for beat in sorted(COURSES[name].beats, key=lambda b: b.at)]
    assert practice.control("POST", "course", course="")["course"] == ""


def test_people_of_a_course_speak_the_trainees_language(practice: PracticeNetwork) -> None:
    _begin(practice, "first-day", "de")
    _until(lambda: len(practice.control("GET", "course")["played"]) == 5)
    token = practice.tokens["agent"]
    posts = [practice.request("GET", f"/api/v1/statuses/{item['id']}", token)
             for item in practice.control("GET", "course")["played"]]  # fmt: skip
    assert [post["language"] for post in posts] == ["de", "de", "en", "de", "de"]
    assert posts[3]["visibility"] == "direct"


def test_an_answer_is_answered_as_the_course_says(practice: PracticeNetwork) -> None:
    _begin(practice, "angry-customer")
    _until(lambda: practice.control("GET", "course")["played"])
    token, first = practice.tokens["agent"], practice.control("GET", "course")["played"][0]["id"]
    values = {"status": "we are sorry", "in_reply_to_id": first}
    answer = practice.request("POST", "/api/v1/statuses", token, values)
    context = f"/api/v1/statuses/{answer['id']}/context"
    _until(lambda: practice.request("GET", context, token)["descendants"])
    assert practice.statistics()["played"] == 0


def test_an_unknown_course_is_refused(practice: PracticeNetwork) -> None:
    with pytest.raises(OSError, match="422"):
        _begin(practice, "cooking")
