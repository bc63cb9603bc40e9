"""A request and its answer as the API's functions see them: no sockets, no aiohttp."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from workstation.practice.credentials import Credentials
from workstation.practice.desk import Desk
from workstation.practice.model import Account, Mailbox, Status, Token
from workstation.practice.network import Network
from workstation.practice.timeline import Page

Json = Any


class RefusedError(Exception):
    """A request that is answered with an error status and the API's error object."""

    def __init__(self, status: int, message: str, **more: Json) -> None:
        super().__init__(message)
        self.status = status
        self.body: dict[str, Json] = {"error": message, **more}


def not_found() -> RefusedError:
    """Return the answer to what does not exist or is not for the asker's eyes."""
    return RefusedError(404, "Record not found")


def invalid(message: str) -> RefusedError:
    """Return the answer to values that cannot be accepted."""
    return RefusedError(422, f"Validation failed: {message}")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a multipart request."""

    content_type: str
    data: bytes


class Parameters:
    """Values from the address, a form or a JSON object; all are hostile until read through one of the methods."""

    def __init__(self, values: Mapping[str, Json]) -> None:
        self.values = values

    def has(self, name: str) -> bool:
        """Tell whether the name was given at all."""
        return name in self.values

    def text(self, name: str, default: str = "") -> str:
        """Return a string; lists and objects are none."""
        value = self.values.get(name, default)
        if value is None or isinstance(value, (list, Mapping)):
            return default
        return value if isinstance(value, str) else str(value)

    def identifier(self, name: str) -> int | None:
        """Return an id, nothing if it is absent or not a number."""
        text = self.text(name)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None

    def integer(self, name: str, default: int) -> int:
        """Return a number, the default if it is absent or not one."""
        text = self.text(name).removeprefix("-")
        return int(self.text(name)) if text.isascii() and text.isdigit() and len(text) < 12 else default

    def flag(self, name: str, default: bool = False) -> bool:
        """Return a truth value in one of the spellings that Rails takes."""
        if name not in self.values or self.values[name] in (None, ""):
            return default
        return self.text(name).lower() not in ("0", "f", "false", "off", "no")

    def many(self, name: str) -> list[str]:
        """Return a list, whether it was given as name[], as JSON or as a single value."""
        value = self.values.get(name)
        if value is None:
            return []
        if isinstance(value, Mapping):
            value = list(value.values())
        return [str(item) for item in value] if isinstance(value, list) else [str(value)]

    def identifiers(self, name: str) -> list[int]:
        """Return a list of ids without what is not one."""
        return [int(item) for item in self.many(name) if item.isascii() and item.isdigit() and len(item) < 20]

    def page(self, default: int = 20, most: int = 40) -> Page:
        """Return which page of a timeline is asked for."""
        limit = max(1, min(most, self.integer("limit", default)))
        return Page(limit, self.identifier("max_id"), self.identifier("since_id"), self.identifier("min_id"))


@dataclass(slots=True)
class Answer:
    """What is sent back; `body` is encoded as JSON unless it is bytes."""

    body: Json
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"


@dataclass(slots=True)
class Call:
    """One request: whose it is, what is asked, and the network it is asked of."""

    network: Network
    credentials: Credentials
    desk: Desk
    token: Token | None
    path: Mapping[str, str]
    given: Parameters
    files: Mapping[str, Upload]
    headers: Mapping[str, str]
    address: str
    query: str

    @property
    def account(self) -> Account:
        """Return who asks; refuses tokens that belong to nobody."""
        account = self.viewer
        if account is None:
            raise RefusedError(422, "This method requires an authenticated user")
        return account

    @property
    def viewer(self) -> Account | None:
        """Return who asks, nothing for the public."""
        if self.token is None or self.token.account_id is None:
            return None
        return self.network.accounts.get(self.token.account_id)

    @property
    def box(self) -> Mailbox | None:
        """Return the asker's mailbox."""
        viewer = self.viewer
        return self.network.mailbox(viewer) if viewer else None

    @property
    def own(self) -> Mailbox:
        """Return the asker's mailbox; refuses tokens that belong to nobody."""
        return self.network.mailbox(self.account)

    def named(self, name: str = "id") -> int:
        """Return the id in the path."""
        text = self.path.get(name, "")
        if not (text.isascii() and text.isdigit() and len(text) < 20):
            raise not_found()
        return int(text)

    def status(self, name: str = "id") -> Status:
        """Return the status named in the path if the asker may see it."""
        status = self.network.statuses.get(self.named(name))
        if status is None or not self.network.can_see(status, self.viewer):
            raise not_found()
        return status

    def target(self, name: str = "id") -> Account:
        """Return the account named in the path."""
        account = self.network.accounts.get(self.named(name))
        if account is None:
            raise not_found()
        return account

    def statuses(self, items: list[Status], page: Page, full: int | None = None) -> Answer:
        """Answer with a page of statuses and its Link header."""
        body = [self.network.render.status(status, self.box) for status in items]
        return self.paged(body, [status.id for status in items], page, full)

    def paged(self, body: Json, keys: list[int], page: Page, full: int | None = None) -> Answer:
        """Answer with a page; `keys` (newest first) are what the links to its neighbours are built of."""
        links = []
        if keys and len(keys) >= (full or page.limit):
            links.append(f'<{self._link("max_id", keys[-1])}>; rel="next"')
        if keys:
            links.append(f'<{self._link("min_id", keys[0])}>; rel="prev"')
        return Answer(body, headers={"Link": ", ".join(links)} if links else {})

    def _link(self, key: str, value: int) -> str:
        kept = [
            part
            for part in self.query.split("&")
            if part and part.split("=")[0] not in ("max_id", "min_id", "since_id")
        ]
        return f"{self.network.base_url}{self.address}?{'&'.join([*kept, f'{key}={value}'])}"


Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """One endpoint: `scope` is what a token needs, empty for what the public may ask."""

    method: str
    path: str
    handler: Handler
    scope: str = ""
    staff: bool = False
    user: bool = False
