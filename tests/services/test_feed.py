"""The change feed: everyone is told, in steps, and nobody disturbs the others."""

from workstation.domain.changes import ChangeSet
from workstation.services.feed import Feed


def test_everyone_is_told_although_one_fails() -> None:
    feed, told = Feed(), list[int]()

    def failing(_: ChangeSet) -> None:
        raise ValueError

    feed.subscribe(failing)
    feed.subscribe(lambda changes: told.append(changes.sequence))
    feed.publish(ChangeSet(3))
    feed.publish(ChangeSet(4))
    assert (told, feed.sequence) == ([3, 4], 4)


def test_who_ends_or_comes_while_a_change_is_told_does_not_hear_of_it() -> None:
    feed, told = Feed(), list[str]()
    feed.subscribe(lambda _: told.append("first"))
    end = feed.subscribe(lambda _: told.append("second"))
    feed.subscribe(lambda _: told.append("third"))
    steps = feed.tell(ChangeSet(1))
    next(steps)
    assert told == ["first"]
    end()
    feed.subscribe(lambda _: told.append("late"))
    assert len(list(steps)) == 1
    assert told == ["first", "third"]
