"""On the feed of a real WordPress: found from its address, read, asked again only for what changed."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.conformance.desk import Desk
from tests.conformance.wire import Wire
from tests.connectors.wordpress.visitors import Visitors
from tests.servers.conftest import wordpress
from tests.servers.running import Server
from workstation.connectors.registry import built_in
from workstation.domain.channels import ChannelConfig, Condition
from workstation.domain.messages import Kind, Mark

pytestmark = [pytest.mark.servers, pytest.mark.timeout(240)]

if TYPE_CHECKING:
    from tests.conformance.kit import Kit

__all__ = ["wordpress"]

ROOT = Path(__file__).resolve().parents[3]


class RealKit:
    """What a desk needs to know of the network."""

    live = "polling"
    secret = ""

    def connector(self) -> object:
        """The connector."""
        return built_in().connector("feed")


@pytest.fixture
async def wire(wordpress: Server) -> AsyncIterator[Wire]:
    """Stands before the site."""
    parts = urlsplit(wordpress["SITE"])
    made = Wire(str(parts.hostname), int(parts.port or 80))
    await made.up()
    yield made
    await made.down()


def publish(visitors: Visitors, title: str, text: str) -> str:
    """A new article; its id in the feed."""
    made = visitors.call("POST", "/posts", {"title": title, "content": text, "status": "publish"})
    return str(made["guid"]["rendered"]).replace("&#038;", "&")


async def test_articles_open_cases_and_nothing_is_lost_while_the_site_is_away(
    wordpress: Server, wire: Wire, tmp_path: Path
) -> None:
    visitors = Visitors(wordpress)
    host, port = wire.address
    kit: Kit = RealKit()  # type: ignore[assignment]
    config = ChannelConfig(0, "feed", "f", f"http://{host}:{port}/feed/", settings={"poll_seconds": "1"})
    desk = await Desk(kit, config, tmp_path).open()
    try:
        await desk.until_read()
        first = await asyncio.to_thread(publish, visitors, "Größe & <b>mehr</b>", "<p>One</p><p>Two &amp; three</p>")
        entry = (await desk.until_stored(first, patience=60))[first]
        assert (entry.message.kind, entry.message.marks) == (Kind.ITEM, (Mark.TITLED,))
        assert entry.message.text == "Größe & mehr\nOne\n\nTwo & three"
        assert entry.case is not None
        assert entry.message.author.name == "agent"
        await wire.down()
        said = [await asyncio.to_thread(publish, visitors, f"Away {number}", "Text") for number in range(3)]
        await desk.until_health(Condition.WAITING, Condition.POLLING)
        await wire.up()
        await desk.until_stored(*said, patience=60)
        wire.cut_after(1_500)
        after = await asyncio.to_thread(publish, visitors, "After a cut", "Text")
        await desk.until_stored(after, patience=60)
        await desk.nothing_missing()
    finally:
        await desk.close()


def test_the_command_line_adds_tests_collects_and_exports(wordpress: Server, tmp_path: Path) -> None:
    guid = publish(Visitors(wordpress), "For the command line", "<p>Its text</p>")

    def run(*arguments: str) -> str:
        command = [sys.executable, "main.py", "--profile", str(tmp_path), *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=os.environ, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("channels", "add", "feed", "--name", "f", "--server", wordpress["SITE"])
    assert "A feed cannot be answered; open the page." in run("channels", "test", "f")
    assert "lost 0" in run("collect", "--seconds", "4")
    lines = [json.loads(line) for line in run("export", "messages", "--format", "jsonl").splitlines()]
    (found,) = [line for line in lines if line["remote_id"] == guid]
    assert found["text"] == "For the command line\nIts text"
