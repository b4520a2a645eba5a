"""A browser and a JupyterLab for the tests of this folder; all of them skip where there is no Chromium."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from course.site.browsing import NoBrowser, chromium
from helpers.files import ROOT

START_SECONDS = 90  # until JupyterLab answers, on a machine that is busy


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium, the one that is installed; the environment variable CHROMIUM names another."""
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install playwright")
    with ExitStack() as stack:
        try:
            opened = stack.enter_context(chromium())
        except NoBrowser as none:
            pytest.skip(str(none))
        yield opened


@pytest.fixture(scope="session")
def screenshots():
    """Where pictures of the pages go."""
    folder = Path(os.environ.get("SCREENSHOTS", ROOT / "build" / "browser"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab."""

    url: str
    token: str


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """JupyterLab on a copy of the project, so that autosave changes nothing here; with settings of its own."""
    home = tmp_path_factory.mktemp("lab")
    project = home / "project"
    for name in ("notebooks", "helpers", "checks", "experiments"):
        shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
    if (ROOT / "data").is_dir():
        shutil.copytree(ROOT / "data", project / "data")
    overrides = home / "settings" / "overrides.json"
    overrides.parent.mkdir()
    # Cells off the screen are in the page too, and nothing pops up.
    overrides.write_text(
        json.dumps(
            {
                "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
                "@jupyterlab/apputils-extension:notification": {"checkForUpdates": False, "fetchNews": "false"},
            }
        )
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(16)
    env = {
        **os.environ,
        "WORD2VEC_CORPUS": os.environ.get("WORD2VEC_CORPUS", "wiki"),
        "PYTHONPATH": str(project),  # the copy, and not what is installed
        **{f"JUPYTER_{name}_DIR": str(home / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")},
        "IPYTHONDIR": str(home / "ipython"),
    }
    env.pop("MPLBACKEND", None)
    # The terminal of this test is no terminal of the notebooks': nbval looks for this one, for instance.
    env.pop("PYTEST_CURRENT_TEST", None)
    command = [
        sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", f"--port={port}", "--port-retries=0",
        "--ip=127.0.0.1", f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={project}",
        f"--LabApp.app_settings_dir={overrides.parent}", "--LabApp.expose_app_in_browser=True",
    ]  # fmt: skip
    log = (home / "lab.log").open("w")
    server = subprocess.Popen(command, cwd=project, env=env, stdout=log, stderr=subprocess.STDOUT)
    try:
        _wait(server, f"http://127.0.0.1:{port}/api/status?token={token}", home / "lab.log")
        yield Lab(f"http://127.0.0.1:{port}", token)
    finally:
        server.terminate()  # its kernels with it
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
        log.close()


def _wait(server, url, log) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.3)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()[-2000:]}")
