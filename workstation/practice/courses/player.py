"""Plays a course on the network while the everyday traffic rests; its people answer back as the course says."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass

from workstation.practice.cast import Cast
from workstation.practice.courses import COURSES
from workstation.practice.courses.course import FOREIGN, OWN, Beat, Course, Persona
from workstation.practice.model import Status
from workstation.practice.network import Post
from workstation.practice.scenario import Language, language
from workstation.practice.script import Person, Scene, Script
from workstation.practice.stage import Stage, mentions_agent

FIRST_ORDINAL = 20_000_000
"""Beyond what the everyday script and the bursts of the control API count."""
FOREIGNERS = ("es", "fr", "en")


@dataclass(frozen=True, slots=True)
class Played:
    """A beat that was played: the id of its status, whose it is, of which kind."""

    id: str
    who: str
    kind: str


class Player:
    """At most one course at a time. `rest` pauses the everyday traffic, or lets it go on."""

    def __init__(
        self, stage: Stage, cast: Cast, script: Script, languages: tuple[str, ...], rest: Callable[[bool], None]
    ) -> None:
        self._stage, self._cast, self._script, self._languages, self._rest = stage, cast, script, languages, rest
        self._later: set[asyncio.TimerHandle] = set()
        self._people: dict[int, tuple[Persona, str]] = {}
        self._heard: dict[int, int] = {}
        self._ordinal = FIRST_ORDINAL
        self.course: Course | None = None
        self.played: list[Played] = []

    def begin(self, name: str, spoken: str, pace: float = 1.0) -> None:
        """Play a course for a trainee who speaks `spoken`, `pace` times as fast as it is meant.

        KeyError for an unknown name.
        """
        course = COURSES[name]
        self.end()
        self._rest(True)
        self.course, self.played = course, []
        tongues = self._tongues(spoken)
        accounts = {}
        for who, persona in course.people.items():
            accounts[who] = self._cast.account(Person(tongues[persona.language], persona.number))
            self._people[accounts[who].id] = (persona, tongues[persona.language])
        self._stage.reaction = self._reaction
        loop = asyncio.get_running_loop()
        for beat in course.beats:
            self._later.add(loop.call_later(beat.at / pace, self._play, course, beat, tongues))

    def end(self) -> None:
        """Let the everyday traffic go on."""
        for handle in self._later:
            handle.cancel()
        self._later.clear()
        self._people.clear()
        self._heard.clear()
        self._stage.reaction = None
        if self.course is not None:
            self.course = None
            self._rest(False)

    def _tongues(self, spoken: str) -> dict[str, str]:
        own = spoken if spoken in self._languages else "en" if "en" in self._languages else self._languages[0]
        foreign = next((code for code in FOREIGNERS if code != own and code in self._languages), own)
        return {OWN: own, FOREIGN: foreign}

    def _play(self, course: Course, beat: Beat, tongues: dict[str, str]) -> None:
        persona = course.people[beat.who]
        tongue = language(tongues[persona.language])
        self._ordinal += 1
        text = mentions_agent(self._text(tongue, beat.kind, beat.nth))
        alt = tongue.texts["alt"][0] if beat.picture else None
        who = Person(tongue.code, persona.number)
        status = self._stage.play(Scene("post", self._ordinal, beat.kind, who, text, beat.visibility, alt=alt))
        if status is not None:
            self.played.append(Played(str(status.id), beat.who, beat.kind))

    def _text(self, tongue: Language, kind: str, nth: int) -> str:
        texts = tongue.texts[kind]
        return self._script.fill(random.Random(self._ordinal), tongue, texts[nth % len(texts)], self._ordinal)

    def _reaction(self, parent: Status, answer: Status) -> tuple[bool, Post | None]:
        """Whether the person who was answered belongs to the course, and what they say then."""
        known = self._people.get(parent.account.id)
        if known is None:
            return False, None
        persona, code = known
        heard = self._heard.get(parent.account.id, 0)
        self._heard[parent.account.id] = heard + 1
        if heard >= len(persona.moods):
            return True, None
        mood = persona.moods[heard]
        self._ordinal += 1
        text = f"@{answer.account.username} {self._text(language(code), mood, heard)}"
        return True, Post(text=text, visibility=parent.visibility, reply_to=answer, language=code, kind=mood)
