"""The stage: plays scenes on the network, and lets customers answer back."""

import random
import zlib
from collections import OrderedDict
from collections.abc import Callable

from workstation.practice import reactions, social
from workstation.practice.cast import Cast
from workstation.practice.model import Account, Media, Status
from workstation.practice.moderation import Moderation
from workstation.practice.network import Network, Post
from workstation.practice.scenario import ANSWERS, language
from workstation.practice.script import AGENT, Scene, Script

Reaction = Callable[[Status, Status], tuple[bool, Post | None]]
"""Given a status and the desk's answer to it: whether it is for us to say what comes of it, and what does."""
ORDINALS_KEPT = 2_000
# What a customer does after the desk's answer, in parts of a hundred; the rest says nothing.
_TEMPER = {
    "praise": (60, 5, 0),
    "question": (50, 28, 4),
    "complaint": (40, 22, 22),
    "crisis": (35, 20, 30),
    "direct": (55, 25, 8),
    "followup": (75, 0, 8),
    "angry": (45, 10, 15),
    "thanks": (0, 0, 0),
    "chatter": (30, 10, 0),
}


class Stage:
    """Turns scenes into operations on the network."""

    def __init__(self, network: Network, moderation: Moderation, cast: Cast, script: Script, seed: int) -> None:
        self._network = network
        self._moderation = moderation
        self._cast = cast
        self._script = script
        self._seed = seed
        self._posted: OrderedDict[int, int] = OrderedDict()
        self._bursts = 0
        self.reaction: Reaction | None = None
        """Asked first: of a course's people, who say what their course says."""

    def play(self, scene: Scene, at: int = 0) -> Status | None:
        """Let a scene happen, now or (for the history at the start) at a moment in milliseconds UTC."""
        author = self._cast.account(scene.who)
        if scene.act == "post":
            return self._post(scene, author, at)
        target = self._network.statuses.get(self._posted.get(scene.target or 0, 0))
        if scene.act == "follow":
            social.follower(self._network, self._network.mailbox(self._cast.agent), author)
        elif target is not None:
            self._on(scene, author, target)
        return None

    def burst(self, count: int, incident: str) -> list[Status]:
        """Play many nearly equal posts about one incident at once."""
        self._bursts += 1
        chance = random.Random(f"burst:{self._seed}:{self._bursts}")
        scenes = [self._script.crisis(chance, incident, 10_000_000 * self._bursts + number) for number in range(count)]
        return [status for status in map(self.play, scenes) if status is not None]

    def answer_back(self, answer: Status) -> Post | None:
        """Return what the customer whom the desk answered says to it, if anything; texts and seed decide."""
        parent = self._network.statuses.get(answer.in_reply_to or 0)
        if parent is None or parent.account.id in self._network.boxes:
            return None
        if self.reaction is not None:
            known, post = self.reaction(parent, answer)
            if known:
                return post
        number = zlib.crc32(f"{self._seed}:{parent.kind}:{parent.text}".encode())
        dice, kind = number % 100, ""
        for name, share in zip(ANSWERS, _TEMPER.get(parent.kind, (0, 0, 0)), strict=True):
            if dice < share:
                kind = name
                break
            dice -= share
        if not kind:
            return None
        spoken = language(parent.language if parent.language in self._network.options.languages else "en")
        chance = random.Random(number)
        text = self._script.fill(chance, spoken, chance.choice(spoken.texts[kind]), number % 900_000)
        return Post(
            text=f"@{answer.account.username} {text}",
            visibility=parent.visibility,
            reply_to=answer,
            language=spoken.code,
            kind=kind,
        )

    def _post(self, scene: Scene, author: Account, at: int) -> Status:
        network = self._network
        media: tuple[Media, ...] = ()
        if scene.alt is not None:
            number = network.ids.at(at or network.clock.now_ms())
            media = (Media(number, author.id, "image", "image/png", b"", 640, 400, scene.alt),)
        parent = network.statuses.get(self._posted.get(scene.target or 0, 0))
        status = network.post(
            author,
            Post(
                text=scene.text,
                visibility=scene.visibility,
                reply_to=parent,
                language=scene.who.language,
                media=media,
                kind=scene.kind,
                at=at,
            ),
        )
        self._posted[scene.ordinal] = status.id
        if len(self._posted) > ORDINALS_KEPT:
            self._posted.popitem(last=False)
        return status

    def _on(self, scene: Scene, author: Account, target: Status) -> None:
        network = self._network
        if scene.act == "edit":
            network.edit(target, scene.text)
        elif scene.act == "delete" and not target.replies:
            network.delete(target)
        elif scene.act == "report":
            self._moderation.report(author, target.account, scene.text, "spam", (target.id,))
        elif scene.act == "favourite":
            reactions.favourite(network, author, target)
        elif scene.act == "boost" and target.visibility == "public":
            network.reblog(author, target)


def mentions_agent(text: str) -> str:
    """Return a text that addresses the desk's account."""
    return text if f"@{AGENT}" in text else f"@{AGENT} {text}"
