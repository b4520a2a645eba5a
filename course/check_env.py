"""Is this environment ready? ``python -m course.check_env`` says, with a remedy for each thing that is not.

It imports nothing at the top but the standard library, so that it runs where packages are missing.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHONS = ((3, 10), (3, 13))
# Imported, and not only looked up, are those that notebooks import; the name to import where it is not the package's.
MODULES = {"scikit-learn": "sklearn", "ipython": "IPython"}
LOOKED_UP = (
    "setuptools",
    "jupyterlab",
    "ruff",
    "pytest",
    "nbval",
    "hypothesis",
    "nbclient",
    "nbconvert",
    "latex2mathml",
)
NEEDED_FOR = {"the tests": "only `make test` and `make run` need it", "the book": "only the book's own cells need it"}


@dataclass(frozen=True)
class Check:
    """One line of the report.

    Attributes
    ----------
    name, text : str
        What was looked at, and what was found.
    remedy : str
        What to do about it; empty where all is well.
    needed : bool
        Whether the course stops without it. The book's own code and the tests are not needed to learn.
    """

    name: str
    text: str
    remedy: str = ""
    needed: bool = True

    @property
    def ok(self) -> bool:
        return not self.remedy

    def __str__(self) -> str:
        line = f"{'[OK]  ' if self.ok else '[FAIL]'} {self.name:<14} {self.text}"
        return line if self.ok else f"{line}\n       {'':<14} -> {self.remedy}"


def check_python(version: tuple[int, ...] = tuple(sys.version_info[:3])) -> Check:
    """Python from 3.10 to 3.13.

    Examples
    --------
    >>> check_python((3, 12, 1)).ok, check_python((3, 14, 0)).ok
    (True, False)
    """
    text = ".".join(map(str, version))
    if PYTHONS[0] <= tuple(version[:2]) <= PYTHONS[1]:
        return Check("Python", text)
    why = "gensim has wheels up to 3.13" if tuple(version[:2]) > PYTHONS[1] else "the pinned packages begin at 3.10"
    return Check("Python", f"{text}: {why}", "make the environment anew with Python 3.12")


def requirements(path: Path = ROOT / "requirements.txt") -> Iterator[tuple[str, str, str]]:
    """Yield (package, pinned version, section) for each line of requirements.txt."""
    section = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        heading = re.match(r"# -- ([^,(']+)", line)
        if heading:
            section = heading.group(1).strip()
        pin = re.match(r"([A-Za-z0-9_.-]+)==([^\s;#]+)", line)
        if pin:
            yield pin.group(1), pin.group(2), section


def check_package(name: str, pinned: str, section: str = "the course") -> Check:
    """A package by its version, and by importing it where notebooks do.

    Another version than the pinned one is noted and passes: the pins are what was tested, not all that works.
    """
    why = NEEDED_FOR.get(section, "")
    install = f"pip install {name}=={pinned}"
    try:
        version = metadata.version(name)
        if name not in LOOKED_UP:
            importlib.import_module(MODULES.get(name, name))
    except (metadata.PackageNotFoundError, ModuleNotFoundError) as error:
        inner = getattr(error, "name", name)
        absent = "missing" if inner in (name, MODULES.get(name, name)) else f"does not import: {inner} is missing"
        return Check(name, absent + (f" ({why})" if why else ""), install, needed=not why)
    except Exception as error:
        text = f"{version} does not import: {type(error).__name__}: {_first_line(error)}"
        return Check(name, text, f"pip install --force-reinstall {name}=={pinned}", needed=not why)
    if name == "ipykernel" and int(version.split(".")[0]) >= 7:
        return Check(name, f"{version}: VS Code hangs on the first cell with 7 and later", install, needed=False)
    note = "" if version.split("+")[0] == pinned else f" (tested with {pinned}; if a result differs: {install})"
    return Check(name, version + note)


def check_book(pins: dict[str, str]) -> list[Check]:
    """torchvision and d2l, which only the book's own cells need; each way in which they fail has its own remedy.

    Parameters
    ----------
    pins : dict of str to str
        The pinned version of each package.
    """
    why = NEEDED_FOR["the book"]
    pair = f"pip install --force-reinstall torch=={pins['torch']} torchvision=={pins['torchvision']}"
    try:
        torchvision = importlib.import_module("torchvision")
        first = Check("torchvision", torchvision.__version__)
    except ModuleNotFoundError as error:
        missing = error.name or "torchvision"
        install = f"pip install {missing}" + (f"=={pins[missing]}" if missing in pins else "")
        text = "missing" if missing == "torchvision" else f"does not import: {missing} is missing"
        first = Check("torchvision", f"{text} ({why})", install, needed=False)
    except Exception as error:
        text = f"does not import: {type(error).__name__}: {_first_line(error)}"
        if "torchvision::nms" in str(error):
            text = f"does not match torch: they come from different builds ({_first_line(error)})"
        first = Check("torchvision", f"{text} ({why})", pair, needed=False)

    install = f"pip install d2l=={pins['d2l']}"
    if _find("d2l") is None:
        return [first, Check("d2l", f"missing ({why})", install, needed=False)]
    if not first.ok:
        return [first, Check("d2l", "cannot be imported without a working torchvision", first.remedy, needed=False)]
    try:
        importlib.import_module("d2l.torch")
        display = importlib.import_module("IPython.display")
    except Exception as error:
        text = f"does not import: {type(error).__name__}: {_first_line(error)} ({why})"
        return [first, Check("d2l", text, install, needed=False)]
    if not hasattr(display, "set_matplotlib_formats"):
        ipython = f"pip install ipython=={pins['ipython']}"
        return [first, Check("d2l", f"d2l.Animator fails under IPython 9 and later ({why})", ipython, needed=False)]
    return [first, Check("d2l", _version("d2l"))]


def check_device() -> Check:
    """The device that `helpers.engines.devices.pick_device` takes."""
    try:
        from helpers.engines.devices import pick_device

        device = pick_device(quiet=True)
    except Exception as error:
        return Check("device", f"unknown: {type(error).__name__}: {_first_line(error)}", "mend torch first")
    return Check("device", str(device))


def check_corpora() -> list[Check]:
    """PTB's archive, whole, damaged or absent; and the Wikipedia sample inside gensim."""
    try:
        from helpers.texts.sources import PTB_FILE, PTB_SHA1, sha1
    except Exception as error:
        return [Check("corpora", f"unknown: {type(error).__name__}: {_first_line(error)}", "mend the packages first")]
    if not PTB_FILE.is_file():
        ptb = Check("PTB", f"not at hand: notebooks fetch it to {PTB_FILE}, or take the Wikipedia sample")
    elif sha1(PTB_FILE) == PTB_SHA1:
        ptb = Check("PTB", str(PTB_FILE))
    else:
        text = f"damaged: {PTB_FILE} ({PTB_FILE.stat().st_size:,} bytes) has the wrong SHA-1"
        remedy = f"remove it, and let a notebook fetch it again; or put a whole one there (SHA-1 {PTB_SHA1})"
        ptb = Check("PTB", text, remedy, needed=False)
    gensim = _find("gensim")
    data = Path(gensim.origin).parent / "test" / "test_data" if gensim and gensim.origin else Path("gensim")
    if any(data.glob("enwiki-latest-pages-articles1*shortened.bz2")):
        return [ptb, Check("Wikipedia", "the sample inside gensim, which needs no network")]
    return [ptb, Check("Wikipedia", "its sample is not there: it comes with gensim", "pip install -r requirements.txt")]


def checks() -> Iterator[Check]:
    """Every check, one after the other, as each is done."""
    yield check_python()
    rows = list(requirements())
    pins = {name: pinned for name, pinned, _ in rows}
    for name, pinned, section in rows:
        if name not in ("d2l", "torchvision"):
            yield check_package(name, pinned, section)
    yield from check_book(pins)
    yield check_device()
    yield from check_corpora()


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "of unknown version"


def _find(name: str):
    try:
        return importlib.util.find_spec(name)
    except ImportError:
        return None


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0]


def main() -> int:
    """Print the report; 0 if all that the course needs is there, else 1."""
    needed = spare = 0
    for check in checks():
        print(check, flush=True)
        needed += not check.ok and check.needed
        spare += not check.ok and not check.needed
    if needed:
        print(f"\n{needed} to mend before you start; `make env` installs all.")
    else:
        print("\nReady." + (f" The course runs without the {spare} marked [FAIL]." if spare else ""))
    return 1 if needed else 0


if __name__ == "__main__":
    sys.exit(main())
