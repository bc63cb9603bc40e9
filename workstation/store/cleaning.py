"""What a database cannot hold is made so that it can: lone surrogates, NULs in keys, numbers beyond 64 bits."""

from typing import TypeVar

import msgspec

LARGEST = 2**63 - 1

S = TypeVar("S", bound=msgspec.Struct)


def clean_text(text: str) -> str:
    """Text with lone surrogates and NULs replaced."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")


def _clean(value: object) -> object:
    if isinstance(value, str) and type(value) is str:
        return clean_text(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return max(-LARGEST, min(value, LARGEST))
    if isinstance(value, tuple):
        return tuple(_clean(part) for part in value)
    if isinstance(value, msgspec.Struct):
        return clean_struct(value)
    return value


def clean_struct(struct: S) -> S:
    """The struct with every text and number in it made storable."""
    return type(struct)(**{name: _clean(getattr(struct, name)) for name in struct.__struct_fields__})
