"""The script: an endless, repeatable sequence of what the customers do. Pure; the same seed gives the same sequence."""

import random
from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import Literal

from workstation.practice.scenario import INCIDENTS, KINDS, Language

AGENT = "larkmoor_care"
TAG = "larkmoor"
PEOPLE_PER_LANGUAGE = 400
_WEIGHTS = {"praise": 15, "question": 24, "complaint": 22, "spam": 7, "chatter": 28, "direct": 4}
_ADDRESSED = {"praise": 0.55, "question": 0.9, "complaint": 0.8, "spam": 0.35, "chatter": 0.08, "direct": 1.0}
_TAGGED = {"praise": 0.7, "question": 0.3, "complaint": 0.45, "spam": 0.5, "chatter": 0.5, "direct": 0.0}
_MARKS = ("", "", "", "", " 🙂", " 🙏", " 😕", " ⛺", " 🏔️", " ☕")
_MEMORY = 400
_TEXTS_KNOWN = 20_000

Act = Literal["post", "edit", "delete", "report", "follow", "favourite", "boost"]


@dataclass(frozen=True, slots=True)
class Person:
    """A customer: the nth of a language."""

    language: str
    number: int


@dataclass(frozen=True, slots=True)
class Scene:
    """One thing that happens; `ordinal` counts posts, `target` is the ordinal of an earlier post."""

    act: Act
    ordinal: int
    kind: str
    who: Person
    text: str = ""
    visibility: str = "public"
    target: int | None = None
    alt: str | None = None


