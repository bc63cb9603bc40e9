"""The sentence for an error that was stored by its code, for rows of the outbox and the ledger."""

from collections.abc import Iterator, Mapping

from workstation.domain import errors
from workstation.domain.errors import MeridianError
from workstation.domain.text import N_, LazyText, lazy


def _kinds(kind: type[MeridianError]) -> Iterator[type[MeridianError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _kinds(below)


_BY_CODE = {kind.code: kind for kind in _kinds(errors.MeridianError)}


def sentence(code: str, detail: Mapping[str, str | int]) -> LazyText:
    """What to tell people of a stored error; a plain sentence where values are missing or the code is unknown."""
    kind = _BY_CODE.get(code)
    if kind is None:
        return lazy(N_("Something went wrong."))
    wanted = {name for name in detail if f"{{{name}}}" in kind.sentence}
    if kind.sentence.count("{") != len(wanted):
        return lazy(errors.ChannelError.sentence)
    return lazy(kind.sentence, **{name: detail[name] for name in wanted})
