"""Feed, tasks, backoff, settings, layout, secrets, profile: the services that stand alone."""

import asyncio
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.changes import ChangeSet
from workstation.domain.channels import ChannelConfig
from workstation.domain.errors import SecretError
from workstation.services import ownership
from workstation.services.background import Background
from workstation.services.backoff import Backoff
from workstation.services.columns import ColumnSpec
from workstation.services.feed import Feed
from workstation.services.layout import Layout
from workstation.services.profile import Lock, Profile
from workstation.services.secrets import Secrets
from workstation.services.settings import Density, Settings, Theme


def test_feed_tells_in_order_and_survives_a_failing_listener() -> None:
    feed, heard = Feed(), []

    def fail(_: ChangeSet) -> None:
        raise ValueError

    feed.subscribe(fail)
    end = feed.subscribe(lambda changes: heard.append(changes.sequence))
    for sequence in (1, 2):
        feed.publish(ChangeSet(sequence))
    end()
    end()
    feed.publish(ChangeSet(3))
    assert heard == [1, 2]
    assert feed.sequence == 3


async def test_background_reports_errors_and_dies_with_its_owner() -> None:
    seen: list[str] = []
    tasks = Background(lambda name, error: seen.append(f"{name}:{type(error).__name__}"))

    async def fail() -> None:
        raise KeyError

    tasks.spawn(fail(), "one")
    waiting = tasks.spawn(asyncio.Event().wait(), "two")
    await asyncio.sleep(0)
    await tasks.close()
    assert seen == ["one:KeyError"]
    assert waiting.cancelled()
    with pytest.raises(RuntimeError):
        tasks.spawn(asyncio.sleep(0), "late")


@given(st.integers(0, 2**31), st.integers(1, 60))
def test_backoff_grows_and_stays_within_its_bounds(seed: int, failures: int) -> None:
    backoff = Backoff(1_000, 60_000, seed)
    delays = [backoff.delay() for _ in range(failures)]
    for number, delay in enumerate(delays):
        whole = min(60_000, 1_000 << min(number, 40))
        assert whole // 2 <= delay <= whole
    backoff.reset()
    assert backoff.delay() <= 1_000


def test_settings_survive_a_restart_and_keep_what_they_do_not_know(folder: Path) -> None:
    path = folder / "settings.toml"
    path.write_text('theme = "dark"\nfont_scale = 900\ndensity = "nonsense"\nfrom_the_future = 7\n', encoding="utf-8")
    settings = Settings(path)
    assert settings.now.theme is Theme.DARK
    assert settings.now.font_scale == 200
    assert settings.now.density is Density.COSY
    told: list[int] = []
    settings.subscribe(lambda now: told.append(now.undo_seconds))
    settings.change(undo_seconds=5, theme=Theme.CONTRAST)
    assert told == [5]
    assert Settings(path).now.theme is Theme.CONTRAST
    assert "from_the_future = 7" in path.read_text(encoding="utf-8")
    with pytest.raises(TypeError):
        settings.change(nonsense=1)
    with pytest.raises(msgspec.ValidationError):
        settings.change(theme="mauve")


def test_a_broken_settings_file_is_put_aside(folder: Path) -> None:
    path = folder / "settings.toml"
    path.write_bytes(b"\xff\xfe not toml")
    assert Settings(path).now.undo_seconds == 10
    assert (folder / "settings.toml.broken").exists()


def test_layout_survives_a_restart_and_one_bad_column(folder: Path) -> None:
    layout = Layout(folder / "layout.toml", folder / "window.toml")
    assert layout.load() == ()
    assert layout.default_for(()) == ()
    columns = (ColumnSpec("a", "Ärger", "tag:refund", queue=True, width=320), ColumnSpec("b"))
    layout.save(columns)
    assert layout.load() == columns
    rest = '[[column]]\nid = 5\n[[column]]\nid = "b"\n[[column]]\nid = "b"\ntitle = "twice"\n'
    (folder / "layout.toml").write_text(rest, encoding="utf-8")
    assert layout.load() == (ColumnSpec("b"),)
    channel = ChannelConfig(1, "mastodon", "m", settings={"sources": "home, hashtag:acme"})
    assert "source:hashtag:acme" in {column.filter for column in layout.default_for((channel,))}


async def test_secrets_come_from_the_environment_or_last_for_the_run() -> None:
    secrets = Secrets({"TOKEN": " s3cret \n", "EMPTY": ""})
    assert await secrets.read("env:TOKEN") == "s3cret"
    for reference in ("env:EMPTY", "env:NONE", "env:", "file:x", "", "keyring:none"):
        with pytest.raises(SecretError):
            await secrets.read(reference)
    # The tests' keyring is the one of a machine without any.
    assert not await secrets.has_keychain()
    reference = await secrets.keep("mine", "abc")
    assert reference.startswith("keyring:mine-")
    assert await secrets.read(reference) == "abc"
    assert not secrets.is_lasting(reference)
    await secrets.forget(reference)
    with pytest.raises(SecretError):
        await secrets.read(reference)


async def test_a_variable_that_held_another_secret_for_the_next_channel() -> None:
    secrets = Secrets({"PASSWORD": "at the start"})
    secrets.lend("env:PASSWORD", "of mail", 1)
    secrets.lend("env:PASSWORD", "of blue", 2)
    assert [await secrets.read("env:PASSWORD", channel) for channel in (1, 2)] == ["of mail", "of blue"]
    await secrets.replace("env:PASSWORD", "renewed", 1)
    assert [await secrets.read("env:PASSWORD", channel) for channel in (1, 2)] == ["renewed", "of blue"]
    await secrets.forget("env:PASSWORD", 1)
    assert await secrets.read("env:PASSWORD", 2) == "of blue"
    await secrets.forget("env:PASSWORD", 2)
    assert await secrets.read("env:PASSWORD", 2) == "at the start"


def test_a_profile_has_one_owner_who_cannot_leave_the_lock_behind(folder: Path) -> None:
    profile = Profile(folder)
    profile.prepare()
    code = (
        "import sys, time, pathlib; from workstation.services.profile import Lock, Profile;"
        f" lock = Lock(Profile(pathlib.Path({str(folder)!r}))); print(lock.acquire(), flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdin is not None
    with other:
        assert other.stdout.readline() == "True\n"
        lock = Lock(profile)
        assert not lock.acquire()
        other.kill()
        other.wait()
    assert lock.acquire()
    assert not Lock(profile).acquire()
    lock.release()
    assert lock.acquire()
    lock.release()


def test_the_owner_is_announced_to_its_user_only(folder: Path) -> None:
    profile = Profile(folder)
    assert ownership.owner(profile) is None
    ours = ownership.announce(profile, 4711)
    assert ownership.owner(profile) == ours
    if sys.platform != "win32":
        assert profile.owner_file.stat().st_mode & 0o077 == 0
    ownership.withdraw(profile)
    assert ownership.owner(profile) is None
