"""`python -m workstation.practice`: serve a practice network."""

import sys

from workstation.practice.process import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main())
