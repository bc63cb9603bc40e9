"""Which kinds of channel there are: built-ins by folder, and others from installed packages once enabled."""

import logging
import pkgutil
from importlib import import_module
from typing import TYPE_CHECKING

import workstation.connectors as package
from workstation.domain.channels import Manifest
from workstation.domain.errors import ConfigurationError
from workstation.domain.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from importlib.metadata import EntryPoint

    from workstation.connectors.base import Connector

log = logging.getLogger(__name__)

GROUP = "meridian.connectors"
UNKNOWN_KIND = N_("there is no such kind of channel")


class Registry:
    """Kinds by name. Only manifests are imported; a connector is, when it is first asked for."""

    def __init__(self) -> None:
        self._manifests: dict[str, Manifest] = {}
        self._factories: dict[str, Callable[[], Connector]] = {}
        self._made: dict[str, Connector] = {}

    def add(self, manifest: Manifest, factory: "Callable[[], Connector]") -> None:
        """Add a kind; ValueError if it is there already."""
        if manifest.kind in self._manifests:
            raise ValueError(manifest.kind)
        self._manifests[manifest.kind] = manifest
        self._factories[manifest.kind] = factory

    def manifests(self) -> tuple[Manifest, ...]:
        """All kinds, by title."""
        return tuple(sorted(self._manifests.values(), key=lambda manifest: manifest.title.casefold()))

    def manifest(self, kind: str) -> Manifest:
        """The manifest of a kind; ConfigurationError if there is none."""
        try:
            return self._manifests[kind]
        except KeyError:
            raise ConfigurationError(field="kind", why=UNKNOWN_KIND) from None

    def connector(self, kind: str) -> "Connector":
        """The connector of a kind; ConfigurationError if there is none."""
        self.manifest(kind)
        if kind not in self._made:
            self._made[kind] = self._factories[kind]()
        return self._made[kind]


def built_in() -> Registry:
    """The kinds in this package: every folder with a module `manifest` (MANIFEST, connector)."""
    registry = Registry()
    for name in _folders():
        address = f"{package.__name__}.{name}.manifest"
        try:
            module = import_module(address)
        except ModuleNotFoundError as error:
            if error.name != address:
                raise
            continue  # a folder without a manifest is none
        registry.add(module.MANIFEST, module.connector)
    return registry


def _folders() -> "Iterator[str]":
    return (found.name for found in pkgutil.iter_modules(package.__path__) if found.ispkg)


def installed() -> tuple[str, ...]:
    """Names of further kinds that installed packages offer; none is imported."""
    return tuple(sorted(found.name for found in _offered()))


def enable(registry: Registry, names: "Iterable[str]") -> tuple[str, ...]:
    """Add the kinds of installed packages that the user has enabled; the names that could not be loaded."""
    wanted = set(names)
    if not wanted:
        return ()
    failed = wanted - {found.name for found in _offered()}
    for found in _offered():
        if found.name not in wanted:
            continue
        try:
            module = found.load()
            registry.add(module.MANIFEST, module.connector)
        except Exception as error:  # noqa: BLE001 - foreign code may fail in any way; the desk starts without it
            log.warning("a connector could not be loaded: %s", type(error).__name__)
            failed.add(found.name)
    return tuple(sorted(failed))


def _offered() -> "tuple[EntryPoint, ...]":
    # Imported here: it reads what is installed, which most desks never ask for and each start would pay for.
    from importlib.metadata import entry_points

    return tuple(entry_points(group=GROUP))
