"""Start Meridian."""

import multiprocessing
import sys


def main() -> int:
    """Run the command line; its answer is the exit code."""
    from workstation.app.first import appear

    first = appear(sys.argv[1:])
    if first is None:
        from workstation.cli import main as command_line

        return command_line()
    from workstation.app.opening import window
    from workstation.domain.errors import MeridianError

    try:
        return window(first.profile, first=first)
    except (MeridianError, OSError) as error:
        from workstation.cli import explain

        return explain(error)


if __name__ == "__main__":
    # Worker processes of a frozen program begin here too; they must not open a second desk.
    multiprocessing.freeze_support()
    sys.exit(main())
