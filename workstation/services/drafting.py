"""Writing an answer: the journalled draft, the filled template, the channel's own counting, what blocks sending."""

import re
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from workstation.domain.cases import Case, Entry
from workstation.domain.channels import Length, LengthUnit
from workstation.domain.drafts import Draft
from workstation.domain.languages import named
from workstation.domain.messages import Message, Visibility
from workstation.domain.outbox import SIGNED, Act, Operation
from workstation.domain.reading import as_written
from workstation.domain.references import order_number
from workstation.domain.tags import same_language
from workstation.domain.templates import Blank, Drift, Family, Filled, Formality, blanks, choose, fill
from workstation.domain.text import N_, LazyText, lazy, lazy_plural
from workstation.services.actions import operation as new_operation
from workstation.services.clock import Clock
from workstation.services.settings import Settings
from workstation.services.sign_offs import SignOffs
from workstation.services.supervisor import Supervisor

if TYPE_CHECKING:
    from workstation.store.store import Store


class Block(StrEnum):
    """Why Send is off."""

    EMPTY = "empty"
    BLANK = "blank"
    TOO_LONG = "too_long"
    GONE = "gone"
    SIGNED_OUT = "signed_out"
    REFUSED = "refused"


class Obstacle(msgspec.Struct, frozen=True):
    """One reason why Send is off, and where in the text, if it is there (-1: nowhere in particular)."""

    kind: Block
    text: LazyText
    start: int = -1
    end: int = -1


