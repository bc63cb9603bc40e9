"""Answer templates on this desk: the first set, search, import and export as TOML, how often each was sent."""

import asyncio
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from workstation.domain.errors import MeridianError
from workstation.domain.messages import Micros
from workstation.domain.templates import Family, Formality, Variant
from workstation.domain.text import N_
from workstation.services import tomlfile
from workstation.services.clock import Clock

if TYPE_CHECKING:
    from workstation.store.store import Store

STARTERS = Path(__file__).resolve().parents[2] / "resources" / "templates"
LARGEST = 4_000_000
"""Bytes of a file to import."""


class TemplateFileError(MeridianError):
    """A file of templates cannot be read."""

    code = "template_file"
    sentence = N_("The templates in {file} cannot be read: {why}")


class _Variant(msgspec.Struct, forbid_unknown_fields=True):
    text: str
    formality: Formality = Formality.NEUTRAL


class _Family(msgspec.Struct, forbid_unknown_fields=True):
    title: str
    variants: dict[str, _Variant | str | list[_Variant]]
    source: str = "en"
    tags: list[str] = []


def parse(data: bytes, name: str, now: Micros) -> tuple[Family, ...]:
    """Families from TOML; TemplateFileError says what is wrong and where."""
    try:
        if len(data) > LARGEST:
            raise ValueError("too large")
        tables = msgspec.convert(tomllib.loads(data.decode("utf-8")), dict[str, _Family])
    except ValueError as error:
        raise TemplateFileError(file=name, why=str(error)[:200]) from error
    return tuple(_family(key, table, now) for key, table in tables.items())


def _family(key: str, table: _Family, now: Micros) -> Family:
    variants = []
    for language, given in table.variants.items():
        for one in given if isinstance(given, list) else [given]:
            variant = one if isinstance(one, _Variant) else _Variant(one)
            variants.append(Variant(language, variant.text.strip(), variant.formality, now))
    return Family(0, key, table.title, tuple(variants), table.source, tuple(sorted(table.tags)))


def table(families: tuple[Family, ...]) -> dict[str, Any]:
    """What `parse` reads, for export; in the order of the keys."""
    return {family.key: _family_table(family) for family in sorted(families, key=lambda family: family.key)}


def _family_table(family: Family) -> dict[str, Any]:
    variants: dict[str, Any] = {}
    for variant in family.variants:
        if variant.formality is Formality.NEUTRAL and variant.language not in variants:
            variants[variant.language] = variant.text
        else:
            listed = variants.get(variant.language, [])
            listed = [{"text": listed}] if isinstance(listed, str) else listed
            variants[variant.language] = [*listed, {"text": variant.text, "formality": variant.formality.value}]
    found: dict[str, Any] = {"title": family.title, "source": family.source, "variants": variants}
    return found | ({"tags": list(family.tags)} if family.tags else {})


class Templates:
    """The families of this desk."""

    def __init__(self, store: "Store", clock: Clock, starters: Path = STARTERS) -> None:
        self._store = store
        self._clock = clock
        self._starters = starters

    async def list(self) -> tuple[Family, ...]:
        """All families, most used first."""
        return tuple(await self._store.templates.list())

    async def search(self, text: str, limit: int = 50) -> tuple[Family, ...]:
        """Families whose title, key, tags or any variant contain all words; most used first."""
        words = text.casefold().split()
        found = [family for family in await self.list() if _contains(family, words)]
        return tuple(found[:limit])

    async def save(self, family: Family) -> Family:
        """Add a family (id 0) or change one; unchanged variants keep their date, so that stale ones are seen."""
        known = {other.key: other for other in await self.list()}.get(family.key)
        return await self._store.templates.save(_dated(family, known, self._clock.now()))

    async def remove(self, family: int) -> None:
        """Forget a family."""
        await self._store.templates.remove(family)

    async def used(self, family: int) -> None:
        """Count a family as sent once more; by whom is not known to anyone."""
        await self._store.templates.used(family)

    async def start(self) -> None:
        """At the first start of a profile, put in the first set."""
        if await self.list():
            return
        for path in sorted(self._starters.glob("*.toml")):
            await self._take(parse(path.read_bytes(), path.name, self._clock.now()))

    async def import_file(self, path: Path) -> int:
        """Add the families of a file, replacing those with the same key; how many."""
        try:
            data = await asyncio.to_thread(path.read_bytes)
        except OSError as error:
            raise TemplateFileError(file=path.name, why=error.strerror or "") from error
        families = parse(data, path.name, self._clock.now())
        await self._take(families)
        return len(families)

    async def export_file(self, path: Path) -> int:
        """Write all families to a file; how many."""
        families = await self.list()
        tomlfile.write(path, table(families))
        return len(families)

    async def _take(self, families: tuple[Family, ...]) -> None:
        known = {family.key: family for family in await self.list()}
        for family in families:
            old = known.get(family.key)
            renamed = msgspec.structs.replace(family, id=old.id, used=old.used) if old else family
            await self._store.templates.save(_dated(renamed, old, self._clock.now()))


def _dated(family: Family, old: Family | None, now: Micros) -> Family:
    known = {(v.language, v.formality): v for v in old.variants} if old else {}
    variants = []
    for variant in family.variants:
        before = known.get((variant.language, variant.formality))
        same = before is not None and before.text == variant.text
        variants.append(before if same and before else msgspec.structs.replace(variant, updated_at=now))
    return msgspec.structs.replace(family, variants=tuple(variants))


def _contains(family: Family, words: list[str]) -> bool:
    texts = (family.title, family.key, *family.tags, *(variant.text for variant in family.variants))
    haystack = "\n".join(texts).casefold()
    return all(word in haystack for word in words)
