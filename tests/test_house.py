"""The house: who may import whom, that no imports run in a circle, and how long modules and functions are."""

import ast
import importlib
import importlib.util
import re
import sys
from graphlib import CycleError, TopologicalSorter

import pytest

import checks
from course import notebook_files, readme
from helpers.files import ROOT

EXERCISES = {f"{number}.{i}" for number, names in checks.NAMES.items() for i in range(1, len(names) + 1)}

PACKAGES = ("helpers", "checks", "experiments", "course")
# Beside itself, what each may import: `helpers` nothing, so that what a student reads leads nowhere else.
MAY = {"helpers": (), "checks": ("helpers",), "experiments": ("helpers",), "course": ("helpers", "checks")}
NOTEBOOKS_MAY = ("helpers", "checks", "experiments.results")
# One way through the house: an import points to the left, or stays where it is. What stands beside the line: nothing on
# it imports `plots` or `controls`.
LINE = (
    "arguments shapes files packed",
    "texts",
    "corpus",
    "sampling",
    "batches",
    "model",
    "engines.history engines.interrupts engines.devices engines.checkpoints engines.parts engines.safety engines.runs",
    "training",
    "rows formats",
    "vectors",
    "spellings questions evaluation",
)
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
}


def imported(source: str):
    """What a source imports, anywhere in it: dotted names of modules, and of what is taken from them."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute here"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def module_of(name: str, modules) -> str | None:
    """The module of ours that a dotted name is, or stands in."""
    while name and name not in modules:
        name = name.rpartition(".")[0]
    return name or None


def graph(sources: dict[str, str]) -> dict[str, set[str]]:
    """The modules that each module imports."""
    return {
        name: {module_of(used, sources) for used in imported(source)} - {None, name} for name, source in sources.items()
    }


def within(name: str, places) -> bool:
    return any(name == place or name.startswith(f"{place}.") for place in places)


def wrong_arrows(arrows: dict[str, set[str]]):
    """Imports that cross from one package into another where they may not, or point forward along the line."""
    places = {f"helpers.{name}": i for i, group in enumerate(LINE) for name in group.split()}
    place = lambda name: next((i for start, i in places.items() if within(name, [start])), None)  # noqa: E731
    for name, used in arrows.items():
        package = name.partition(".")[0]
        for other in sorted(used):
            if not within(other, (package, *MAY[package])):
                allowed = ", ".join(MAY[package]) or "nothing"
                yield f"{name} imports {other}: {package} may import {allowed} beside itself"
            here, there = place(name), place(other)
            if here is not None and other.startswith("helpers.") and (there is None or there > here):
                yield f"{name} imports {other}, which does not come before it on the line"
            if within(other, ["helpers.plots", "helpers.controls"]) and package == "helpers":
                if not within(name, ["helpers.plots", "helpers.controls"]):
                    yield f"{name} imports {other}: figures and sliders are handed the rest, and nothing needs them"


def circle(arrows: dict[str, set[str]]) -> list[str]:
    """The modules of a circle of imports, if there is one."""
    try:
        list(TopologicalSorter(arrows).static_order())
    except CycleError as error:
        return error.args[1]
    return []


SOURCES = {name: path.read_text(encoding="utf-8") for name, path in MODULES.items()}
ARROWS = graph(SOURCES)


def test_imports_go_where_they_may():
    assert list(wrong_arrows(ARROWS)) == []


def test_no_imports_run_in_a_circle():
    assert circle(ARROWS) == []


@pytest.mark.parametrize(
    ("name", "planted", "says"),
    [
        ("helpers.corpus", "import checks", "helpers may import nothing"),
        ("helpers.maps", "def f():\n    from course.run import execute", "helpers may import nothing"),
        ("helpers.theory", "from experiments import results", "helpers may import nothing"),
        ("checks.core", "from course import notebook_files", "checks may import helpers"),
        ("experiments.race", "import checks.core", "experiments may import helpers"),
        ("course.run", "from experiments.results import load", "course may import helpers, checks"),
        ("helpers.sampling", "from helpers.training import step", "does not come before it"),
        ("helpers.corpus", "from helpers import vectors", "does not come before it"),
        ("helpers.model", "from helpers.theory import pmi", "does not come before it"),
        ("helpers.theory", "from helpers import plots", "nothing needs them"),
    ],
)
def test_a_planted_arrow_is_seen(name, planted, says):
    arrows = graph({**SOURCES, name: f"{SOURCES[name]}\n{planted}\n"})
    assert [line for line in wrong_arrows(arrows) if line.startswith(name) and says in line]


@pytest.mark.parametrize(
    ("name", "planted"),
    [
        ("helpers.engines.history", "def late():\n    from helpers import training"),
        ("checks.forms", "if TYPE_CHECKING:\n    from checks.core import NumberCheck"),
    ],
)
def test_a_planted_circle_is_seen(name, planted):
    assert name in circle(graph({**SOURCES, name: f"{SOURCES[name]}\n{planted}\n"}))


def test_every_module_can_be_imported_first():
    """No circle that only runs: each module is imported with none of ours there yet."""
    ours = lambda: [name for name in sys.modules if within(name, PACKAGES)]  # noqa: E731
    before = {name: sys.modules[name] for name in ours()}
    missing = () if importlib.util.find_spec("triton") else ("helpers.engines.triton",)
    try:
        for name in MODULES:
            if name.endswith("__main__") or name in missing:
                continue
            for other in ours():
                del sys.modules[other]
            importlib.import_module(name)
    finally:
        for other in ours():
            del sys.modules[other]
        sys.modules.update(before)


@pytest.mark.parametrize("path", notebook_files.find(), ids=lambda path: path.name)
def test_notebooks_import_what_they_may(path):
    code = [cell.source for cell in notebook_files.read(path).cells if cell.cell_type == "code"]
    lines = [line.strip() for source in code for line in re.sub(r",\n\s+|\(\n\s+", " ", source).split("\n")]
    found = re.findall(rf"^(?:from|import) ((?:{'|'.join(PACKAGES)})[\w.]*)", "\n".join(lines), re.M)
    assert found and all(within(name, NOTEBOOKS_MAY) for name in found), found


# -- lengths

LONGEST_MODULE, LONGEST_FUNCTION = 300, 60


def long_functions(source: str):
    """Functions whose body, without the docstring, has more lines than it may."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
            lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0
            if lines > LONGEST_FUNCTION:
                yield f"{node.name} has {lines} lines"


