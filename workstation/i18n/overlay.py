"""A team's own corrections: a ``.po`` file laid over a shipped catalog, without waiting for a release.

The file is ``<profile>/locales/<tag>.po`` and holds only what is to be said otherwise; any editor of catalogs writes
it, and a shipped ``.po`` is a good beginning. What does not fit its source (a placeholder that is missing, say) is left
out and told, the rest is used.
"""

import gettext
import io
from pathlib import Path

from babel.messages.catalog import Catalog as Messages
from babel.messages.catalog import Message

from workstation.i18n import extraction, tags
from workstation.i18n.catalog import Catalog
from workstation.i18n.check import check_message
from workstation.i18n.mofile import compile_catalog

LARGEST = 8 << 20
"""Bytes of a file that are read."""


def path_of(folder: Path, tag: str) -> Path:
    """Where the corrections for `tag` are or would be."""
    return folder / f"{tag}.po"


def lay_over(
    path: Path, tag: str, shipped: gettext.NullTranslations
) -> tuple[gettext.NullTranslations, tuple[str, ...]]:
    """The shipped texts with the corrections of a file over them, and what of it could not be used, a line each."""
    try:
        if path.stat().st_size > LARGEST:
            return shipped, (f"{path.name}: larger than {LARGEST} bytes",)
        corrections = extraction.read(path, tag)
    except (OSError, ValueError) as error:
        return shipped, (f"{path.name}: {error}",)
    good, faults = _sifted(corrections, tag)
    over = Catalog(io.BytesIO(compile_catalog(good)))
    over.add_fallback(shipped)
    return over, faults


def _sifted(corrections: Messages, tag: str) -> tuple[Messages, tuple[str, ...]]:
    good, faults = extraction.empty(tag), []
    for message in extraction.messages_of(corrections):
        forms = extraction.forms_of(message)
        if message.fuzzy or not forms:
            continue  # not decided yet: the shipped text stands
        checked = Message(message.id, message.string, context=message.context)
        found = [str(fault) for fault in check_message(tags.normalise(tag), checked, good.num_plurals)]
        if found:
            faults += found
            continue
        good.add(message.id, message.string, context=message.context)
    return good, tuple(faults)
