"""Secrets by reference: `env:VAR` or `keyring:NAME`. Without a keychain a secret lives for this run only."""

import asyncio
import contextlib
import os
import secrets
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from workstation.domain.errors import SecretError
from workstation.domain.text import N_, lazy

SERVICE = "Meridian"
PATIENCE = 20.0
"""Seconds that a keychain may take; it may be asking the person at the desk for a password."""

T = TypeVar("T")


class KeychainAbsentError(Exception):
    """This machine has no keychain that we can use, such as a headless one."""


async def _in_thread(work: Callable[[], T]) -> T:
    """Run `work` in a daemon thread of its own: a keychain that never answers must not hold up the exit."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def deliver(set_it: Callable[[Any], None], value: object) -> None:
        if not answer.done():
            set_it(value)

    def run() -> None:
        with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile
            try:
                value = work()
            except Exception as error:  # noqa: BLE001 - handed to the one who waits
                loop.call_soon_threadsafe(deliver, answer.set_exception, error)
            else:
                loop.call_soon_threadsafe(deliver, answer.set_result, value)

    threading.Thread(target=run, name="keychain", daemon=True).start()
    return await asyncio.wait_for(answer, PATIENCE)


def _keychain() -> Any:
    import keyring
    from keyring.backends import fail, null

    backend = keyring.get_keyring()
    if isinstance(backend, fail.Keyring | null.Keyring):
        raise KeychainAbsentError
    return backend


class Secrets:
    """Reads and keeps secrets; never writes one to a file, a log or an argument."""

    def __init__(self, environment: dict[str, str] | None = None) -> None:
        self._environment = os.environ if environment is None else environment
        self._session: dict[str, str] = {}
        self._lent: dict[tuple[str, int], str] = {}
        """By channel: a variable may have held another secret when the next channel was added."""

    async def read(self, reference: str, channel: int = 0) -> str:
        """The secret behind a reference, of that channel. SecretError says what is wrong with it."""
        kind, _, name = reference.partition(":")
        if (reference, channel) in self._lent:
            return self._lent[reference, channel]
        if reference in self._session:
            return self._session[reference]
        if kind == "env" and name:
            value = self._environment.get(name, "").strip()
            if not value:
                raise SecretError(reference=reference, why=lazy(N_("the environment has no such variable")))
            return value
        if kind == "keyring" and name:
            return await self._from_keychain(reference, name)
        raise SecretError(reference=reference, why=lazy(N_("it is neither env:NAME nor keyring:NAME")))

    async def _from_keychain(self, reference: str, name: str) -> str:
        try:
            value = await _in_thread(lambda: _keychain().get_password(SERVICE, name))
        except KeychainAbsentError:
            raise SecretError(reference=reference, why=lazy(N_("this machine has no keychain"))) from None
        except TimeoutError:
            raise SecretError(reference=reference, why=lazy(N_("the keychain did not answer"))) from None
        except Exception as error:
            raise SecretError(reference=reference, why=type(error).__name__) from error
        if not value:
            raise SecretError(reference=reference, why=lazy(N_("the keychain has no such entry")))
        return str(value)

    async def keep(self, name: str, secret: str) -> str:
        """Keep a secret under a new reference, which is returned; see `is_lasting`."""
        unique = f"{name}-{secrets.token_hex(4)}"
        reference = f"keyring:{unique}"
        try:
            await _in_thread(lambda: _keychain().set_password(SERVICE, unique, secret))
        except Exception:  # noqa: BLE001 - each backend has errors of its own; the session keeps it
            self._session[reference] = secret
        return reference

    async def replace(self, reference: str, secret: str, channel: int = 0) -> None:
        """Keep what a channel got in place of its secret; one that was lent for this run stays so."""
        kind, _, name = reference.partition(":")
        if kind == "keyring" and name and reference not in self._session:
            try:
                await _in_thread(lambda: _keychain().set_password(SERVICE, name, secret))
            except Exception:  # noqa: BLE001 - as in `keep`: the session keeps what the keychain does not
                self._session[reference] = secret
            return
        self.lend(reference, secret, channel)

    async def has_keychain(self) -> bool:
        """Whether secrets can be kept on this machine."""
        try:
            await _in_thread(_keychain)
        except Exception:  # noqa: BLE001 - whatever is wrong with it, it cannot be used
            return False
        return True

    def lend(self, reference: str, secret: str, channel: int = 0) -> None:
        """Know this secret until the end of the run; of one channel, if that is named."""
        self._session[reference] = secret
        if channel:
            self._lent[reference, channel] = secret

    def is_lasting(self, reference: str) -> bool:
        """Whether it will be there at the next start; if not, people are told."""
        return reference not in self._session

    async def forget(self, reference: str, channel: int = 0) -> None:
        """Remove a kept secret; an `env:` reference is not ours to remove."""
        self._lent.pop((reference, channel), None)
        if not any(lent == reference for lent, _ in self._lent):
            self._session.pop(reference, None)
        kind, _, name = reference.partition(":")
        if kind == "keyring" and name:
            with contextlib.suppress(Exception):  # it is gone, or there is no keychain: both are what was wanted
                await _in_thread(lambda: _keychain().delete_password(SERVICE, name))


NOT_LASTING = lazy(N_("This machine has no keychain: the secret is kept until Meridian ends, and asked again then."))
"""What people are told where `is_lasting` is False."""
