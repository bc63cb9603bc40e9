"""The first moment of a start: the profile is ours and the frame is on the screen; all else is imported later."""

import gc
from pathlib import Path
from typing import TYPE_CHECKING

from workstation.services.profile import Lock, Profile

if TYPE_CHECKING:
    from workstation.qt.frame import Frame


class FirstMoment:
    """A profile that we own, and a frame that waits for its desk."""

    def __init__(self, profile: Profile, lock: Lock, frame: "Frame") -> None:
        self.profile = profile
        self.lock = lock
        self.frame = frame


def appear(words: list[str]) -> FirstMoment | None:
    """Show the frame for a command line that opens the window.

    None for every other one, and where the profile is in use or cannot be: the command line knows what to say then.
    """
    match words:
        case []:
            profile = Profile.standard()
        case ["--profile", folder] if folder and not folder.startswith("-"):
            profile = Profile(Path(folder).absolute())
        case _:
            return None
    lock = Lock(profile)
    try:
        profile.prepare()
        if not lock.acquire():
            return None
    except OSError:
        return None
    from workstation.qt.application import application
    from workstation.qt.frame import Frame

    application([])
    frame = Frame(profile.frame)
    frame.appear()
    # What is made from here on stays: nothing to collect before the loop's own collector takes over.
    gc.disable()
    return FirstMoment(profile, lock, frame)
