"""What a course is made of: people with a temper, and beats that say when they write and what about."""

from dataclasses import dataclass

OWN = "own"
"""The trainee's own language."""
FOREIGN = "foreign"
"""Another one than the trainee's."""


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody of a course: in which language they write, and what they say to our answers, one after the other.

    `moods` are keys of the scenario's texts; when they run out the person says nothing more.
    """

    number: int
    language: str = OWN
    moods: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Beat:
    """One message: `at` seconds after the start, of which `kind` of text, the nth of them (the rest by turns)."""

    at: float
    who: str
    kind: str
    nth: int = 0
    visibility: str = "public"
    picture: bool = False


@dataclass(frozen=True, slots=True)
class Course:
    """A script with its people; the same each time it is played."""

    name: str
    people: dict[str, Persona]
    beats: tuple[Beat, ...]

    def __post_init__(self) -> None:
        """Refuse beats of people who are not in it."""
        unknown = {beat.who for beat in self.beats} - self.people.keys()
        if unknown:
            raise ValueError(f"unknown people: {', '.join(sorted(unknown))}")
