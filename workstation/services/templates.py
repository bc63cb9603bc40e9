"""The library of answer templates: folders, search, shortcuts, import with a preview, how often each was sent."""

import asyncio
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import combining, normalize

import msgspec

from workstation.domain.errors import MeridianError
from workstation.domain.knowledge import Change
from workstation.domain.messages import Micros
from workstation.domain.templates import (
    Family,
    Formality,
    Variant,
    drift,
    fingerprint,
    fitting,
    folder_path,
    shortcut_of,
    source_of,
)
from workstation.domain.text import N_, lazy
from workstation.services.clock import Clock
from workstation.services.tomlfile import replace_bytes

if TYPE_CHECKING:
    from workstation.store.store import Store

STARTERS = Path(__file__).resolve().parents[2] / "resources" / "templates"


class ShortcutTakenError(MeridianError):
    """Another template has this shortcut."""

    code = "shortcut_taken"
    sentence = N_("“{shortcut}” belongs to “{title}” already. A shortcut belongs to one template.")


class Difference(msgspec.Struct, frozen=True):
    """What importing one family would do; `fields` names what would change."""

    change: Change
    family: Family
    before: Family | None = None
    fields: tuple[str, ...] = ()


class Plan(msgspec.Struct, frozen=True):
    """What an import would do, before it is done; in the order of the keys."""

    file: str
    differences: tuple[Difference, ...]

    def of(self, change: Change) -> tuple[Difference, ...]:
        """The families to which this would happen."""
        return tuple(difference for difference in self.differences if difference.change is change)

    @property
    def does_something(self) -> bool:
        """Whether anything is new or changed."""
        return any(difference.change is not Change.SAME for difference in self.differences)


class Step(msgspec.Struct, frozen=True):
    """A change of the library and its way back: families to put, ids to forget."""

    put: tuple[Family, ...] = ()
    forget: tuple[int, ...] = ()


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
        """Families whose title, key, folder, shortcut, tags or any variant contain all words; most used first."""
        words = text.casefold().split()
        found = [family for family in await self.list() if contains(family, words)]
        return tuple(found[:limit])

    # -- changing --------------------------------------------------------------------------------------------------

    async def save(self, family: Family) -> Family:
        """Add a family (id 0) or change one; unchanged variants keep their date, so that stale ones are seen.

        ShortcutTakenError if the shortcut belongs to another one.
        """
        families = await self.list()
        known = next((other for other in families if other.id == family.id or other.key == family.key), None)
        wanted = _tidy(family)
        rival = next((other for other in families if other.shortcut == wanted.shortcut and other is not known), None)
        if wanted.shortcut and rival is not None:
            raise ShortcutTakenError(shortcut=wanted.shortcut, title=rival.title)
        return await self._store.templates.save(_dated(wanted, known, self._clock.now()))

    async def create(self, title: str, folder: str, language: str) -> Family:
        """A new family with an empty variant."""
        key = free_key(title, {family.key for family in await self.list()})
        return await self.save(Family(0, key, title, (Variant(language, ""),), language, folder=folder))

    async def duplicate(self, family: Family, title: str) -> Family:
        """A copy under another title, without shortcut, never sent."""
        key = free_key(title, {other.key for other in await self.list()})
        copy = msgspec.structs.replace(family, id=0, key=key, title=title, shortcut="", used=0, reopened=0)
        return await self.save(copy)

    async def move(self, families: Iterable[Family], folder: str) -> Step:
        """Put families into a folder; the way back."""
        before = tuple(families)
        wanted = folder_path(folder)
        moved = [msgspec.structs.replace(family, folder=wanted) for family in before]
        await self._store.templates.swap((), moved)
        return Step(put=before)

    async def rename_folder(self, old: str, new: str) -> Step:
        """Rename a folder, with all that lies under it; the way back."""
        target = folder_path(new)
        inside = [family for family in await self.list() if lies_in(family.folder, old)]
        moved = [
            msgspec.structs.replace(family, folder=folder_path(f"{target}/{family.folder[len(old) :]}"))
            for family in inside
        ]
        await self._store.templates.swap((), moved)
        return Step(put=tuple(inside))

    async def remove(self, family: int) -> Step:
        """Forget a family; the way back."""
        gone = tuple(each for each in await self.list() if each.id == family)
        await self._store.templates.remove(family)
        return Step(put=gone)

    async def take(self, step: Step) -> Step:
        """Do a step; the way back from it."""
        now = {family.id: family for family in await self.list()}
        ids = {family.key: family.id for family in now.values()}
        places = [family.id or ids.get(family.key, 0) for family in step.put]
        replaced = tuple(now[number] for number in places if number in now)
        forgotten = tuple(now[number] for number in step.forget if number in now)
        stored = await self._store.templates.swap(step.forget, step.put)
        return Step(put=replaced + forgotten, forget=tuple(each.id for each in stored if each.id not in now))

    async def used(self, family: int, case: int = 0) -> None:
        """Count a family as sent once more; by whom is not known to anyone. `case`: what it answered."""
        await self._store.templates.used(family, case)

    async def confirm(self, family: int, language: str, formality: Formality) -> Step:
        """A person has read a variant and says that it fits its source; the way back (empty where there is none)."""
        before = next((each for each in await self.list() if each.id == family), None)
        if before is None:
            return Step()
        variants = tuple(
            fitting(before, each) if (each.language, each.formality) == (language, formality) else each
            for each in before.variants
        )
        if variants == before.variants:
            return Step()
        return await self.take(Step(put=(msgspec.structs.replace(before, variants=variants),)))

    # -- files -----------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """At the first start of a profile, put in the first set."""
        if await self.list():
            return
        # Imported when first used: a start pays for every module.
        from workstation.services import template_files

        for path in sorted(self._starters.glob("*.toml")):
            families = template_files.parse(path.read_bytes(), path.name, self._clock.now())
            await self._store.templates.save_many(families)

    async def plan(self, path: Path) -> Plan:
        """What importing a file would do; TemplateFileError says in which line it cannot be read."""
        from workstation.services import template_files

        try:
            data = await asyncio.to_thread(_read, path)
        except OSError as error:
            raise template_files.TemplateFileError(file=path.name, why=error.strerror or "") from error
        families = template_files.parse(data, path.name, self._clock.now())
        known = {family.key: family for family in await self.list()}
        incoming = {family.key for family in families}
        for family in families:
            rival = next((o for o in known.values() if o.shortcut == family.shortcut and o.key not in incoming), None)
            if family.shortcut and rival is not None:
                why = N_("The shortcut “{shortcut}” of “{key}” belongs to “{title}” in the library.")
                raise template_files.TemplateFileError(
                    file=path.name, why=lazy(why, shortcut=family.shortcut, key=family.key, title=rival.title)
                )
        found = [difference(known.get(family.key), family, self._clock.now()) for family in families]
        return Plan(path.name, tuple(sorted(found, key=lambda each: each.family.key)))

    async def carry_out(self, plan: Plan) -> Step:
        """Import what a plan says, all of it or nothing; the way back."""
        wanted = tuple(each.family for each in plan.differences if each.change is not Change.SAME)
        return await self.take(Step(put=wanted))

    async def import_file(self, path: Path) -> Plan:
        """Add the families of a file, replacing those with the same key; what was done."""
        plan = await self.plan(path)
        await self.carry_out(plan)
        return plan

    async def export_file(self, path: Path) -> int:
        """Write all families to a file of the format that its name ends in; how many."""
        from workstation.services import template_files

        families = await self.list()
        data = template_files.written(families, path.name)
        await asyncio.to_thread(replace_bytes, path, data)
        return len(families)


