"""The people on the network: the desk's own accounts, and the customers, who join when they are first needed."""

import zlib

from workstation.practice.model import Account
from workstation.practice.network import Network
from workstation.practice.scenario import language
from workstation.practice.script import AGENT, Person

DAY_MS = 86_400_000
DOMAINS = ("", "north.practice.invalid", "harbour.practice.invalid", "valley.practice.invalid")
NOTES = {
    AGENT: "Customer care of Larkmoor, an invented maker of tents, packs and stoves. Practice only. #larkmoor",
    "moderator": "Keeps the practice network in order. Practice only.",
    "reader": "May look but not touch. Practice only.",
}
FOLLOWED_SHARE = 4


class Cast:
    """Finds the account of a scripted person."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._people: dict[Person, Account] = {}
        self.agent = self._own(AGENT, "Larkmoor Care (practice)")
        self.moderator = self._own("moderator", "Moderation (practice)", "Owner")
        self.reader = self._own("reader", "Reader (practice)")

    def account(self, who: Person) -> Account:
        """Return a customer's account; every fourth customer is followed by the company."""
        account = self._people.get(who)
        if account is not None:
            return account
        display, plain = language(who.language).name(who.number)
        chance = zlib.crc32(f"{who.language}:{who.number}".encode())
        now = self._network.clock.now_ms()
        username, domain = f"{plain}_{who.language}", DOMAINS[chance % len(DOMAINS)]
        known = self._network.find_account(username, domain)
        if known is not None:  # from an earlier run
            self._people[who] = known
            return known
        account = self._network.add_account(
            username,
            display,
            domain=domain,
            language=who.language,
            note="Invented person of the practice network.",
            created_at=now - (chance % 1500 + 30) * DAY_MS,
        )
        account.followers = (chance >> 8) % 400 if chance % 40 else 20_000 + (chance >> 8) % 200_000
        account.following = (chance >> 4) % 300
        self._people[who] = account
        if chance % FOLLOWED_SHARE == 0:
            relations = self._network.mailbox(self.agent).relations
            relations.following.add(account.id)
            self.agent.following += 1
            self._network.touch(self.agent)
        return account

    def _own(self, username: str, display: str, role: str = "") -> Account:
        created = self._network.clock.now_ms() - 400 * DAY_MS
        account = self._network.add_account(
            username, display, note=NOTES[username], language="en", role=role, created_at=created
        )
        self._network.mailbox(account)
        return account