class Check(msgspec.Struct, frozen=True):
    """What is to be said of a text while it is typed."""

    length: Length
    blanks: tuple[Blank, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()

    @property
    def sendable(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.obstacles


class Applied(msgspec.Struct, frozen=True):
    """A template filled for a case, with the variant that was used, and why that one."""

    filled: Filled
    language: str
    fit: str
    stale: bool = False
    formality: Formality = Formality.NEUTRAL
    wanted: Formality = Formality.NEUTRAL
    """The form of address that was asked for."""
    asked: tuple[str, ...] = ()
    """Languages that were looked for, in order, until there was one."""
    drift: Drift | None = None
    machine: bool = False
    """Drafted by a machine, and read by nobody yet."""


KNOWN: tuple[tuple[str, LazyText], ...] = (
    ("first_name", lazy(N_("The customer’s first name"))),
    ("name", lazy(N_("The customer’s name"))),
    ("handle", lazy(N_("The customer’s handle, with @"))),
    ("order_no", lazy(N_("The order number, if the customer names one"))),
    ("case", lazy(N_("The number of the case"))),
    ("channel", lazy(N_("The name of the channel"))),
    ("link", lazy(N_("The address of the customer’s message"))),
    ("signature", lazy(N_("What you sign with"))),
)
"""Placeholders that the desk can fill; any other name is for the agent to fill in."""
LONGEST_VALUE = 120
"""Characters of a value."""
_ADDRESS = re.compile(r"://|\bwww\.|\.[a-z]{2,}/", re.IGNORECASE)
_MARK = re.compile(r"(?<!\w)[@#](?=\w)")


def _said(text: str) -> str:
    """A stranger's words fit to be repeated in our name: on one line, nobody mentioned, no address, no placeholder."""
    # Imported when first used: a start pays for every module.
    from workstation.net.plain import one_line

    line = one_line(text, LONGEST_VALUE)
    if _ADDRESS.search(line):
        return ""
    return _MARK.sub("", line).translate({ord("{"): "(", ord("}"): ")"}).strip()


def values_for(
    entry: Entry, case: Case | None = None, *, channel: str = "", signature: str = "", thread: tuple[Entry, ...] = ()
) -> dict[str, str]:
    """What placeholders can be filled with from a message, its case and conversation; unknown values are empty."""
    author = entry.message.author
    name = _said(author.name)
    found = case or entry.case
    theirs = tuple(each.message.text for each in thread if not each.message.own and each.message.author == author)
    return {
        "name": name or _said(author.handle),
        "first_name": name.split(maxsplit=1)[0] if name else _said(author.handle),
        "handle": as_written(author.handle, entry.message.kind),
        "case": str(found.id) if found else "",
        "link": entry.message.address,
        "order_no": order_number((entry.message.text, *theirs)),
        "channel": _said(channel),
        "signature": signature.strip(),
    }


class Drafting:
    """Drafts are saved as one types; `key` is a case id, or a text for what belongs to no case (a new post)."""

    def __init__(self, store: "Store", supervisor: Supervisor, settings: Settings, clock: Clock) -> None:
        self._store = store
        self._supervisor = supervisor
        self._settings = settings
        self._clock = clock
        self.sign_offs = SignOffs(store, settings)

    async def load(self, key: int | str) -> Draft | None:
        """The unsent text, if there is one."""
        return await self._store.drafts.load(key)

    async def save(self, key: int | str, draft: Draft) -> None:
        """Journal the text; an empty one is forgotten."""
        if not draft.empty:
            await self._store.drafts.save(key, msgspec.structs.replace(draft, updated_at=self._clock.now()))
        else:
            await self._store.drafts.discard(key)

    async def discard(self, key: int | str) -> None:
        """Forget the text, because it was sent or thrown away."""
        await self._store.drafts.discard(key)

    def apply(
        self,
        family: Family,
        entry: Entry,
        language: str = "",
        thread: tuple[Entry, ...] = (),
        formality: Formality = Formality.NEUTRAL,
    ) -> Applied | None:
        """Fill a family's variant for the customer of a message; None for a family without variants."""
        wanted = language or named(entry.message.language) or (entry.case.language if entry.case else "")
        chosen = choose(family, wanted, self._settings.now.team_language, formality)
        if chosen is None:
            return None
        config = self._supervisor.config(entry.message.channel)
        values = values_for(
            entry,
            channel=config.name if config is not None else "",
            signature=self._settings.now.signature,
            thread=thread,
        )
        filled = fill(chosen.variant.text, values)
        variant = chosen.variant
        return Applied(
            filled, variant.language, chosen.fit.value, chosen.stale, variant.formality, formality, chosen.asked,
            chosen.drift, variant.machine,
        )  # fmt: skip

    def operation(
        self,
        to: Message,
        text: str,
        *,
        act: Act = Act.REPLY,
        visibility: Visibility | None = None,
        language: str = "",
        spoiler: str | None = None,
        automatic: bool = False,
    ) -> Operation:
        """The operation that sends a text as an answer: as public as what it answers unless told otherwise.

        It is signed as its channel's answers are.
        """
        signs = act in (Act.REPLY, Act.EDIT)
        line = self.sign_offs.line(to.channel, text, language, automatic=automatic) if signs else ""
        return Operation(
            id=new_operation(),
            act=act,
            target=to.remote_id,
            account=to.author.remote_id,
            text=text.rstrip() + line if line else text,
            visibility=visibility or to.visibility,
            language=language,
            spoiler=to.spoiler if spoiler is None else spoiler,
            options={SIGNED: line} if line else {},
        )

    def language(self, to: Message, act: Act) -> str:
        """The language that a text is expected in: the customer's, of a post of our own the team's."""
        return named(to.language) or (self._settings.now.team_language if act is Act.POST else "")

    @property
    def own_language(self) -> str:
        """The language that the agent writes in."""
        return self._settings.now.writes or self._settings.now.team_language

    def reads(self, language: str) -> bool:
        """Whether the agent reads a language; one that is not known counts as read."""
        known = (self.own_language, *self._settings.now.reads)
        return not language or any(same_language(each, language) for each in known)

    @property
    def two_sides(self) -> bool:
        """Whether the agent wants their own language beside the customer's."""
        return self._settings.now.two_sides

    def measure(self, channel: int, operation: Operation) -> Length:
        """How long the channel counts it; characters without a limit while nobody is signed in."""
        opened = self._supervisor.channel(channel)
        if opened is None:
            return Length(len(operation.text), 0, LengthUnit.CHARACTERS)
        return opened.measure(operation)

    def check(self, channel: int, operation: Operation, to: Message | None = None) -> Check:
        """Everything that is wrong with a text; quick enough for each keystroke."""
        length = self.measure(channel, operation)
        open_blanks = blanks(operation.text)
        obstacles = [*self._channel_obstacles(channel, operation.act), *_text_obstacles(operation, length, open_blanks)]
        if to is not None and to.deleted_at:
            obstacles.append(Obstacle(Block.GONE, lazy(N_("The message was deleted by its author."))))
        return Check(length, open_blanks, tuple(obstacles))

    def _channel_obstacles(self, channel: int, act: Act) -> list[Obstacle]:
        opened = self._supervisor.opened(channel)
        if opened is None:
            return [Obstacle(Block.SIGNED_OUT, lazy(N_("This channel is not signed in.")))]
        offer = opened.capabilities.offer(act)
        if offer is None:
            return [Obstacle(Block.REFUSED, lazy(N_("This channel does not offer that.")))]
        if not offer.available:
            return [Obstacle(Block.REFUSED, offer.reason or lazy(N_("This account is not permitted to do that.")))]
        return []


def _text_obstacles(operation: Operation, length: Length, open_blanks: tuple[Blank, ...]) -> list[Obstacle]:
    found = []
    if not operation.text.strip():
        found.append(Obstacle(Block.EMPTY, lazy(N_("There is nothing to send yet."))))
    found += [
        Obstacle(Block.BLANK, lazy(N_("Fill in “{blank}” first."), blank=blank.name), blank.start, blank.end)
        for blank in open_blanks
    ]
    if not length.fits:
        over = length.used - length.limit
        too_long = lazy_plural("{count} too many for this channel.", "{count} too many for this channel.", over)
        found.append(Obstacle(Block.TOO_LONG, too_long))
    return found
