"""Keys as text that can be read, compared and handed on: a line for each action, its keys after it.

    case.claim = A | Ctrl+Shift+A
    case.media =

An action that is not named keeps its defaults; one with nothing after the sign has no key. What cannot be used is told
with its line, and nothing is put in force unless all of it can be.
"""

import msgspec
from PySide6.QtGui import QKeySequence

from workstation.domain.text import LazyText, lazy
from workstation.views.key_clashes import clashes
from workstation.views.keys import ACTIONS, BY_ID, Bindings, bound

LONGEST = 64 << 10
"""Characters of a text that are looked at."""
MOST_KEYS = 4
MOST_STEPS = 3


class Fault(msgspec.Struct, frozen=True):
    """Why a line cannot be used; `line` counts from 1, 0 for the whole."""

    line: int
    text: LazyText


class Reading(msgspec.Struct, frozen=True):
    """What a text says."""

    bindings: dict[str, tuple[str, ...]]
    faults: tuple[Fault, ...]


def write(bindings: Bindings, *, changed_only: bool = False) -> str:
    """The keys in force, in the order of the table; with `changed_only`, those that differ from the defaults."""
    keys = bound(bindings)
    lines = [
        f"{spec.id} = {' | '.join(keys[spec.id])}".rstrip()
        for spec in ACTIONS
        if not changed_only or keys[spec.id] != spec.keys
    ]
    return "\n".join(["# Meridian: keys", *lines]) + "\n"


def read(text: str) -> Reading:
    """The bindings that `text` asks for, only where they differ from the defaults, and what is wrong with it."""
    found: dict[str, tuple[str, ...]] = {}
    faults: list[Fault] = []
    for number, raw in enumerate(text[:LONGEST].splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        name, equals, rest = line.partition("=")
        name = name.strip()
        if not equals or name not in BY_ID:
            faults.append(Fault(number, lazy("There is no action “{name}”.", name=name[:60])))
            continue
        keys, wrong = _keys(rest)
        faults += [Fault(number, lazy("“{key}” is not a key.", key=key[:40])) for key in wrong]
        found[name] = keys
    for clash in clashes(bound(found)):
        names = {"first": BY_ID[clash.first].label, "second": BY_ID[clash.second].label}
        faults.append(Fault(0, lazy("{key} would do both “{first}” and “{second}”.", key=clash.keys, **names)))
    return Reading({name: keys for name, keys in found.items() if keys != BY_ID[name].keys}, tuple(faults))


def _keys(text: str) -> tuple[tuple[str, ...], list[str]]:
    """The keys after the sign, in Qt's portable spelling, and those that are none."""
    good: list[str] = []
    wrong: list[str] = []
    for part in filter(None, (part.strip() for part in text.split(" | "))):
        keys = normal(part)
        if keys and len(good) < MOST_KEYS:
            good.append(keys)
        else:
            wrong.append(part)
    return tuple(dict.fromkeys(good)), wrong


def normal(text: str) -> str:
    """A key sequence in Qt's portable spelling; "" if it is none."""
    sequence = QKeySequence(text, QKeySequence.SequenceFormat.PortableText)
    written = sequence.toString(QKeySequence.SequenceFormat.PortableText)
    steps = written.split(", ")
    if sequence.isEmpty() or len(steps) > MOST_STEPS or len(steps) != len(text.split(", ")):
        return ""
    return written if all(step and not step.endswith("+Unknown") and ord(step[0]) < 0xE000 for step in steps) else ""
