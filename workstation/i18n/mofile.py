"""gettext's binary catalogs by Babel, the same bytes for the same content."""

import copy
import io
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def load_compiled(path: Path) -> Catalog:
    """Return the catalog in the ``.mo`` file `path`; raises OSError, also for a damaged one."""
    with path.open("rb") as file:
        catalog = read_mo(file)
    for message in catalog:
        message.context = _decoded(message.context)
    return catalog


def _decoded(context: object) -> str | None:
    """Return `context` as text: Babel leaves it as bytes, whatever its annotation says."""
    return context.decode() if isinstance(context, bytes) else None if context is None else str(context)


def compile_catalog(catalog: Catalog) -> bytes:
    """Return `catalog` compiled, without fuzzy, empty and partly filled translations: those come from fallbacks."""
    done = copy.deepcopy(catalog)
    done.creation_date = done.revision_date = _EPOCH
    for message in done:
        # Babel would fill gaps in plurals with the English form.
        if not isinstance(message.string, str | None) and not all(message.string):
            message.string = ()
    buffer = io.BytesIO()
    write_mo(buffer, done)
    return buffer.getvalue()
