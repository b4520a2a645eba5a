# Run by make pdf, tests in a browser · tests/course/test_site.py
"""The Chromium that is installed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


class NoBrowser(RuntimeError):
    """There is no Chromium, or it does not start; the message says what to do."""


@contextmanager
def chromium() -> Iterator:
    """A headless Chromium, driven by playwright; the environment variable CHROMIUM names another.

    Raises
    ------
    NoBrowser
        If none is installed, or it does not start.
    """
    from playwright import sync_api

    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not path:
        raise NoBrowser("no Chromium here: install Chromium or Chrome, or set CHROMIUM to its path")
    root = hasattr(os, "geteuid") and os.geteuid() == 0  # Chromium refuses its sandbox to root
    with sync_api.sync_playwright() as playwright:
        try:
            opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"] if root else [])
        except sync_api.Error as error:
            raise NoBrowser(f"{path} does not start: {error.message.splitlines()[0]}") from None
        yield opened
        opened.close()
