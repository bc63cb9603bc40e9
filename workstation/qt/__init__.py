"""Qt's side of the program: the loop, tasks, the window's frame; nothing here knows a view."""

import builtins

# PySide6 wraps `import` for its optional `__feature__` switches and reads the source of every module imported from
# then on: a fifth of the time that our imports take. We use none of the switches and keep Python's own.
_import = builtins.__import__

import PySide6.QtCore  # noqa: E402, F401

builtins.__import__ = _import
