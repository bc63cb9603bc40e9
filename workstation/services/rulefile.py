"""Rules as a text file that can be compared and shared: TOML, in the order in which they are asked."""

import tomllib
from collections.abc import Sequence
from typing import Any

import msgspec

from workstation.domain.errors import FilterError, MeridianError
from workstation.domain.filters import parse as parse_filter
from workstation.domain.rules import (
    HIGHEST_PRIORITY,
    LONGEST_NAME,
    LONGEST_TAG,
    MOST_RULES,
    MOST_TAGS,
    Rule,
)
from workstation.domain.text import N_

LARGEST = 1_000_000
"""Bytes of a file to import."""


class RuleFileError(MeridianError):
    """A file of rules cannot be read."""

    code = "rule_file"
    sentence = N_("The rules in {file} cannot be read: {why}")


class Difference(msgspec.Struct, frozen=True):
    """One rule that a file would add, change or move: before (None: new), after, and the fields that differ."""

    before: Rule | None
    after: Rule
    fields: tuple[str, ...] = ()
    moved: bool = False


class _File(msgspec.Struct, forbid_unknown_fields=True):
    rules: list[Rule] = []


def parse(data: bytes, name: str) -> tuple[Rule, ...]:
    """Rules from TOML; RuleFileError says what is wrong and where. Filters that cannot be read are errors too."""
    try:
        if len(data) > LARGEST:
            raise ValueError("too large")
        rules = msgspec.convert(tomllib.loads(data.decode("utf-8")), _File).rules
        if len(rules) > MOST_RULES:
            raise ValueError(f"more than {MOST_RULES} rules")
        if len({rule.id for rule in rules}) < len(rules):
            raise ValueError("two rules with one id")
        for rule in rules:
            _check(rule)
    except FilterError as error:
        raise RuleFileError(file=name, why=error.text) from error
    except ValueError as error:
        raise RuleFileError(file=name, why=str(error)[:200]) from error
    return tuple(rules)


def _check(rule: Rule) -> None:
    tags = (*rule.add, *rule.remove, rule.team)
    sound = (
        0 < len(rule.id) <= LONGEST_NAME
        and 0 < len(rule.name) <= LONGEST_NAME
        and len(tags) <= MOST_TAGS
        and all(len(tag) <= LONGEST_TAG and not any(map(str.isspace, tag)) for tag in tags)
        and (rule.priority is None or abs(rule.priority) <= HIGHEST_PRIORITY)
    )
    if not sound:
        raise ValueError(f"rule {rule.id[:40]!r}: a name, a tag or the priority is out of bounds")
    parse_filter(rule.when)


def table(rules: Sequence[Rule]) -> dict[str, Any]:
    """What `parse` reads."""
    return {"rules": [_plain(rule) for rule in rules]}


def _plain(rule: Rule) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(rule)
    return {name: value for name, value in found.items() if value is not None}


def compare(now: Sequence[Rule], new: Sequence[Rule]) -> tuple[Difference, ...]:
    """What taking over a file would change, in its order; rules that it does not name stay as they are."""
    known = {rule.id: rule for rule in now}
    before = [rule.id for rule in now if any(rule.id == other.id for other in new)]
    after = [rule.id for rule in new if rule.id in known]
    found = []
    for rule in new:
        old = known.get(rule.id)
        if old is None:
            found.append(Difference(None, rule))
            continue
        fields = tuple(name for name in Rule.__struct_fields__ if getattr(old, name) != getattr(rule, name))
        moved = before.index(rule.id) != after.index(rule.id)
        if fields or moved:
            found.append(Difference(old, rule, fields, moved))
    return tuple(found)


def merged(now: Sequence[Rule], new: Sequence[Rule]) -> tuple[Rule, ...]:
    """The rules after taking over a file: its rules in its order, where the first of them stood; others stay."""
    named = {rule.id for rule in new}
    at = next((place for place, rule in enumerate(now) if rule.id in named), len(now))
    kept = [rule for rule in now[:at] if rule.id not in named]
    rest = [rule for rule in now[at:] if rule.id not in named]
    return (*kept, *new, *rest)
