"""Finding the texts in the source, and reading and writing catalogs in a form that does not change without need.

Only for `update`, `check` and `drafts`: the running program reads compiled catalogs.
"""

import io
import re
from collections.abc import Iterable
from contextlib import redirect_stderr
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import PoFileError, read_po, write_po
from babel.plural import to_gettext

from workstation.i18n import tags
from workstation.i18n.catalog import DOMAIN, LOCALES
from workstation.i18n.mofile import compile_catalog, load_compiled

PACKAGE = Path(__file__).parents[1]
TEMPLATE = LOCALES / f"{DOMAIN}.pot"
KEYWORDS = {
    "_": None,
    "N_": None,
    "gettext": None,
    "lazy": None,
    "ngettext": (1, 2),
    "N_plural": (1, 2),
    "lazy_plural": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_in": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
# Header lines that would change at every run, with the clock or with Babel.
_VOLATILE = (
    "POT-Creation-Date",
    "PO-Revision-Date",
    "Generated-By",
    "Language-Team",
    "Last-Translator",
    "Project-Id-Version",
    "Report-Msgid-Bugs-To",
)

_EXPONENT = re.compile(r"\be\b")

Key = tuple[str, tuple[str, ...]]


def key_of(message: Message) -> Key:
    """Return what tells messages apart: the context and the ids (two for a plural)."""
    ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    return message.context or "", ids


def forms_of(message: Message) -> tuple[str, ...]:
    """Return the translation, one text per plural form; () when there is none."""
    text = message.string
    forms = (text or "",) if isinstance(text, str | None) else tuple(form or "" for form in text)
    return forms if any(forms) else ()


def messages_of(catalog: Catalog) -> list[Message]:
    """Return the messages of `catalog` without its header."""
    return [message for message in catalog if message.id]


def extract(package: Path = PACKAGE) -> Catalog:
    """Return all texts marked in the Python files under `package`, with the files (not the lines) they stand in."""
    found = Catalog(project="Meridian", charset="utf-8", header_comment="")
    # Babel warns of empty message ids on stderr; ``lazy("")`` is an empty text here and never asks the catalog.
    with redirect_stderr(io.StringIO()):
        marked = list(
            extract_from_dir(
                package,
                method_map=[("**.py", "python")],
                keywords=KEYWORDS,
                comment_tags=("Translators:",),
                strip_comment_tags=True,
            )
        )
    for name, _line, message, comments, context in marked:
        location = (package.name + "/" + Path(name).as_posix(), 1)
        found.add(message, locations=[location], auto_comments=comments, context=context)
    return found


def plural_header(tag: str) -> str:
    """Return the Plural-Forms header of `tag` by CLDR: Babel's own table differs for Turkish, Persian, Indonesian."""
    # CLDR's operand e (compact exponents) is never given to gettext and its parser does not know it.
    return _EXPONENT.sub("0", to_gettext(tags.babel_locale(tag).plural_form))


def empty(tag: str) -> Catalog:
    """Return a catalog of `tag` without messages."""
    catalog = Catalog(locale=tags.identifier(tag), project="Meridian", charset="utf-8", header_comment="", fuzzy=False)
    catalog.mime_headers = [("Plural-Forms", plural_header(tag))]
    return catalog


def read(path: Path, tag: str) -> Catalog:
    """Return the catalog in the ``.po`` file `path`; raises OSError, or ValueError where it is no catalog."""
    with path.open("rb") as file:
        try:
            return read_po(file, locale=tags.identifier(tag), charset="utf-8", abort_invalid=True)
        except PoFileError as error:
            raise ValueError(f"{path.name}: {error}") from error


def write(catalog: Catalog, path: Path) -> bool:
    """Write `catalog` as ``.po`` or ``.pot``, sorted and without dates; return whether the file changed."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=100, sort_output=True, include_lineno=False, ignore_obsolete=True)
    lines = buffer.getvalue().decode().splitlines(keepends=True)
    text = "".join(line for line in lines if not line.startswith(tuple(f'"{name}' for name in _VOLATILE)))
    return _replace(path, text.lstrip().encode())


def is_fresh(path: Path, catalog: Catalog) -> bool:
    """Return whether the ``.mo`` file `path` says what `catalog` says, whoever compiled it."""
    if not path.exists():
        return False
    found = load_compiled(path)
    wanted = (message for message in messages_of(catalog) if not message.fuzzy)
    return _content(messages_of(found)) == _content(wanted) and found.plural_forms == catalog.plural_forms


def compile_to(catalog: Catalog, path: Path) -> bool:
    """Compile `catalog` to `path` unless that is fresh; return whether it was written."""
    return not is_fresh(path, catalog) and _replace(path, compile_catalog(catalog))


def _content(messages: Iterable[Message]) -> dict[Key, tuple[str, ...]]:
    return {key_of(message): forms for message in messages if all(forms := forms_of(message)) and forms}


def _replace(path: Path, content: bytes) -> bool:
    if path.exists() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return True
