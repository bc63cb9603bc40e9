"""How replies of a channel are signed: not at all, with the team's name, or with a name that the agent chooses.

The line is put under the reply when it is sent, in the order of the reply's language, and counted like the rest.
"""

from typing import TYPE_CHECKING

from workstation.domain.memory import SignOff, SignOffPolicy
from workstation.services.settings import Settings

if TYPE_CHECKING:
    from workstation.store.store import Store

LONGEST = 60
"""Characters of a name."""
_RTL = frozenset({"ar", "he", "fa", "ur", "yi", "ps", "sd", "ug", "dv", "ckb"})
_DASH = {"zh": "——", "ja": "― "}


class SignOffs:
    """The policies, known after `load`."""

    def __init__(self, store: "Store", settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._policies: dict[int, SignOffPolicy] = {}

    async def load(self) -> None:
        """Read the policies."""
        self._policies = {policy.channel: policy for policy in await self._store.languages.sign_offs()}

    def policy(self, channel: int) -> SignOffPolicy:
        """How a channel's replies are signed."""
        return self._policies.get(channel, SignOffPolicy(channel))

    async def change(self, policy: SignOffPolicy) -> None:
        """Put a policy in force."""
        await self._store.languages.put_sign_off(policy)
        self._policies[policy.channel] = policy

    def line(self, channel: int, text: str, language: str = "", *, automatic: bool = False) -> str:
        """What is put under a reply, with the line break before it; "" for nothing.

        What nobody wrote (`automatic`) bears nobody's name but the team's.
        Nothing under an empty text, nor where the text ends with the name already, as a template's {signature} does.
        """
        policy = self.policy(channel)
        agent = "" if automatic else self._settings.now.signature
        name = {SignOff.TEAM: policy.text, SignOff.AGENT: agent}.get(policy.kind, "")
        name = " ".join(name.split())[:LONGEST]
        written = text.rstrip()
        if not name or not written or written.endswith(name):
            return ""
        primary = language.partition("-")[0].lower()
        # A name in Latin letters would turn its line around under a text that is written from right to left.
        turn = "\u200f" if primary in _RTL else ""
        return f"\n{turn}{_DASH.get(primary, '— ')}{name}"
