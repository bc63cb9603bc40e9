"""What searches find; pure."""

from collections.abc import Iterable

from workstation.connectors.email.imap.answers import Data, number, uids


def searched(data: Iterable[Data]) -> list[int]:
    """The numbers that a search found, in order."""
    found: set[int] = set()
    for item in data:
        if item.name == "SEARCH":
            found.update(number(value) for value in item.values if not isinstance(value, list))
        elif item.name == "ESEARCH":
            words = [value for value in item.values if isinstance(value, str)]
            if "ALL" in words:
                found.update(uids(words[words.index("ALL") + 1]) if words[-1] != "ALL" else ())
    return sorted(found - {0})


def compact(capabilities: frozenset[str]) -> tuple[str, ...]:
    """What asks for spans instead of every number, where a server can."""
    return ("RETURN (ALL)",) if "ESEARCH" in capabilities else ()
