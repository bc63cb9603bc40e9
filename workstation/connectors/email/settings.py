"""A channel's form as values: where the servers are, how to sign in, what to read; ConfigurationError names fields."""

from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

import msgspec

from workstation.domain.channels import ChannelConfig
from workstation.domain.errors import ConfigurationError
from workstation.domain.text import N_, lazy
from workstation.net.addresses import is_loopback

DIRECT, STARTED, PLAIN = "direct", "started", "plain"
"""How a connection is made safe: TLS at once, TLS asked for (STARTTLS), not at all."""

INCOMING = {"imaps": (993, DIRECT), "imap": (143, STARTED)}
OUTGOING = {"smtps": (465, DIRECT), "smtp": (587, STARTED)}
MOST_FOLDERS = 20
POLL = 30.0

NO_ADDRESS = N_("it must look like {example}")
NO_MAIL_ADDRESS = N_("it must be the account’s e-mail address")
NO_USER = N_("the name to sign in with is missing")
NO_SECRET = N_("the password or token is missing")
TOO_MANY = N_("at most {limit} folders can be read")


class Place(msgspec.Struct, frozen=True):
    """A server's address and how to talk to it."""

    host: str
    port: int
    safety: str

    @property
    def shown(self) -> str:
        """For people."""
        return f"{self.host}:{self.port}"


class Settings(msgspec.Struct, frozen=True):
    """Everything that the form says."""

    imap: Place
    smtp: Place
    smtp_guessed: bool
    user: str
    address: str
    name: str
    aliases: frozenset[str]
    folders: tuple[str, ...]
    oauth: bool
    poll: float

    @property
    def domain(self) -> str:
        """The account's domain."""
        return self.address.rpartition("@")[2]

    @property
    def own(self) -> frozenset[str]:
        """All addresses that are ours."""
        return self.aliases | {self.address}


def settings(config: ChannelConfig, secret: str) -> Settings:
    """Read a configuration."""
    given = config.settings
    insecure = config.is_on("insecure")
    imap = place(config.server, "server", INCOMING, insecure)
    if not config.user.strip():
        raise ConfigurationError(field="user", why=NO_USER)
    if not secret or any(sign in secret for sign in "\r\n\0"):
        raise ConfigurationError(field="secret", why=NO_SECRET)
    smtp = given.get("smtp", "").strip()
    return Settings(
        imap,
        place(smtp, "smtp", OUTGOING, insecure) if smtp else guess(imap),
        not smtp,
        config.user.strip(),
        _address(given, config.user),
        " ".join(given.get("sender", "").split()),
        frozenset(_listed(given.get("aliases", "").lower())),
        _folders(given),
        given.get("auth", "password") == "xoauth2",
        _seconds(given.get("poll_seconds", "")),
    )


def place(address: str, field: str, schemes: Mapping[str, tuple[int, str]], insecure: bool) -> Place:
    """The place that an address such as imaps://mail.example means; a bare name means the safest scheme."""
    example = f"{next(iter(schemes))}://mail.example.org"
    text = address.strip()
    if "://" not in text:
        text = f"{next(iter(schemes))}://{text}"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ConfigurationError(field=field, why=lazy(NO_ADDRESS, example=example)) from None
    if not host or parts.scheme not in schemes or any(sign <= " " for sign in host) or port == 0:
        raise ConfigurationError(field=field, why=lazy(NO_ADDRESS, example=example))
    usual, safety = schemes[parts.scheme]
    if safety == STARTED and (is_loopback(host) or insecure):
        safety = PLAIN
    return Place(host, port or usual, safety)


def guess(imap: Place) -> Place:
    """Where mail is most likely handed in, by the name of the server that keeps it."""
    label, dot, rest = imap.host.partition(".")
    host = f"smtp.{rest}" if dot and label in {"imap", "imap4", "imaps"} else imap.host
    return Place(host, 587, PLAIN if is_loopback(host) or imap.safety == PLAIN else STARTED)


def _address(given: Mapping[str, str], user: str) -> str:
    address = (given.get("address", "").strip() or unquote(user.strip())).lower()
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain or any(sign <= " " or sign in '<>,;"' for sign in address):
        raise ConfigurationError(field="address", why=NO_MAIL_ADDRESS)
    return address


def _folders(given: Mapping[str, str]) -> tuple[str, ...]:
    names = tuple(
        dict.fromkeys("INBOX" if name.upper() == "INBOX" else name for name in _listed(given.get("folders", "")))
    )
    if len(names) > MOST_FOLDERS:
        raise ConfigurationError(field="folders", why=lazy(TOO_MANY, limit=MOST_FOLDERS))
    return names or ("INBOX",)


def _listed(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _seconds(text: str) -> float:
    return min(max(float(text), 5.0), 3_600.0) if text.isdecimal() and text.isascii() else POLL
