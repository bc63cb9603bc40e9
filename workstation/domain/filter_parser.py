"""Reads the text of a filter: a lexer with positions and a recursive descent with a limited depth."""

import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NoReturn, TypeVar

from workstation.domain.errors import FilterError
from workstation.domain.filter_terms import (
    CHOICES,
    FIELDS,
    UNITS,
    Flag,
    Has,
    Is,
    Name,
    Named,
    Part,
    Priority,
    Published,
    Term,
    Word,
    all_of,
    any_of,
    negated,
)
from workstation.domain.messages import Micros
from workstation.domain.text import N_

LONGEST = 2_000
"""Characters of a filter."""
DEEPEST = 20
"""Parentheses and minus signs within each other."""
LARGEST_PRIORITY = 1_000_000
LARGEST_AGO: Micros = 100 * 366 * UNITS["d"]

_FIELD = re.compile(r"([A-Za-z]+):(?!//)")
_BARE = re.compile(r'[^\s"()]+')
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_SPACE = re.compile(r"\s+")
_AGO = re.compile(r"-(\d{1,6})([wdhms])", re.ASCII)
_COMPARED = re.compile(r"(>=|<=|>|<|=)?(-?\d{1,7})", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

E = TypeVar("E", bound=StrEnum)


class Parser:
    """One reading of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.depth = 0

    def fail(self, why: str, position: int | None = None) -> NoReturn:
        """Raise FilterError at a position, by default where we are."""
        position = self.position if position is None else position
        raise FilterError(at=self.text[position : position + 20], why=why, position=position)

    def whole(self) -> Term | None:
        """The whole text; None for an empty one."""
        term = self.alternatives()
        if self.position < len(self.text):
            self.fail(N_("there is no opening parenthesis for this one"))
        return term

    def alternatives(self) -> Term | None:
        """Terms joined by OR, up to a closing parenthesis or the end."""
        found: list[Term] = []
        while True:
            term = self.sequence()
            keyword = self.keyword("OR")
            if term is None:
                if found or keyword:
                    self.fail(N_("something is missing beside OR"))
                return None
            found.append(term)
            if not keyword:
                return any_of(found)

    def sequence(self) -> Term | None:
        """Terms side by side, up to OR, a closing parenthesis or the end."""
        found: list[Term] = []
        while True:
            self.skip()
            if self.keyword("AND"):
                continue
            if self.position >= len(self.text) or self.text[self.position] == ")" or self.at("OR"):
                return all_of(found)
            found.append(self.term())

    def term(self) -> Term:
        """One term, with its minus sign."""
        start = self.text[self.position]
        if start not in "-(":
            return self.leaf()
        opened = self.position
        self.depth += 1
        if self.depth > DEEPEST:
            self.fail(N_("this is nested too deeply"))
        self.position += 1
        inner = self.after_minus(opened) if start == "-" else self.group(opened)
        self.depth -= 1
        return inner

    def after_minus(self, opened: int) -> Term:
        if self.position >= len(self.text) or self.text[self.position] in ")" or self.text[self.position].isspace():
            self.fail(N_("nothing follows the minus sign"), opened)
        return negated(self.term())

    def group(self, opened: int) -> Term:
        inner = self.alternatives()
        if self.position >= len(self.text):
            self.fail(N_("the closing parenthesis is missing"), opened)
        self.position += 1
        if inner is None:
            self.fail(N_("there is nothing in the parentheses"), opened)
        return inner

    def leaf(self) -> Term:
        """A word, a phrase, or a field with its value."""
        start = self.position
        field = _FIELD.match(self.text, start)
        if field is None:
            value = self.value()
            if not value:
                self.fail(N_("there is nothing in the quotation marks"), start)
            return Word(value)
        name = field[1].lower()
        if name not in FIELDS:
            self.fail(N_("there is no such field"), start)
        self.position = field.end()
        value = self.value()
        if not value:
            self.fail(N_("the value is missing"), start)
        return self.field(name, value, start)

    def value(self) -> str:
        """A bare word or a quoted text; empty where there is none."""
        if found := _QUOTED.match(self.text, self.position):
            self.position = found.end()
            return re.sub(r"\\(.)", r"\1", found[1], flags=re.DOTALL)
        if self.position < len(self.text) and self.text[self.position] == '"':
            self.fail(N_("the closing quotation mark is missing"))
        if bare := _BARE.match(self.text, self.position):
            self.position = bare.end()
            return bare[0]
        return ""

    def field(self, name: str, value: str, start: int) -> Term:
        """The term of a field."""
        if name in ("before", "after"):
            return self.published(name == "before", value, start)
        if name == "priority":
            return self.priority(value, start)
        if name in CHOICES:
            value = value.lower()
            if value not in CHOICES[name]:
                self.fail(N_("this field has no such value"), start)
        if name == "is":
            return Is(Flag(value))
        if name == "has":
            return Has(Part(value))
        return Named(Name(name), value)

    def priority(self, value: str, start: int) -> Term:
        found = _COMPARED.fullmatch(value)
        if found is None or abs(int(found[2])) > LARGEST_PRIORITY:
            self.fail(N_("a priority is a number, such as 2 or >=2"), start)
        return Priority(found[1] or "=", int(found[2]))

    def published(self, before: bool, value: str, start: int) -> Term:
        if found := _AGO.fullmatch(value):
            ago = int(found[1]) * UNITS[found[2]]
            if 0 < ago <= LARGEST_AGO:
                return Published(before, ago=ago)
            self.fail(N_("a time is a date such as 2025-03-01, or -2h or -7d"), start)
        try:
            moment = datetime.fromisoformat(value.upper())
            moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail(N_("a time is a date such as 2025-03-01, or -2h or -7d"), start)
        return Published(before, at=(moment - _EPOCH) // timedelta(microseconds=1))

    def skip(self) -> None:
        """Go over white space."""
        if found := _SPACE.match(self.text, self.position):
            self.position = found.end()

    def at(self, keyword: str) -> bool:
        """Whether the keyword stands here as a word of its own."""
        found = _BARE.match(self.text, self.position)
        return found is not None and found[0] == keyword

    def keyword(self, keyword: str) -> bool:
        """Go over the keyword if it stands here."""
        if self.at(keyword):
            self.position += len(keyword)
            return True
        return False


def read(text: str) -> Term | None:
    """The term that a text says, None for an empty one; raises FilterError, whatever the text is."""
    if len(text) > LONGEST:
        raise FilterError(at=text[:20], why=N_("the filter is too long"), position=LONGEST)
    return Parser(text.encode("utf-8", "replace").decode("utf-8")).whole()
