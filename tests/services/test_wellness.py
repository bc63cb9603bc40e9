"""Softening: words covered, pictures marked as violent recognised, counts that forget, and breaks that come in time."""

from hypothesis import given
from hypothesis import strategies as st

from tests.services.parts import SetClock
from workstation.domain.messages import Author, Kind, Mark, Media, MediaKind, Message
from workstation.services.clock import MINUTE
from workstation.services.wellness import COVER, Breaks, Exposure, Seen, marked_as_gore, muted, parse_words


def _message(text: str = "", *, alt: str = "", spoiler: str = "", marks: tuple[Mark, ...] = ()) -> Message:
    media = (Media(MediaKind.IMAGE, "https://x.invalid/a.png", alt=alt),)
    author = Author("mastodon", "1", "@a", "A")
    return Message(1, 1, "1", Kind.MENTION, author, text, 0, 0, spoiler=spoiler, marks=marks, media=media)


def test_muted_words_are_covered_as_whole_words() -> None:
    words = parse_words("kill*, damn\nスパム; , kill*")
    assert words == ("kill*", "damn", "スパム")
    assert muted("I will KILLING damn it, damned", words) == f"I will {COVER} {COVER} it, damned"
    assert muted("これはスパムです", words) == f"これは{COVER}です"
    assert muted("skill", words) == "skill"
    assert muted("anything", ()) == "anything"


@given(st.text(max_size=60), st.lists(st.text(max_size=12), max_size=4))
def test_any_words_can_be_muted(text: str, words: list[str]) -> None:
    parsed = parse_words("\n".join(words))
    assert isinstance(muted(text, parsed), str)
    for word in parsed:
        if word.isalpha() and word.isascii():
            assert word not in muted(f"x {word} y", parsed).split()


def test_violence_is_known_by_what_was_said_of_it() -> None:
    assert marked_as_gore(_message(alt="Blood on the floor", marks=(Mark.SENSITIVE,)))
    assert marked_as_gore(_message(spoiler="Gewaltdarstellung"))
    assert marked_as_gore(_message(), ("violence",))
    assert not marked_as_gore(_message(alt="Blood on the floor"))
    assert not marked_as_gore(_message(spoiler="Spoilers for the series"))
    assert not marked_as_gore(_message(alt="A tent", marks=(Mark.SENSITIVE,)))


def test_counting_is_off_at_first_and_forgets() -> None:
    exposure = Exposure(SetClock())
    exposure.saw(Seen.CASES, 1)
    assert not exposure.counts
    exposure.switch(True)
    for case in (1, 1, 2):
        exposure.saw(Seen.CASES, case)
    assert exposure.counts[Seen.CASES] == 2
    exposure.switch(False)
    assert not exposure.counts


def test_a_break_is_due_after_the_time_worked_and_not_after_one_taken() -> None:
    clock = SetClock()
    told: list[int] = []
    breaks = Breaks(clock)
    breaks.subscribe(told.append)
    for _ in range(90):
        clock.at += MINUTE
        breaks.active()
        breaks.look()
    assert told == []
    breaks.minutes = 50
    breaks.taken()
    for _ in range(49):
        clock.at += MINUTE
        breaks.active()
        breaks.look()
    assert told == []
    clock.at += MINUTE
    breaks.active()
    breaks.look()
    breaks.look()
    assert told == [50]
    breaks.later(10)
    for _ in range(10):
        clock.at += MINUTE
        breaks.active()
        breaks.look()
    assert told == [50, 50]
    clock.at += 6 * MINUTE
    breaks.look()
    clock.at += MINUTE
    breaks.active()
    breaks.look()
    assert told == [50, 50]
