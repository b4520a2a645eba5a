# Run by python -m course.check_env · tests/course/test_check_env.py
"""Is this environment ready? ``python -m course.check_env`` says, with a remedy for each thing that is not.

It imports nothing at the top but the standard library and what needs no more, so that it runs where packages are
missing.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata

from helpers.book.diagnosis import find_fault, pins

PYTHONS = ((3, 10), (3, 14))
# Imported, and not only looked up, are those that notebooks import; the name to import where it is not the package's.
MODULES = {"scikit-learn": "sklearn", "ipython": "IPython", "pillow": "PIL"}
LOOKED_UP = (
    "playwright",
    "setuptools",
    "jupyterlab",
    "ruff",
    "pytest",
    "nbval",
    "hypothesis",
    "nbclient",
    "nbconvert",
    "sphinx",
    "myst-nb",
    "pydata-sphinx-theme",
    "sphinx-copybutton",
    "mini-racer",
    "pypdf",
    "pyyaml",
)
NEEDED_FOR = {
    "the tests": "only `make test` and `make run` need it",
    "the site": "only `make run`, `make book` and `make slides` need it",
    "the book": "only the book's own cells need it",
}


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
    """Python from 3.10 to 3.14.

    Examples
    --------
    >>> check_python((3, 14, 1)).ok, check_python((3, 15, 0)).ok
    (True, False)
    """
    text = ".".join(map(str, version))
    if PYTHONS[0] <= tuple(version[:2]) <= PYTHONS[1]:
        return Check("Python", text)
    why = "end at 3.14" if tuple(version[:2]) > PYTHONS[1] else "begin at 3.10"
    return Check("Python", f"{text}: the pinned packages {why}", "make the environment anew with Python 3.13")


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


def check_book() -> list[Check]:
    """torchvision and d2l, which only the book's own cells need; each way in which they fail has its own remedy."""
    found = []
    for name in ("torchvision", "d2l"):
        fault = find_fault(name)
        if fault:
            text = "missing" if fault.missing else fault.what
            found.append(Check(name, f"{text} ({NEEDED_FOR['the book']})", fault.remedy, needed=False))
        else:
            found.append(Check(name, _version(name)))
    return found


def check_gensim(version: tuple[int, ...] = tuple(sys.version_info[:2])) -> Check:
    """gensim on a Python that it has no wheel for: no fault, and what goes without it."""
    why = f"none for Python {version[0]}.{version[1]}: the cells of 10 and 12 that run it are skipped"
    return Check("gensim", why)


def check_device() -> Check:
    """The device that `helpers.engines.devices.pick_device` takes."""
    try:
        from helpers.engines.devices import pick_device

        device = pick_device(quiet=True)
    except Exception as error:
        return Check("device", f"unknown: {type(error).__name__}: {_first_line(error)}", "mend torch first")
    return Check("device", str(device))


def check_corpora() -> list[Check]:
    """PTB's archive, whole, damaged or absent; and the Wikipedia sample inside gensim's wheel."""
    try:
        from helpers.texts.samples import REMEDY, SampleMissing, sample
        from helpers.texts.sources import PTB_FILE, PTB_SHA1, WIKI_DUMP, sha1
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
    try:
        sample(WIKI_DUMP)
    except SampleMissing:
        return [ptb, Check("Wikipedia", "the sample in gensim's wheel is not there", REMEDY)]
    return [ptb, Check("Wikipedia", "the sample in gensim's wheel, which needs no network")]


def checks() -> Iterator[Check]:
    """Every check, one after the other, as each is done."""
    yield check_python()
    rows = list(pins())
    for name, pinned, section in rows:
        if name not in ("d2l", "torchvision"):
            yield check_package(name, pinned, section)
    if "gensim" not in [name for name, _, _ in rows]:
        yield check_gensim()
    yield from check_book()
    yield check_device()
    yield from check_corpora()


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "of unknown version"


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
