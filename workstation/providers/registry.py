"""Which kinds of provider there are: built-ins, and others from installed packages once the user has enabled them."""

import logging
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import TYPE_CHECKING

import msgspec

from workstation.domain.channels import Field, FieldKind
from workstation.domain.providers import ProviderConfig
from workstation.domain.text import N_, lazy
from workstation.net.client import Client
from workstation.providers.base import Translator, TranslatorManifest, WrongSettingError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

log = logging.getLogger(__name__)

GROUP = "meridian.translators"
BUILT_IN = ("deepl", "libretranslate", "openai")
UNKNOWN_KIND = lazy(N_("there is no such kind of provider"))

MONTHLY_LIMIT = Field(
    "monthly_limit",
    lazy(N_("Characters a month at most")),
    FieldKind.NUMBER,
    help=lazy(N_("Nothing more is sent from this desk then. Empty: no limit of ours.")),
    advanced=True,
)
"""A field of every kind."""

Create = Callable[[ProviderConfig, str, Client], Translator]
"""Makes a provider from its configuration, its key and the desk's client. WrongSettingError, KeyRefusedError."""


class Registry:
    """Kinds by name. An entry is a module with MANIFEST and `create`."""

    def __init__(self) -> None:
        self._kinds: dict[str, tuple[TranslatorManifest, Create]] = {}

    def add(self, manifest: TranslatorManifest, create: Create) -> None:
        """Add a kind; ValueError if it is there already."""
        if manifest.kind in self._kinds:
            raise ValueError(manifest.kind)
        manifest = msgspec.structs.replace(manifest, fields=(*manifest.fields, MONTHLY_LIMIT))
        self._kinds[manifest.kind] = (manifest, create)

    def manifests(self) -> tuple[TranslatorManifest, ...]:
        """All kinds, by title."""
        return tuple(sorted((manifest for manifest, _ in self._kinds.values()), key=lambda each: each.title.casefold()))

    def manifest(self, kind: str) -> TranslatorManifest:
        """The manifest of a kind; WrongSettingError if there is none."""
        return self._found(kind)[0]

    def create(self, config: ProviderConfig, secret: str, client: Client) -> Translator:
        """A provider that is ready to be asked; nothing is asked yet. WrongSettingError, KeyRefusedError."""
        return self._found(config.kind)[1](config, secret, client)

    def _found(self, kind: str) -> tuple[TranslatorManifest, Create]:
        try:
            return self._kinds[kind]
        except KeyError:
            raise WrongSettingError(field="kind", why=UNKNOWN_KIND) from None


def built_in() -> Registry:
    """The kinds in this package."""
    registry = Registry()
    for name in BUILT_IN:
        module = import_module(f"workstation.providers.{name}")
        registry.add(module.MANIFEST, module.create)
    return registry


def installed() -> tuple[str, ...]:
    """Names of further kinds that installed packages offer; none is imported."""
    return tuple(sorted(found.name for found in _offered()))


def enable(registry: Registry, names: Iterable[str]) -> tuple[str, ...]:
    """Add the kinds of installed packages that the user has enabled; the names that could not be loaded."""
    wanted = set(names)
    if not wanted:
        return ()
    offered = _offered()
    failed = wanted - {found.name for found in offered}
    for found in offered:
        if found.name not in wanted:
            continue
        try:
            module = found.load()
            registry.add(module.MANIFEST, module.create)
        except Exception as error:  # noqa: BLE001 - foreign code may fail in any way; the desk starts without it
            log.warning("a translator could not be loaded: %s", type(error).__name__)
            failed.add(found.name)
    return tuple(sorted(failed))


def _offered() -> "tuple[EntryPoint, ...]":
    # Imported here: it reads what is installed, which most desks never ask for.
    from importlib.metadata import entry_points

    return tuple(entry_points(group=GROUP))
