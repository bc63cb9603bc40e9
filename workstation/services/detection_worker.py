"""What the process does that tells languages: it holds the models, and yields to the window's process."""

import contextlib
import os
from functools import lru_cache
from typing import TYPE_CHECKING

from workstation.domain.languages import Prior, named

if TYPE_CHECKING:
    # The window's process imports this file to name its function, and nothing of what that needs.
    from workstation.services.detection import Detector

Question = tuple[str, str, dict[str, int], dict[str, int]]
"""A text, the network's hint, counts by language of its author and its channel."""
Answer = tuple[str, float, bool, str] | None
"""Language, confidence, whether it is sure, why; None where the network's hint stands."""
_NICE = 10


@lru_cache(maxsize=2)
def _detector(candidates: tuple[str, ...]) -> "Detector":
    from workstation.services.detection import Detector

    if hasattr(os, "nice"):
        with contextlib.suppress(OSError):
            os.nice(_NICE)
    return Detector(candidates)


def answer(candidates: tuple[str, ...], questions: list[Question]) -> list[Answer]:
    """The language of each text."""
    detector = _detector(candidates)
    return [_answer(detector, *question) for question in questions]


def _answer(detector: "Detector", text: str, hint: str, author: dict[str, int], channel: dict[str, int]) -> Answer:
    from workstation.services.detection import contradicts

    hint = named(hint)  # "unknown" is no hint, though networks give it as one
    prior = Prior(hint, author, channel)
    found = detector.detect(text, prior)
    if hint and not contradicts(found, prior):
        return None
    return found.language, found.confidence, found.sure, found.why
