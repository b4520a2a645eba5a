# Taught in 10 · tests/helpers/engines/test_choosing.py
"""The same training by any engine: `train` and `choose`.

They are loaded when they are asked for (PEP 562), since `helpers.training`, which they stand on, takes its settings and
its record from this folder.
"""

import importlib

__all__ = ["choose", "train"]


def __getattr__(name: str):
    if name in __all__:
        return getattr(importlib.import_module("helpers.engines.choosing"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
