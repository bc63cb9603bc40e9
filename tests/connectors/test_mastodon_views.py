"""Looking again: threads, histories, single posts, thumbnails; and signing in."""

import asyncio
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.connectors.conftest import Opening
from tests.practice_network import PracticeNetwork
from workstation.connectors.mastodon.sign_in import Signing
from workstation.connectors.registry import built_in, enable, installed
from workstation.domain.channels import ChannelConfig
from workstation.domain.errors import (
    AuthExpiredError,
    ConfigurationError,
    PermissionDeniedError,
    ProtocolChangedError,
    TransientError,
)
from workstation.domain.outbox import Act, Operation
from workstation.net.client import Client, Request


async def test_a_thread_is_the_same_from_every_message_of_it(practice: PracticeNetwork, opened: Opening) -> None:
    channel = await opened(practice.base_url, practice.tokens["agent"])
    first = practice.post("where is it?")["id"]
    sent = await channel.send(Operation("1" * 32, Act.REPLY, target=first, text="On its way"))
    second = practice.post("still waiting", in_reply_to_id=sent.remote_id)["id"]
    for asked in (first, sent.remote_id, second):
        batch = await channel.thread(asked)
        assert {message.remote_id for message in batch.messages} >= {first, sent.remote_id}
        assert [message.reply_to for message in batch.messages if message.remote_id == second] == [sent.remote_id]


async def test_a_thread_that_is_gone(practice: PracticeNetwork, opened: Opening) -> None:
    channel = await opened(practice.base_url, practice.tokens["agent"])
    posted = practice.post("hello")["id"]
    practice.control("POST", "delete", id=posted)
    batch = await channel.thread(posted)
    assert [found.remote_id for found in batch.deletions] == [posted]
    assert batch.messages == ()


async def test_an_author_s_history(practice: PracticeNetwork, opened: Opening) -> None:
    channel = await opened(practice.base_url, practice.tokens["agent"])
    posted = practice.post("hello")
    batch = await channel.history(posted["account"]["acct"])
    assert posted["id"] in {message.remote_id for message in batch.messages}
    assert {message.author.handle for message in batch.messages} == {posted["account"]["acct"].lower()}


async def test_posts_as_they_are_now(practice: PracticeNetwork, opened: Opening) -> None:
    channel = await opened(practice.base_url, practice.tokens["agent"])
    kept, gone = practice.post("kept")["id"], practice.post("gone")["id"]
    practice.control("POST", "edit", id=kept, text="changed")
    practice.control("POST", "delete", id=gone)
    batch = await channel.refresh((kept, gone))
    assert [message.text for message in batch.messages] == ["changed"]
    assert [found.remote_id for found in batch.deletions] == [gone]
    practice.faults({"kind": "garbage", "path": f"/api/v1/statuses/{kept}", "variant": "wrong_types"})
    batch = await channel.refresh((kept,))
    assert [reject.remote_id for reject in batch.rejects] == [kept]


async def test_a_thread_of_garbage_is_an_error(practice: PracticeNetwork, opened: Opening) -> None:
    channel = await opened(practice.base_url, practice.tokens["agent"])
    posted = practice.post("hello")["id"]
    practice.faults({"kind": "garbage", "path": "/context", "variant": "truncated"})
    with pytest.raises(ProtocolChangedError):
        await channel.thread(posted)


async def test_thumbnails_only_of_what_was_named(practice: PracticeNetwork, opened: Opening) -> None:
    channel = await opened(practice.base_url, practice.tokens["agent"])
    avatar = (await channel.open()).account.avatar_url
    with pytest.raises(PermissionDeniedError):
        await channel.media(avatar)
    posted = practice.post("hello")["id"]
    author = (await channel.refresh((posted,))).messages[0].author
    picture = await channel.media(author.avatar_url)
    assert picture.startswith(b"\x89PNG")


async def test_no_thumbnail_from_a_private_network(practice: PracticeNetwork, opened: Opening) -> None:
    channel = await opened(practice.base_url, practice.tokens["agent"])
    channel._directory.name("http://127.0.0.1:1/x.png")
    with pytest.raises(TransientError):
        await channel.media("http://127.0.0.1:1/x.png")


class Browser:
    """Opens the page, reads its form, and allows or refuses, as a person would."""

    def __init__(self, client: Client, decision: str = "allow") -> None:
        self._client = client
        self._decision = decision
        self.opened: list[str] = []
        self.called = asyncio.Event()

    def __call__(self, address: str) -> None:
        self.opened.append(address)
        self.called.set()

    async def decide(self) -> str:
        """The page after the decision."""
        address = self.opened[-1]
        page = (await self._client.request(Request(url=address))).body.decode()
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))
        names = re.findall(r'<option value="([^"]*)"', page)
        form = {key: unescape(value) for key, value in fields.items()}
        form |= {"username": unescape(names[0]), "decision": self._decision}
        parts = urlsplit(address)
        request = Request(
            method="POST",
            url=f"{parts.scheme}://{parts.netloc}{parts.path}",
            headers=(("Content-Type", "application/x-www-form-urlencoded"),),
            body=urlencode(form).encode(),
        )
        return (await self._client.request(request)).body.decode()