@pytest.mark.parametrize("name", MODULES)
def test_lengths(name):
    lines = SOURCES[name].count("\n")
    assert lines <= LONGEST_MODULE, f"{lines} lines: two ideas?"
    assert list(long_functions(SOURCES[name])) == []


def test_a_long_function_is_seen():
    assert list(long_functions("def f():\n" + "    x = 1\n" * 61)) == ["f has 61 lines"]
    assert list(long_functions('def f():\n    """Long."""\n' + "    x = 1\n" * 60)) == []


def test_files_of_tests_have_names_of_their_own():
    """pytest imports them by name: two of one name cannot be run together."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))


# -- where each module is taught and tested


@pytest.mark.parametrize("path", list(readme.modules()), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_first_line_says_where_a_module_is_taught_and_tested(path):
    at = readme.place(path)
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for name in at.tests.split():
        assert (ROOT / name).exists(), f"{name} is not there"
    if at.tests.startswith("tests/helpers"):
        files = [
            file
            for name in at.tests.split()
            for file in ((ROOT / name).rglob("*.py") if (ROOT / name).is_dir() else [ROOT / name])
        ]
        words = "\n".join(file.read_text(encoding="utf-8") for file in files)
        assert re.search(rf"\b{module.rpartition('.')[2]}\b", words), f"{at.tests} says nothing of {module}"
    assert set(filter(None, at.exercised.split(", "))) <= EXERCISES


def test_a_taught_module_is_taught_where_its_first_line_says():
    taught = {}
    for path in notebook_files.find():
        for cell in notebook_files.read(path).cells:
            mirrors = cell.metadata.get("mirrors", [])
            for name in [mirrors] if isinstance(mirrors, str) else mirrors:
                taught.setdefault(name.partition(":")[0], set()).add(path.stem[:2])
    for name, numbers in taught.items():
        assert set(readme.place(MODULES[name]).taught.split(", ")) == numbers, name


def test_every_exercise_is_some_modules():
    said = {exercise for path in readme.modules("helpers") for exercise in readme.place(path).exercised.split(", ")}
    assert EXERCISES - said == set()


def test_the_map_of_helpers_is_one_screen_and_that_of_the_modules():
    page = (ROOT / "helpers" / "README.md").read_text(encoding="utf-8")
    assert page == readme.page(), "write it anew: python -m course.readme"
    assert page.count("\n") <= 64


def test_a_module_that_does_not_say_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(readme, "ROOT", tmp_path)
    (tmp_path / "new.py").write_text('"""Nothing said."""\n')
    with pytest.raises(ValueError, match="new.py begins with .*Nothing said.*its first line says where"):
        readme.place(tmp_path / "new.py")
