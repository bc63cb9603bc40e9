"""Why a filter fits an entry or does not: its parts, one by one, with what each says of it."""

import msgspec

from workstation.domain.cases import Entry
from workstation.domain.filter_terms import All, AnyOf, Not, Term, written
from workstation.domain.filters import Context, Filter


class Part(msgspec.Struct, frozen=True):
    """A part of a filter as its text writes it; `depth` counts what it lies in.

    `joined` says how the parts inside belong together: "all", "any" or "not"; empty for a part without parts.
    """

    text: str
    fits: bool
    depth: int = 0
    joined: str = ""


def explain(filter_: Filter, entry: Entry, context: Context) -> tuple[Part, ...]:
    """The parts in the order they are written; empty for a filter that lets everything through."""
    return () if filter_.term is None else tuple(_parts(filter_.term, entry, context, 0))


def _parts(term: Term, entry: Entry, context: Context, depth: int) -> list[Part]:
    fits = Filter(term).predicate(context)(entry)
    match term:
        case All(terms=terms):
            joined, inner = "all", list(terms)
        case AnyOf(terms=terms):
            joined, inner = "any", list(terms)
        case Not(term=negated):
            joined, inner = "not", [negated]
        case _:
            return [Part(written(term), fits, depth)]
    if joined == "not" and not isinstance(inner[0], All | AnyOf):
        return [Part(written(term), fits, depth)]
    found = [Part(written(term), fits, depth, joined)]
    for each in inner:
        found += _parts(each, entry, context, depth + 1)
    return found
