"""The profile: one folder with everything a desk remembers, owned by one running process at a time.

A window's first step is to own its profile, before anything is shown: this module imports as little as it can.
"""

import sqlite3
from pathlib import Path

APP = "Meridian"


class Profile:
    """Paths of a profile. Nothing is created before `prepare`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def standard(cls) -> "Profile":
        """The profile of the person at this machine, where the platform keeps such things."""
        import platformdirs

        return cls(platformdirs.user_data_path(APP, appauthor=False))

    def prepare(self) -> None:
        """Create the folders, readable by their owner only."""
        for folder in (self.root, self.cache, self.logs):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    @property
    def practice(self) -> "Profile":
        """The profile of practice desks, so that practice never mixes with what is live."""
        return self.inner("practice")

    def inner(self, name: str) -> "Profile":
        """A profile of its own inside this one."""
        return Profile(self.root / name)

    @property
    def database(self) -> Path:
        """The store."""
        return self.root / "desk.sqlite3"

    @property
    def settings(self) -> Path:
        """Preferences."""
        return self.root / "settings.toml"

    @property
    def layout(self) -> Path:
        """The deck's columns."""
        return self.root / "layout.toml"

    @property
    def rules(self) -> Path:
        """The rules."""
        return self.root / "rules.toml"

    @property
    def dictionaries(self) -> Path:
        """Hunspell dictionaries that somebody put there; may be absent."""
        return self.root / "dictionaries"

    @property
    def corrections(self) -> Path:
        """The team's own texts of the interface, `TAG.po` each; may be absent."""
        return self.root / "locales"

    @property
    def window(self) -> Path:
        """Where the window was."""
        return self.root / "window.toml"

    @property
    def frame(self) -> Path:
        """How the window looked; may be deleted at any time."""
        return self.root / "frame.ini"

    @property
    def cache(self) -> Path:
        """Thumbnails; may be deleted at any time."""
        return self.root / "cache"

    @property
    def logs(self) -> Path:
        """Structured logs."""
        return self.root / "logs"

    @property
    def owner_file(self) -> Path:
        """Tells the command line how to reach the running owner."""
        return self.root / "owner.json"


class Lock:
    """Holds a profile. The system lets go of it when the process dies, however it dies.

    It is an exclusive SQLite transaction: the one lock that is the same on every platform, and never left behind.
    """

    def __init__(self, profile: Profile) -> None:
        self._path = profile.root / "lock.sqlite3"
        self._connection: sqlite3.Connection | None = None

    def acquire(self) -> bool:
        """Take the profile, if nobody has it."""
        connection = sqlite3.connect(self._path, timeout=0, isolation_level=None)
        try:
            connection.execute("pragma journal_mode = memory")
            connection.execute("begin exclusive")
        except sqlite3.OperationalError:
            connection.close()
            return False
        self._connection = connection
        return True

    def release(self) -> None:
        """Let go."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
