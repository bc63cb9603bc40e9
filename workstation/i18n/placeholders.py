"""Filling named placeholders: ``{name}`` and nothing else, each value kept in its own direction.

Not `str.format`: templates come from translators and values from strangers, and ``{name.__class__}`` must
stay text. Values are wrapped in FSI and PDI (Unicode bidirectional isolates), so that an Arabic name does
not turn an English sentence around it; bidirectional controls inside a value cannot reach out of it.
"""

import re
from collections.abc import Mapping

FSI, PDI = "\u2068", "\u2069"
_PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_OPENERS = "\u2066\u2067\u2068"


def placeholders(template: str) -> list[str]:
    """Return the names of the placeholders in `template`, sorted, repeated as often as they occur."""
    return sorted(_PLACEHOLDER.findall(template))


def fill(template: str, values: Mapping[str, str]) -> str:
    """Return `template` with its placeholders replaced by isolated `values`; an unknown name stays as
    written.
    """

    def replace(match: re.Match[str]) -> str:
        value = values.get(match[1])
        return match[0] if value is None else isolate(value)

    return _PLACEHOLDER.sub(replace, template)


def isolate(value: str) -> str:
    """Return `value` between FSI and PDI, freed of overrides and of isolates that do not close inside it."""
    if _CONTROLS.search(value):
        value = _balanced(value)
    return f"{FSI}{value}{PDI}"


def plain(text: str) -> str:
    """Return `text` without bidirectional controls, for files, logs of commands and comparisons."""
    return _CONTROLS.sub("", text)


def _balanced(value: str) -> str:
    kept: list[str] = []
    depth = 0
    for char in value:
        if char in _OPENERS:
            depth += 1
        elif char == PDI:
            if not depth:
                continue
            depth -= 1
        elif _CONTROLS.match(char):
            continue
        kept.append(char)
    return "".join(kept) + PDI * depth