def _config(network: PracticeNetwork) -> ChannelConfig:
    return ChannelConfig(0, "mastodon", "m", network.base_url)


async def _signed_in(client: Client, network: PracticeNetwork, browser: Browser) -> str:
    async def person() -> None:
        await browser.called.wait()
        page = await browser.decide()
        assert "Meridian" in page

    waiting = asyncio.create_task(person())
    try:
        return await Signing(client)(_config(network), browser, None)
    finally:
        await waiting


async def test_sign_in_by_redirect(client: Client, practice: PracticeNetwork, opened: Opening) -> None:
    browser = Browser(client)
    token = await _signed_in(client, practice, browser)
    query = parse_qs(urlsplit(browser.opened[0]).query)
    assert query["code_challenge_method"] == ["S256"]
    assert query["redirect_uri"][0].startswith("http://127.0.0.1:")
    channel = await opened(practice.base_url, token)
    assert (await channel.open()).account.handle.endswith("@practice.invalid")


async def test_a_refusal_in_the_browser(client: Client, practice: PracticeNetwork) -> None:
    with pytest.raises(PermissionDeniedError):
        await _signed_in(client, practice, Browser(client, "deny"))


async def test_sign_in_by_a_code_where_the_redirect_is_refused(client: Client, practice: PracticeNetwork) -> None:
    # The first registration fails as on servers that take no addresses of this machine.
    practice.faults({"kind": "server_error", "path": "/api/v1/apps", "status": 422})
    browser = Browser(client)

    async def ask(address: str) -> str:
        browser(address)
        found = re.search(r'id="code">([^<]+)<', await browser.decide())
        assert found is not None
        return f" {found[1]} "

    token = await Signing(client)(_config(practice), browser, ask)
    assert token
    assert "oob" in browser.opened[0]


async def test_nobody_signs_in(client: Client, practice: PracticeNetwork) -> None:
    with pytest.raises(TransientError):
        await Signing(client, wait=0.01)(_config(practice), lambda _: None, None)


async def test_a_wrong_token_is_told(practice: PracticeNetwork, opened: Opening) -> None:
    with pytest.raises(AuthExpiredError):
        await opened(practice.base_url, "wrong")


def test_the_registry_knows_its_kinds_cheaply() -> None:
    registry = built_in()
    manifest = registry.manifest("mastodon")
    assert manifest.kind == "mastodon"
    assert manifest in registry.manifests()
    assert registry.connector("mastodon") is registry.connector("mastodon")
    assert installed() == ()
    with pytest.raises(ConfigurationError):
        registry.manifest("telepathy")
    with pytest.raises(ValueError, match="mastodon"):
        registry.add(manifest, lambda: registry.connector("mastodon"))


def test_connectors_of_installed_packages_are_off_until_enabled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "extra-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: extra\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[meridian.connectors]\npigeon = extra_pigeon\nbroken = extra_missing\n")
    (tmp_path / "extra_pigeon.py").write_text(
        "import msgspec\n"
        "from workstation.connectors.mastodon.manifest import MANIFEST as M, connector\n"
        "MANIFEST = msgspec.structs.replace(M, kind='pigeon')\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    registry = built_in()
    assert installed() == ("broken", "pigeon")
    with pytest.raises(ConfigurationError):
        registry.manifest("pigeon")
    assert enable(registry, ("pigeon", "broken", "absent")) == ("absent", "broken")
    assert registry.manifest("pigeon").kind == "pigeon"


def test_a_manifest_imports_no_network() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from workstation.connectors.registry import built_in; built_in().manifests(); "
        "print([name for name in ('aiohttp', 'selectolax', 'regex') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize("secret", ["", "  ", "two words", "line\nbreak"])
def test_a_secret_that_cannot_be_one(client_factory: Callable[[], Client], secret: str) -> None:
    connector = built_in().connector("mastodon")
    with pytest.raises(ConfigurationError):
        connector.create(ChannelConfig(1, "mastodon", "m", "https://a.example"), secret, client_factory())


def test_secrets_stay_out_of_representations(client_factory: Callable[[], Client]) -> None:
    config = ChannelConfig(1, "mastodon", "m", "https://a.example")
    channel = built_in().connector("mastodon").create(config, "very-secret", client_factory())
    assert "very-secret" not in repr(channel)
    assert "very-secret" not in repr(vars(channel))


@pytest.fixture
def client_factory() -> Callable[[], Client]:
    """Clients that never open a connection."""
    return Client
