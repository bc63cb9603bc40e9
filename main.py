"""Start Meridian."""

import multiprocessing
import sys


def main() -> int:
    """Run the command line; its answer is the exit code."""
    from workstation.cli import main as command_line

    return command_line()


if __name__ == "__main__":
    # Worker processes of a frozen program begin here too; they must not open a second desk.
    multiprocessing.freeze_support()
    sys.exit(main())
