"""The command lines that people type: five networks in one profile, tested, collected and exported together."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.connectors.bluesky.people import people as bluesky_people
from tests.connectors.email.outsider import Mailboxes
from tests.connectors.matrix.people import people as matrix_people
from tests.connectors.wordpress.visitors import Visitors
from tests.servers.running import Server

pytestmark = [pytest.mark.servers, pytest.mark.timeout(600)]

ROOT = Path(__file__).resolve().parents[2]
SAID = {name: f"Where is my order, said by {name}?" for name in ("matrix", "email", "wordpress", "bluesky")}
ARTICLE = "The workshop is closed on Friday"


class Desk:
    """The command line on one profile, with the secrets of all servers in its environment."""

    def __init__(self, profile: Path, **secrets: str) -> None:
        self._profile = profile
        self._environment = os.environ | secrets | {"LC_ALL": "C.UTF-8"}

    def export(self, **secrets: str) -> None:
        """Set variables from here on, as people do between two lines."""
        self._environment |= secrets

    def __call__(self, *words: str) -> str:
        """What a command says; it must end well."""
        done = self.run(*words)
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command, however it ends."""
        return subprocess.run(
            [sys.executable, "main.py", "--profile", str(self._profile), *words],
            cwd=ROOT, env=self._environment, capture_output=True, encoding="utf-8", timeout=180, check=False,
        )  # fmt: skip


async def _matrix(server: Server) -> None:
    async with matrix_people(server.values) as (agent, alice, _):
        await alice.write(await alice.room(agent), SAID["matrix"])


async def _bluesky(server: Server, text: str = SAID["bluesky"]) -> None:
    async with bluesky_people(server) as (agent, alice, _):
        await alice.write(text, mention=agent)


def _site(server: Server) -> None:
    visitors = Visitors(server)
    visitors.write(SAID["wordpress"])
    visitors.call("POST", "/posts", {"title": ARTICLE, "content": "<p>We are back on Monday.</p>", "status": "publish"})


def test_five_networks_in_one_profile(
    synapse: Server, mail: Server, wordpress: Server, atproto: Server, tmp_path: Path
) -> None:
    asyncio.run(_matrix(synapse))
    asyncio.run(_bluesky(atproto))
    Mailboxes(mail).post(SAID["email"], "Order")
    _site(wordpress)
    # Two of the servers call their secret AGENT_PASSWORD; in one profile each needs a name of its own.
    desk = Desk(
        tmp_path / "profile",
        AGENT_TOKEN=synapse["AGENT_TOKEN"],
        AGENT_APP_PASSWORD=wordpress["AGENT_APP_PASSWORD"],
        AGENT_PASSWORD=mail["AGENT_PASSWORD"],
        BLUESKY_PASSWORD=atproto["AGENT_PASSWORD"],
    )
    lines = {
        "m": ("matrix", synapse["BASE"], ("--user", synapse["AGENT_USER"], "--secret-env", "AGENT_TOKEN")),
        "e": ("email", f"imap://{mail['IMAP_HOST']}:{mail['IMAP_PORT']}",
              ("--user", "agent", "--secret-env", "AGENT_PASSWORD",
               "--set", f"smtp=smtp://{mail['SMTP_HOST']}:{mail['SMTP_PORT']}",
               "--set", f"address={mail['AGENT_ADDRESS']}")),
        "w": ("wordpress", wordpress["SITE"], ("--user", "agent", "--secret-env", "AGENT_APP_PASSWORD")),
        "f": ("feed", wordpress["SITE"], ()),
        "b": ("bluesky", atproto["BASE"], ("--user", atproto["AGENT_USER"], "--secret-env", "BLUESKY_PASSWORD")),
    }  # fmt: skip
    for name, (kind, server, more) in lines.items():
        desk("channels", "add", kind, "--name", name, "--server", server, *more)
        assert f"Channel “{name}” works." in desk("channels", "test", name)
    assert "lost 0" in desk("collect", "--seconds", "20")
    rows = [json.loads(line) for line in desk("export", "messages", "--format", "jsonl").splitlines()]
    for kind, text in SAID.items():
        assert [text in row["text"] for row in rows].count(True) == 1, kind
    assert [row["text"].startswith(ARTICLE) for row in rows].count(True) == 1


def test_one_variable_holds_one_secret_after_another(mail: Server, atproto: Server, tmp_path: Path) -> None:
    """What `export` has replaced is gone: it is said at once and again where it matters, with the remedy."""
    asyncio.run(_bluesky(atproto, "Is the blue one in stock?"))
    Mailboxes(mail).post("Is the post still coming?", "Post")
    desk = Desk(tmp_path / "profile", AGENT_PASSWORD=mail["AGENT_PASSWORD"])
    post = (
        "email", "--name", "e", "--server", f"imap://{mail['IMAP_HOST']}:{mail['IMAP_PORT']}", "--user", "agent",
        "--set", f"smtp=smtp://{mail['SMTP_HOST']}:{mail['SMTP_PORT']}", "--set", f"address={mail['AGENT_ADDRESS']}",
    )  # fmt: skip
    said = desk("channels", "add", *post, "--secret-env", "AGENT_PASSWORD")
    assert "AGENT_PASSWORD" not in said
    assert "works" in desk("channels", "test", "e")
    assert "lost 0" in desk("collect", "--seconds", "20")
    assert "Is the post still coming?" in desk("export", "messages", "--format", "jsonl")
    desk.export(AGENT_PASSWORD=atproto["AGENT_PASSWORD"])
    said = desk(
        "channels", "add", "bluesky", "--name", "b", "--server", atproto["BASE"], "--user", atproto["AGENT_USER"],
        "--secret-env", "AGENT_PASSWORD",
    )  # fmt: skip
    assert "“b” and “e” both read their secret from AGENT_PASSWORD" in said
    assert "works" in desk("channels", "test", "b")
    collected = desk.run("collect", "--seconds", "20")
    assert collected.returncode == 1
    assert "“e” and “b” both read their secret from AGENT_PASSWORD" in collected.stdout
    rows = desk("export", "messages", "--format", "jsonl")
    assert "Is the blue one in stock?" in rows
    assert "Is the post still coming?" in rows
    desk.export(MAIL_PASSWORD=mail["AGENT_PASSWORD"])
    desk("channels", "remove", "e")
    assert "AGENT_PASSWORD" not in desk("channels", "add", *post, "--secret-env", "MAIL_PASSWORD")
    assert "works" in desk("channels", "test", "e")
    assert "works" in desk("channels", "test", "b")
