"""How posts fare: every state of a row has a word, the living row counts, what has left is known."""

from workstation.domain.messages import Visibility
from workstation.domain.outbox import Act, Operation, Outgoing, State
from workstation.domain.posts import OPEN, Fate, Part, Post, Posted, fate, latest_rows

NOW = 1_000_000_000


def row(number: int, state: State, channel: int = 1, latest: int = 0) -> Outgoing:
    return Outgoing(number, channel, Operation(str(number), Act.POST), state, latest=latest, post=1)


def test_every_state_has_a_fate() -> None:
    assert {fate(row(1, state), NOW) for state in State} == set(Fate) - {Fate.SCHEDULED, Fate.MISSED}
    assert fate(row(1, State.QUEUED, latest=NOW), NOW) is Fate.SCHEDULED
    assert fate(row(1, State.QUEUED, latest=NOW - 1), NOW) is Fate.MISSED
    assert fate(row(1, State.SENT, latest=NOW - 1), NOW) is Fate.SENT


def test_of_each_channel_the_living_row_counts() -> None:
    rows = (row(1, State.CANCELLED), row(2, State.SENT), row(3, State.CANCELLED), row(4, State.CANCELLED, 2))
    assert [(one.id, one.channel) for one in latest_rows(rows)] == [(2, 1), (4, 2)]


def test_what_has_left_and_what_can_still_be_changed() -> None:
    posted = Posted(Post(1), (row(1, State.SENT), row(2, State.UNKNOWN, 2), row(3, State.QUEUED, 3, NOW)))
    assert posted.left == {1, 2}
    assert posted.open(NOW)
    assert posted.tally(NOW) == {Fate.SCHEDULED: 1, Fate.SENT: 1, Fate.UNKNOWN: 1}
    assert not Posted(Post(1), (row(1, State.SENT), row(2, State.FAILED, 2))).open(NOW)
    assert OPEN.isdisjoint({Fate.SENT, Fate.UNKNOWN, Fate.SENDING, Fate.CANCELLED, Fate.FAILED})


def test_a_channel_says_what_all_say_unless_it_differs() -> None:
    common, own = Part(1), Part(2, text="", spoiler="careful", visibility=Visibility.UNLISTED)
    post = Post(text="news", spoiler="", parts=(common, own))
    assert (post.text_on(common), post.spoiler_on(common)) == ("news", "")
    assert (post.text_on(own), post.spoiler_on(own)) == ("", "careful")
    assert post.part(2) is own
    assert post.part(3) is None
    assert Post(parts=(Part(1),)).empty
    assert not Post(parts=(Part(1, text="x"),)).empty
