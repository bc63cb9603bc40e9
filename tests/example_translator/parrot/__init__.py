"""A provider that repeats what it is told: MANIFEST and `create` are all that a package has to have."""

from workstation.domain.channels import Field, FieldKind
from workstation.domain.providers import ProviderConfig
from workstation.domain.text import lazy
from workstation.net.client import Client
from workstation.providers.base import TranslationAnswer, TranslationRequest, Translator, TranslatorManifest, Usage

MANIFEST = TranslatorManifest(
    kind="parrot",
    title="Parrot",
    summary=lazy("Repeats what it is told."),
    fields=(Field("colour", lazy("Colour"), FieldKind.TEXT),),
)


class Parrot:
    """Has no server: nothing leaves the machine."""

    manifest = MANIFEST
    host = "localhost"

    async def translate(self, request: TranslationRequest) -> TranslationAnswer:
        """The same again."""
        return TranslationAnswer(tuple(f"{text}, {text}" for text in request.texts), sum(map(len, request.texts)))

    async def usage(self) -> Usage:
        """A parrot never tires."""
        return Usage(0, 1_000_000)

    async def check(self) -> tuple[str, ...]:
        """Everything in one language."""
        return ("en",)

    async def close(self) -> None:
        """Back into the cage."""


def create(config: ProviderConfig, secret: str, client: Client) -> Translator:
    """A parrot."""
    return Parrot()
