"""What labels of moderators and authors mean for the desk; pure."""

from collections.abc import Iterable

from workstation.connectors.bluesky.entities import Label
from workstation.domain.messages import Mark

SENSITIVE = frozenset({
    "!warn", "porn", "sexual", "nudity", "graphic-media", "gore", "nsfl", "sexual-figurative", "self-harm",
    "intolerant", "intolerance", "corpse", "threat", "sensitive", "extremist",
})  # fmt: skip
"""com.atproto.label.defs, and what Bluesky's moderation service uses: shown behind a warning."""
HIDDEN = frozenset({"!hide", "!takedown", "!suspend"})
"""Not shown to others at all."""
OWN = ("sexual", "nudity", "porn", "graphic-media")
"""What an author may put on a post."""
BOT = "bot"


def values(*found: Iterable[Label] | None) -> frozenset[str]:
    """The values that hold: one that was taken back does not."""
    labels = [label for some in found for label in some or ()]
    taken = {label.val for label in labels if label.neg}
    return frozenset(label.val for label in labels if not label.neg and label.val not in taken)


def marks(held: frozenset[str]) -> tuple[Mark, ...]:
    """The desk's marks."""
    if not held:
        return ()
    found = ((held & HIDDEN, Mark.HIDDEN), (held & SENSITIVE, Mark.SENSITIVE))
    return tuple(mark for some, mark in found if some)


def own(spoiler: str) -> str:
    """The label of a post with a warning: the one that it names, else the one that hides pictures."""
    words = spoiler.casefold()
    return next((name for name in OWN if name in words), "graphic-media")