class Script:
    """Deals out scenes; each turn is one post and sometimes what rides along with it."""

    def __init__(
        self,
        seed: int,
        languages: tuple[Language, ...],
        crisis_every: int,
        crisis_size: int,
        addressed: float = 1.0,
    ) -> None:
        self._random = random.Random(f"script:{seed}")
        self._seed = seed
        self._languages = languages
        self._said: OrderedDict[str, None] = OrderedDict()
        self._kinds = [kind for kind in KINDS for _ in range(_WEIGHTS[kind])]
        self._recent: deque[Scene] = deque(maxlen=_MEMORY)
        self._crisis_every = crisis_every
        self._crisis_size = crisis_size
        self._addressed = addressed
        self._crisis_left = 0
        self._incident = INCIDENTS[0]
        self._ordinal = 0

    def turn(self) -> list[Scene]:
        """Return the next post and what rides along."""
        self._ordinal += 1
        if self._crisis_every and self._ordinal % self._crisis_every == 0:
            self._crisis_left = self._crisis_size
            self._incident = INCIDENTS[self._ordinal // self._crisis_every % len(INCIDENTS)]
        if self._crisis_left and self._random.random() < 0.7:
            self._crisis_left -= 1
            scene = self.crisis(self._random, self._incident, self._ordinal)
        else:
            scene = self._everyday()
        riders = self._riders(scene)
        self._recent.append(scene)
        return [scene, *riders]

    @property
    def turns(self) -> int:
        """Return how many turns were taken."""
        return self._ordinal

    def skip(self, turns: int) -> None:
        """Go on where an earlier run stopped."""
        for _ in range(turns):
            self.turn()

    def crisis(self, chance: random.Random, incident: str, ordinal: int) -> Scene:
        """Return one of many nearly equal posts about one incident."""
        language = chance.choice(self._languages)
        who = Person(language.code, chance.randrange(PEOPLE_PER_LANGUAGE))
        text = self.fill(chance, language, chance.choice(language.texts[incident]), ordinal)
        return Scene("post", ordinal, "crisis", who, f"@{AGENT} {text} #{TAG}{chance.choice(_MARKS)}")

    def fill(self, chance: random.Random, language: Language, template: str, ordinal: int) -> str:
        """Put numbers and places into a text; order numbers do not repeat within 900,000 posts."""
        if "{" not in template:
            return template
        return (
            template.replace("{order}", str(100_000 + (ordinal * 7_919 + self._seed * 31) % 900_000))
            .replace("{days}", str(chance.randint(2, 29)))
            .replace("{amount}", str(chance.randint(19, 399)))
            .replace("{city}", chance.choice(language.cities))
        )

    def _everyday(self) -> Scene:
        chance = self._random
        language = chance.choice(self._languages)
        kind = chance.choice(self._kinds)
        who = Person(language.code, chance.randrange(PEOPLE_PER_LANGUAGE))
        text = self.fill(chance, language, chance.choice(language.texts[kind]), self._ordinal)
        text = self._distinct(chance, language, text)
        share = _ADDRESSED[kind] if kind == "direct" else _ADDRESSED[kind] * self._addressed
        addressed = chance.random() < share
        if addressed:
            text = f"@{AGENT} {text}"
        if chance.random() < _TAGGED[kind]:
            text = f"{text} #{TAG}"
        if kind != "spam":
            text += chance.choice(_MARKS)
        picture = kind in ("praise", "complaint", "spam") and chance.random() < 0.12
        alt = chance.choice(language.texts["alt"]) if picture else None
        target = None
        if kind == "chatter" and not addressed and chance.random() < 0.3:
            target = self._earlier(chance, language.code)
        visibility = "direct" if kind == "direct" else chance.choice(("public",) * 9 + ("unlisted",))
        return Scene("post", self._ordinal, kind, who, text, visibility, target, alt)

    def _distinct(self, chance: random.Random, language: Language, text: str) -> str:
        """Sign a text that somebody else has used lately with a place and a time of day."""
        while text in self._said:
            text += f" ({chance.choice(language.cities)}, {chance.randrange(24)}:{chance.randrange(60):02d})"
        self._said[text] = None
        if len(self._said) > _TEXTS_KNOWN:
            self._said.popitem(last=False)
        return text

    def _riders(self, scene: Scene) -> list[Scene]:
        chance = self._random
        dice = chance.random()
        if not self._recent or dice > 0.12:
            return []
        earlier = self._recent[chance.randrange(len(self._recent))]
        if dice < 0.02:
            return [self.correction(chance, earlier)]
        if dice < 0.03:
            return [Scene("delete", earlier.ordinal, "delete", earlier.who, target=earlier.ordinal)]
        if dice < 0.05 and scene.kind == "spam":
            return []
        if dice < 0.06:
            return self._complaint_to_moderators(chance)
        if dice < 0.08:
            return [Scene("follow", scene.ordinal, "follow", scene.who)]
        act: Act = "favourite" if dice < 0.105 else "boost"
        return [Scene(act, scene.ordinal, act, scene.who, target=earlier.ordinal)]

    def correction(self, chance: random.Random, earlier: Scene) -> Scene:
        """Return the edit of an earlier post by its author."""
        language = next(item for item in self._languages if item.code == earlier.who.language)
        suffix = self.fill(chance, language, chance.choice(language.texts["edit"]), earlier.ordinal)
        return Scene("edit", earlier.ordinal, "edit", earlier.who, f"{earlier.text} {suffix}", target=earlier.ordinal)

    def _complaint_to_moderators(self, chance: random.Random) -> list[Scene]:
        spam = [scene for scene in self._recent if scene.kind == "spam"]
        if not spam:
            return []
        target = chance.choice(spam)
        language = chance.choice(self._languages)
        who = Person(language.code, chance.randrange(PEOPLE_PER_LANGUAGE))
        text = chance.choice(language.texts["report"])
        return [Scene("report", target.ordinal, "report", who, text, target=target.ordinal)]

    def _earlier(self, chance: random.Random, language: str) -> int | None:
        candidates = [
            scene.ordinal
            for scene in list(self._recent)[-60:]
            if scene.who.language == language and scene.kind in ("praise", "complaint", "chatter", "question")
        ]
        return chance.choice(candidates) if candidates else None
