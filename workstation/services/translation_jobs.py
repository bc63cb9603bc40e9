"""What is given to translation and comes back: jobs, what leaves the machine, what it costs, what went wrong."""

import re
from collections.abc import Iterable

import msgspec

from workstation.domain.checks import Finding, Wording
from workstation.domain.messages import Message
from workstation.domain.templates import Formality
from workstation.domain.text import N_, LazyText
from workstation.domain.translation import Masked, Pair, Translated, mark, mask
from workstation.net.plain import harmless
from workstation.providers.base import TranslatorError, Usage

NAMES = 60
"""People of a conversation whose names are hidden at most."""


class Job(msgspec.Struct, frozen=True):
    """A text to be translated. `names`: people who are known to be concerned, see `names_of`."""

    text: str
    pair: Pair
    formality: Formality = Formality.NEUTRAL
    names: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    """Not to be translated."""
    glossary: tuple[Wording, ...] = ()


class Translation(msgspec.Struct, frozen=True):
    """What came of a job. `kept`: answered from what was asked before, nothing left the machine."""

    translated: Translated
    findings: tuple[Finding, ...] = ()
    detected: str = ""
    kept: bool = False


class Back(msgspec.Struct, frozen=True):
    """A back-translation and how like the source it is, in percent."""

    text: str
    similarity: float


class Leaving(msgspec.Struct, frozen=True):
    """What is sent to a provider, or was until now (`under_way` False)."""

    host: str
    title: str
    local: bool
    """The provider runs on this machine: nothing leaves it."""
    texts: tuple[str, ...]
    """Exactly as they are sent: masked."""
    under_way: bool

    @property
    def characters(self) -> int:
        """How much it is."""
        return sum(map(len, self.texts))


class Status(msgspec.Struct, frozen=True):
    """The provider in force, for the strip and the settings; all empty where there is none."""

    configured: bool = False
    kind: str = ""
    title: str = ""
    host: str = ""
    local: bool = False
    problem: LazyText | None = None
    """Why it cannot be used as it is set up."""


class Spent(msgspec.Struct, frozen=True):
    """What was sent: characters and requests of this month (UTC) as counted here, and what the provider says."""

    characters: int
    requests: int
    provider: Usage = Usage()


class MaskLostError(TranslatorError):
    """A placeholder, number, address or name did not come back as it was."""

    code = "translator_mask"
    sentence = N_("The translation cannot be used: {fault}")


class KeyUnreadError(TranslatorError):
    """The key lies where it cannot be read."""

    code = "translator_key_unread"
    sentence = N_("The translation provider’s key cannot be read: {why}")


_PARTS = re.compile(r"[\W_\d]+|(?<=[a-z])(?=[A-Z])")
"""Between the words of a handle."""
_HANDLE_WORD = 4
"""Letters of the shortest word of a handle that is taken for a name."""


def names_of(messages: Iterable[Message], *more: str) -> tuple[str, ...]:
    """Names and handles of the people in a conversation, and `more`, such as what the agent signs with.

    The words of a handle count only where somebody goes by no other name: they may be any words.
    """
    found: dict[str, None] = {}
    for message in messages:
        if message.own:
            continue
        name, handle = message.author.name.strip(), message.author.handle.lstrip("@").partition("@")[0].strip()
        words = [] if name else [word for word in _PARTS.split(handle) if len(word) >= _HANDLE_WORD]
        found |= dict.fromkeys(each for each in (name, handle, *words) if each)
    found |= dict.fromkeys(name.strip() for name in more if name.strip())
    return tuple(found)[:NAMES]


def masked_of(job: Job) -> Masked:
    """The text as it may leave the machine."""
    return mask(harmless(job.text), job.terms, job.names)


def has_words(masked: Masked) -> bool:
    """Whether anything is left to translate."""
    bare = masked.text
    for number, item in enumerate(masked.kept, 1):
        bare = bare.replace(mark(item.kind, number), "", 1)
    return any(sign.isalpha() for sign in bare)


def is_local(host: str) -> bool:
    """Whether a host (with its port) is this machine."""
    name = host.rpartition(":")[0] or host
    return name in {"localhost", "::1", "[::1]"} or name.startswith("127.")
