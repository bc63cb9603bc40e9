"""What is read in ahead: modules that there are, and nothing that is large and not for everybody."""

import subprocess
import sys
from importlib.util import find_spec

import pytest

from workstation.views.warming import MODULES


@pytest.mark.parametrize("module", MODULES)
def test_it_is_there(module: str) -> None:
    assert find_spec(module) is not None


def test_what_plots_are_drawn_with_is_not_read_in() -> None:
    asked = "; ".join(
        [
            "import sys",
            "from importlib import import_module",
            f"[import_module(module) for module in {MODULES!r}]",
            "sys.exit(any(large in sys.modules for large in ('numpy', 'pyqtgraph')))",
        ]
    )
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