def difference(before: Family | None, incoming: Family, now: Micros) -> Difference:
    """What importing a family would do to the one of the same key."""
    if before is None:
        return Difference(Change.NEW, incoming)
    counted = msgspec.structs.replace(incoming, id=before.id, used=before.used, reopened=before.reopened)
    family = _dated(counted, before, now)
    fields = [
        name for name in ("title", "folder", "shortcut", "tags", "source")
        if getattr(family, name) != getattr(before, name)
    ]  # fmt: skip
    old = {(v.language, v.formality): _state(before, v) for v in before.variants}
    new = {(v.language, v.formality): _state(family, v) for v in family.variants}
    fields += sorted({pair[0] for pair in old.keys() | new.keys() if old.get(pair) != new.get(pair)})
    return Difference(Change.CHANGED if fields else Change.SAME, family, before, tuple(fields))


def contains(family: Family, words: Iterable[str]) -> bool:
    """Whether every word (case-folded) occurs in a family: title, key, folder, shortcut, tags or any text."""
    about = (family.title, family.key, family.folder, family.shortcut, *family.tags)
    haystack = "\n".join((*about, *(variant.text for variant in family.variants))).casefold()
    return all(word in haystack for word in words)


def lies_in(folder: str, parent: str) -> bool:
    """Whether a folder is `parent` or lies under it; everything lies in ""."""
    return not parent or folder == parent or folder.startswith(f"{parent}/")


def free_key(title: str, taken: set[str]) -> str:
    """A key made of a title that no family has."""
    plain = "".join(sign for sign in normalize("NFKD", title.casefold()) if not combining(sign))
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "template"
    number, key = 1, stem
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    return key


def _read(path: Path) -> bytes:
    from workstation.services.template_files import LARGEST

    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def _tidy(family: Family) -> Family:
    return msgspec.structs.replace(
        family,
        title=" ".join(family.title.split()) or family.key,
        folder=folder_path(family.folder),
        shortcut=shortcut_of(family.shortcut),
        tags=tuple(sorted({tag.strip().casefold() for tag in family.tags if tag.strip()})),
    )


def _state(family: Family, variant: Variant) -> tuple[str, bool, bool]:
    return variant.text, drift(family, variant) is not None, variant.machine


def _dated(family: Family, old: Family | None, now: Micros) -> Family:
    """Date what is new, and note for which source text it was written; what stays the same keeps both."""
    known = {(v.language, v.formality): v for v in old.variants} if old else {}
    still = {(v.language, v.formality) for v in family.variants}
    moved = {(v.language, v.text): v for pair, v in known.items() if pair not in still}
    variants = []
    for variant in family.variants:
        pair = variant.language, variant.formality
        before = known.get(pair) or (moved.get((variant.language, variant.text)) if variant.text else None)
        same = before is not None and before.text == variant.text
        variants.append(_kept(variant, before) if same and before else _new(family, variant, before, now))
    return msgspec.structs.replace(family, variants=tuple(variants))


def _kept(variant: Variant, before: Variant) -> Variant:
    """The same text: what is said about it is new only if something is said."""
    if not variant.made_for:
        return msgspec.structs.replace(before, formality=variant.formality, machine=before.machine or variant.machine)
    return msgspec.structs.replace(variant, updated_at=before.updated_at)


def _new(family: Family, variant: Variant, before: Variant | None, now: Micros) -> Variant:
    source = source_of(family, variant)
    told = variant.made_for if before is None or variant.made_for != before.made_for else ""
    made_for = told or (fingerprint(source.text) if source is not None and source.text.strip() else "")
    return msgspec.structs.replace(variant, updated_at=now, made_for=made_for if source is not None else "")
