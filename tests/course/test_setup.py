"""Set-up: `make env` with whatever Pythons a machine has, and the files that set the course up elsewhere.

The Pythons and uv are stubs, shell scripts that write down how they were called; PATH holds them and a few tools.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from course import check_env
from helpers.files import ROOT
from helpers.texts import samples

pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="no make here; the README gives the plain commands")
TOOLS = "sh make awk cat dirname env find head id ls mkdir mv rm sed sleep uname".split()
FILES = ("Makefile", "requirements.txt", "requirements-context.txt", "pyproject.toml")
PINS = {name: pinned for name, pinned, _ in check_env.pins(minor=13)}

# A Python of another version, as far as make_env.sh can see. Its `-m venv` makes one of the same version, without pip
# where the name says so.
PYTHON = """
case "$1" in -c | --version) ;; *) echo "$(basename "$0") $*" >> "$CALLS" ;; esac
case "$1 $2" in
  "--version ") echo "Python {version}" ;;
  "-c import gensim") [ {minor} -lt 14 ] ;;
  "-c "*) exec "{real}" -I -S -c 'import sys
sys.version_info = tuple(map(int, "{version}".split("."))); sys.implementation.name = "{implementation}"
exec(sys.argv[1])' "$2" ;;
  "-m venv") [ -z "$NO_VENV" ] && mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  "-m pip")
    [ -z "$NO_PIP" ] || exit 1
    case "$*" in
      *--version*) ;;
      *"--target .uv.part"*) mkdir -p .uv.part/bin && [ -z "$BLOCKED" ] && cp "$UV_STUB" .uv.part/bin/uv ;;
      *--target*) mkdir -p data/gensim.part/gensim/test/test_data && [ -z "$NO_DATA" ] ;;
      *" uv") exit 1 ;;
      *-context.txt) [ -z "$NO_CONTEXT" ] ;;
      *) [ -z "$KILL" ] || kill -9 "$(cat .venv/.making)"
         [ -z "$NO_INDEX" ] ;;
    esac ;;
esac
"""
UV = """
[ "$1" = --version ] || echo "uv $*" >> "$CALLS"
case "$1 $2" in
  "--version ") ;;
  "python install") [ "$UV_PYTHON_INSTALL_BIN" = 0 ] && [ -z "$BLOCKED" ] ;;
  "python find") echo "$FETCHED" ;;
  "venv "*) [ -z "$UV_FAILS" ] && mkdir -p .venv/bin && cp "$FETCHED" .venv/bin/python ;;
  "pip "*) [ -z "$UV_FAILS" ] ;;
esac
"""


def executable(path, text):
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def stub(path, version, implementation="cpython"):
    text = PYTHON.replace("{version}", version).replace("{minor}", version.split(".")[1])
    return executable(path, text.replace("{real}", sys.executable).replace("{implementation}", implementation))


class Machine:
    """A checkout of what `make env` reads, in a folder whose name has a blank, and a PATH of a machine's own."""

    def __init__(self, tmp_path, **pythons):
        self.root, self.bin = tmp_path / "two words", tmp_path / "bin"
        (self.root / "course").mkdir(parents=True)
        for name in (*FILES, "course/make_env.sh"):
            shutil.copy(ROOT / name, self.root / name)
        self.bin.mkdir()
        for tool in ["basename", "cp", "tr", *TOOLS]:
            (self.bin / tool).symlink_to(shutil.which(tool))
        for name, version in pythons.items():
            self.python(name.replace("_", "."), version)
        self.env = {
            "PATH": str(self.bin),
            "CALLS": str(tmp_path / "calls"),
            "UV_STUB": str(executable(tmp_path / "kept" / "uv", UV)),
            "FETCHED": str(stub(tmp_path / "kept" / "python3.13", "3.13.7")),
        }

    def python(self, name, version, **options):
        return stub(self.bin / name, version, **options)

    def uv(self):
        executable(self.bin / "uv", UV)

    def make(self, *arguments, **env):
        """(exit status, what it says, how the stubs were called)."""
        calls = Path(self.env["CALLS"])
        calls.write_text("")
        command = ["make", "env", *arguments]
        env = {**self.env, **env}
        done = subprocess.run(command, cwd=self.root, env=env, capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout + done.stderr, calls.read_text().splitlines()

    @property
    def venv(self):
        return self.root / ".venv"

    def made_with(self):
        return subprocess.run(
            [self.venv / "bin" / "python", "--version"], capture_output=True, text=True, env=self.env
        ).stdout.strip()


# -- which Python


@pytest.mark.parametrize(
    ("pythons", "taken"),
    [
        ({"python3": "3.9.18", "python3_11": "3.11.7", "python3_12": "3.12.1"}, "3.12.1"),
        ({"python3": "3.15.0", "python3_14": "3.14.2", "python3_13": "3.13.7"}, "3.14.2"),
        ({"python3": "3.13.7", "python3_10": "3.10.1"}, "3.13.7"),
        ({"python": "3.12.1"}, "3.12.1"),
        ({"python": "2.7.18", "python3": "3.10.0"}, "3.10.0"),
    ],
    ids=["3.9 and others", "3.15 and others", "without a number", "python alone", "python is 2.7"],
)
def test_the_newest_python_that_fits(tmp_path, pythons, taken):
    machine = Machine(tmp_path, **pythons)
    status, said, _ = machine.make()
    assert status == 0, said
    assert f"Making the environment in .venv with Python {taken}." in said
    assert machine.made_with() == f"Python {taken}" and (machine.venv / ".made").exists()
    assert not (machine.venv / ".making").exists()


def test_a_name_that_does_not_run_and_pypy_are_passed_over(tmp_path):
    machine = Machine(tmp_path, python3_10="3.10.1")
    executable(machine.bin / "python3.13", "echo 'not installed' >&2; exit 127")
    machine.python("python3.12", "3.12.1", implementation="pypy")
    assert machine.make()[0] == 0 and machine.made_with() == "Python 3.10.1"


def test_python_can_be_named(tmp_path):
    machine = Machine(tmp_path, python3_13="3.13.7", python3_11="3.11.7")
    assert machine.make("PYTHON=python3.11")[0] == 0
    assert machine.made_with() == "Python 3.11.7"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("./old", "./old is Python 3.9.18; the course needs CPython 3.10 to 3.14"),
        ("./new", "./new is Python 3.15.0; the course needs CPython 3.10 to 3.14"),
        ("./none", "PYTHON=./none: there is no such program"),
    ],
)
def test_a_named_python_that_does_not_fit_is_refused(tmp_path, name, words):
    machine = Machine(tmp_path, python3_13="3.13.7")
    stub(machine.root / "old", "3.9.18")
    stub(machine.root / "new", "3.15.0")
    status, said, calls = machine.make(f"PYTHON={name}")
    assert status != 0 and words in said
    assert not machine.venv.exists() and calls == []


def test_the_range_is_written_once_for_each_language():
    script = (ROOT / "course" / "make_env.sh").read_text(encoding="utf-8")
    low, high = check_env.PYTHONS
    assert f"v[0] == 3 and {low[1]} <= v[1] <= {high[1]}" in script
    names = " ".join(f"python3.{minor}" for minor in range(high[1], low[1] - 1, -1))
    assert f"for name in {names} python3 python; do" in script


# -- no Python that fits: uv


@pytest.mark.parametrize("pythons", [{"python3": "3.9.18"}, {"python3": "3.15.0"}, {}], ids=["3.9", "3.15", "none"])
def test_uv_fetches_a_python(tmp_path, pythons):
    machine = Machine(tmp_path, **pythons)
    machine.uv()
    status, said, calls = machine.make()
    assert status == 0, said
    here = f"python3 is Python {pythons['python3']}" if pythons else "no python3 on PATH"
    assert f"No Python from 3.10 to 3.14 here ({here}): fetching Python 3.13 through uv." in said
    assert calls[:2] == ["uv python install 3.13", "uv python find 3.13"]
    assert machine.made_with() == "Python 3.13.7"


@pytest.mark.parametrize("version", ["3.9.18", "3.15.0"])
def test_any_python_with_pip_fetches_uv(tmp_path, version):
    machine = Machine(tmp_path, python3=version)
    status, said, calls = machine.make()
    assert status == 0, said
    assert calls[0] == "python3 -m pip --version"
    assert re.fullmatch(r"python3 -m pip install .*--target \.uv\.part uv", calls[1])
    assert "uv python install 3.13" in calls and machine.made_with() == "Python 3.13.7"
    assert (machine.root / ".uv" / "bin" / "uv").exists() and not (machine.root / ".uv.part").exists()
    shutil.rmtree(machine.venv)
    executable(machine.root / ".uv" / "bin" / "uv", "exit 1")  # a broken one is replaced
    assert machine.make()[0] == 0 and "UV_FAILS" in (machine.root / ".uv" / "bin" / "uv").read_text()
    shutil.rmtree(machine.venv)
    assert "--target .uv.part" not in str(machine.make()[2])  # it is there now


@pytest.mark.parametrize(
    ("pythons", "uv", "env", "why"),
    [
        ({"python3": "3.9.18"}, False, {"BLOCKED": "1"}, "uv is not here, and could not be installed"),
        ({"python3": "3.9.18"}, False, {"NO_PIP": "1"}, "uv is not here, and could not be installed"),
        ({}, False, {}, "uv is not here, and could not be installed"),
        ({"python3": "3.15.0"}, True, {"BLOCKED": "1"}, "uv could not fetch one"),
    ],
    ids=["no network for pip", "no pip", "no Python", "no network for uv"],
)
def test_the_two_ways_out(tmp_path, pythons, uv, env, why):
    machine = Machine(tmp_path, **pythons)
    if uv:
        machine.uv()
    status, said, _ = machine.make(**env)
    assert status != 0 and f"and {why}. Two ways out:" in said
    assert "install a Python from 3.10 to 3.14 yourself, then: make env PYTHON=python3.13" in said
    assert "install uv, or give this machine a network" in said
    left = {path.name for path in machine.root.iterdir()}
    assert left == {*FILES, "course"}


# -- installing


def test_uv_installs_where_it_is_at_hand(tmp_path):
    machine = Machine(tmp_path, python3="3.13.7")
    machine.uv()
    status, said, calls = machine.make()
    assert status == 0 and not [call for call in calls if "-m pip" in call], said
    assert "uv pip install --python .venv/bin/python -r requirements.txt" in calls
    assert "uv pip install --python .venv/bin/python --quiet --no-deps --no-build-isolation -e ." in calls


def test_pip_installs_where_uv_is_not_and_where_it_fails(tmp_path):
    alone = "python -m pip install --disable-pip-version-check -r requirements.txt"
    machine = Machine(tmp_path / "1", python3="3.13.7")
    status, said, calls = machine.make()
    assert status == 0 and alone in calls and "uv" not in said
    machine = Machine(tmp_path / "2", python3="3.13.7")
    machine.uv()
    executable(machine.bin / "uv", UV.replace('"pip "*) [ -z "$UV_FAILS" ]', '"pip install"*) false'))
    status, said, calls = machine.make()
    assert status == 0 and alone in calls and "trying pip" in said


def test_debians_python_without_venv(tmp_path):
    machine = Machine(tmp_path, python3="3.13.7")
    status, said, _ = machine.make(NO_VENV="1", NO_PIP="1")
    assert status != 0 and "apt install python3-venv" in said and not machine.venv.exists()
    assert machine.make(NO_VENV="1")[0] == 0  # pip fetches uv, and uv makes it
    assert (machine.venv / ".made").exists()


def test_nothing_is_left_where_installing_fails(tmp_path):
    machine = Machine(tmp_path, python3="3.13.7")
    status, said, _ = machine.make(NO_INDEX="1")
    assert status != 0 and "Installing failed" in said and not machine.venv.exists()


def test_what_is_made_is_made_anew_only_when_the_pins_change(tmp_path):
    machine = Machine(tmp_path, python3="3.13.7")
    machine.make()
    assert machine.make() == (0, "", [])
    later = (machine.venv / ".made").stat().st_mtime + 5
    os.utime(machine.root / "requirements.txt", (later, later))
    status, said, calls = machine.make(NO_INDEX="1")
    assert status != 0 and machine.made_with() == "Python 3.13.7"  # without a network the old one is kept
    os.utime(machine.root / "requirements.txt", (later, later))
    status, said, calls = machine.make()
    assert status == 0 and not [call for call in calls if "-m venv" in call]
    assert [call for call in calls if "-r requirements.txt" in call]


def test_the_optional_packages_are_taken_where_they_resolve(tmp_path):
    machine = Machine(tmp_path, python3="3.13.7")
    status, said, calls = machine.make(NO_CONTEXT="1")
    assert status == 0 and "optional packages of notebook 13 could not be installed" in said
    assert (machine.venv / ".made").exists()
    later = (machine.venv / ".made").stat().st_mtime + 5
    os.utime(machine.root / "requirements-context.txt", (later, later))
    status, said, calls = machine.make()
    assert status == 0 and [call for call in calls if "-r requirements-context.txt" in call] and "Note" not in said


# -- what is in the way


def test_a_half_made_environment_is_noticed(tmp_path):
    machine = Machine(tmp_path, python3="3.13.7")
    stub(machine.venv / "bin" / "python", "3.13.7")
    (machine.venv / "left").touch()
    process = subprocess.Popen(["sleep", "60"])
    try:
        (machine.venv / ".making").write_text(f"{process.pid}\n")
        status, said, _ = machine.make()
        assert status != 0 and f"Another `make env` is at work on .venv (process {process.pid})" in said
        assert (machine.venv / "left").exists()
    finally:
        process.kill()
        process.wait()
    status, said, _ = machine.make()
    assert status == 0 and "left half-made: it is made anew" in said
    assert not (machine.venv / "left").exists() and (machine.venv / ".made").exists()


def test_a_run_that_was_killed_is_noticed(tmp_path):
    machine = Machine(tmp_path, python3="3.13.7")
    assert machine.make(KILL="1")[0] != 0
    assert (machine.venv / ".making").exists() and not (machine.venv / ".made").exists()
    status, said, _ = machine.make()
    assert status == 0 and "left half-made: it is made anew" in said and (machine.venv / ".made").exists()


def test_an_environment_of_ones_own_is_used(tmp_path):
    machine = Machine(tmp_path, python3="3.13.7")
    stub(machine.venv / "bin" / "python", "3.11.2")
    status, said, calls = machine.make()
    assert status == 0 and machine.made_with() == "Python 3.11.2"
    assert not [call for call in calls if "-m venv" in call]


def test_an_environment_whose_python_is_gone_is_made_anew(tmp_path):
    machine = Machine(tmp_path, python3="3.13.7")
    (machine.venv / "bin").mkdir(parents=True)
    (machine.venv / "bin" / "python").symlink_to(tmp_path / "gone")
    (machine.venv / "pyvenv.cfg").touch()
    status, said, _ = machine.make()
    assert status == 0 and "does not run any more" in said and machine.made_with() == "Python 3.13.7"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda venv: stub(venv / "bin" / "python", "3.9.18"), ".venv/bin/python is Python 3.9.18; the course needs"),
        (lambda venv: (venv / "Scripts").mkdir(parents=True), "is an environment of Windows"),
        (lambda venv: executable(venv / "notes", ""), "is no environment"),
    ],
    ids=["unfit", "Windows", "no environment"],
)
def test_what_is_not_ours_is_left_alone(tmp_path, make, words):
    machine = Machine(tmp_path, python3="3.13.7")
    make(machine.venv)
    before = sorted(machine.venv.rglob("*"))
    status, said, calls = machine.make()
    assert status != 0 and words in said
    assert sorted(machine.venv.rglob("*")) == before and not [call for call in calls if "install" in call]


# -- PyTorch's CPU builds


def test_torch_comes_from_its_own_index_when_asked(tmp_path):
    machine = Machine(tmp_path, python3="3.13.7")
    machine.uv()
    status, said, calls = machine.make("TORCH=cpu", "TORCH_INDEX=https://mirror.example/cpu")
    both = f"torch=={PINS['torch']} torchvision=={PINS['torchvision']}"
    index = f"uv pip install --python .venv/bin/python --no-deps --index-url https://mirror.example/cpu {both}"
    rest = "uv pip install --python .venv/bin/python -r requirements.txt"
    assert status == 0 and calls.index(index) < calls.index(rest)
    assert machine.make("TORCH=cpu") == (0, "", [])
    later = (machine.venv / ".made").stat().st_mtime + 5
    os.utime(machine.root / "requirements.txt", (later, later))
    assert any("download.pytorch.org" in call for call in machine.make()[2])  # the choice is kept


def test_a_change_of_mind_is_answered_and_changes_nothing(tmp_path):
    machine = Machine(tmp_path, python3="3.13.7", python3_11="3.11.7")
    machine.make()
    status, said, calls = machine.make("TORCH=cpu", "PYTHON=python3.11")
    assert status == 0 and not calls
    assert "Note: .venv has PyTorch's default builds and is kept." in said
    assert "Note: .venv has Python 3.13.7 and is kept." in said


def test_another_torch_is_refused(tmp_path):
    machine = Machine(tmp_path, python3="3.13.7")
    status, said, calls = machine.make("TORCH=gpu")
    assert status != 0 and "TORCH=gpu: the one choice is TORCH=cpu" in said and not machine.venv.exists()


def test_a_machine_without_nvidias_driver_hears_of_the_cpu_builds(tmp_path):
    hint = "No NVIDIA driver here: TORCH=cpu"
    machine = Machine(tmp_path, python3="3.13.7")
    if not Path("/proc/driver/nvidia").exists():
        executable(machine.bin / "uname", "echo Linux")
        assert hint in machine.make()[1]
    for way in ("TORCH=cpu", "nvidia-smi", "Darwin"):
        shutil.rmtree(machine.venv, ignore_errors=True)
        executable(machine.bin / ("uname" if way == "Darwin" else way), "echo Darwin")
        assert hint not in machine.make(*["TORCH=cpu"] * (way == "TORCH=cpu"))[1], way
        if way == "nvidia-smi":
            (machine.bin / "nvidia-smi").unlink()


def wheel(index, name, version, requires=""):
    """A package of one line, in a folder that is a simple index."""
    (index / name).mkdir(parents=True, exist_ok=True)
    path, info = index / name / f"{name}-{version}-py3-none-any.whl", f"{name}-{version}.dist-info"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(f"{name}.py", f"__version__ = {version!r}\n")
        file.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{requires}")
        file.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        file.writestr(f"{info}/RECORD", "")
    links = [f'<a href="{path.name.replace("+", "%2B")}">{path.name}</a>' for path in (index / name).glob("*.whl")]
    (index / name / "index.html").write_text(f"<!DOCTYPE html><html><body>{''.join(links)}</body></html>")


def test_cpu_builds_from_a_real_index_by_pip(tmp_path):
    """With pip and no stub: from the index named, and what they need from the other, which has its own torch."""
    cpu, pypi = tmp_path / "cpu", tmp_path / "pypi"
    torch, vision = PINS["torch"], PINS["torchvision"]
    wheel(cpu, "torch", f"{torch}+cpu", "Requires-Dist: filelock\n")
    wheel(cpu, "torchvision", f"{vision}+cpu", f"Requires-Dist: torch=={torch}\n")
    wheel(pypi, "torch", torch, "Requires-Dist: nvidia-cublas\n")
    wheel(pypi, "torchvision", vision, f"Requires-Dist: torch=={torch}\n")
    wheel(pypi, "filelock", "3.0")
    machine = Machine(tmp_path, python3="3.13.7")
    (machine.bin / "python3").unlink()
    (machine.bin / "python3").symlink_to(sys.executable)
    pinned = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines(keepends=True)
    (machine.root / "requirements.txt").write_text("".join(line for line in pinned if line.startswith("torch")))
    script = machine.root / "course" / "make_env.sh"
    only = re.sub(
        r"(?m)^    add --quiet --no-deps --no-build-isolation .*$|^fetch_gensim_data$", "", script.read_text()
    )
    script.write_text(only)
    env = {"PIP_INDEX_URL": pypi.as_uri(), "PIP_CONFIG_FILE": os.devnull, "HOME": str(tmp_path)}
    status, said, _ = machine.make("TORCH=cpu", f"TORCH_INDEX={cpu.as_uri()}", **env)
    assert status == 0, said
    code = "import torch, torchvision, filelock; print(torch.__version__, torchvision.__version__)"
    done = subprocess.run([machine.venv / "bin" / "python", "-c", code], capture_output=True, text=True)
    assert done.stdout.split() == [f"{torch}+cpu", f"{vision}+cpu"], done.stderr


# -- gensim's data, where gensim is not


@pytest.mark.parametrize("uv", [True, False], ids=["uv", "pip"])
def test_gensims_data_is_fetched_where_it_has_no_wheel(tmp_path, uv):
    machine = Machine(tmp_path, python3_14="3.14.2")
    if uv:
        machine.env["FETCHED"] = str(machine.bin / "python3.14")
        data = "mkdir -p data/gensim.part/gensim/test/test_data"
        executable(
            machine.bin / "uv",
            UV.replace('"pip "*)', f'"pip install") case "$*" in *--target*) {data};; esac ;;\n"pip "*)'),
        )
    status, said, calls = machine.make()
    assert status == 0, said
    [call] = [call for call in calls if "--target" in call]
    assert f"--only-binary :all: --python-version 3.13 --target data/gensim.part gensim=={PINS['gensim']}" in call
    assert (machine.root / samples.TARGET.relative_to(ROOT) / "gensim" / "test" / "test_data").is_dir()
    assert PINS["gensim"] == samples.VERSION
    later = (machine.venv / ".made").stat().st_mtime + 5
    os.utime(machine.root / "requirements.txt", (later, later))
    assert not [call for call in machine.make()[2] if "--target" in call]


def test_gensims_data_is_not_fetched_where_gensim_is_and_its_lack_is_no_error(tmp_path):
    machine = Machine(tmp_path / "1", python3_13="3.13.7")
    assert machine.make()[0] == 0 and not (machine.root / "data").exists()
    machine = Machine(tmp_path / "2", python3_14="3.14.2")
    status, said, _ = machine.make(NO_DATA="1")
    assert status == 0 and "Warning: gensim's sample text and evaluation sets could not be fetched" in said
    assert not list((machine.root / "data").iterdir()) and (machine.venv / ".made").exists()


# -- the other verbs, and the other files


def test_every_verb_makes_the_environment_first():
    rules = dict(re.findall(r"^([a-z]+): *([^#\n]*?) *##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    assert {"lab", "run", "test", "store", "benchmark"} <= set(rules)
    for verb in set(rules) - {"env", "help", "clean"}:
        assert rules[verb] == "env", verb


def test_every_requirement_is_pinned():
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = [line.partition("#")[0].strip() for line in lines]
    form = r'[A-Za-z0-9_-]+==[0-9.]+(; python_version (<|>=) "3\.14")?'
    assert all(re.fullmatch(form, pin) for pin in pins if pin), pins
    lines = (ROOT / "requirements-context.txt").read_text(encoding="utf-8").splitlines()
    first, *pins = [pin for line in lines if (pin := line.partition("#")[0].strip())]
    form = r'[a-z0-9-]+==[0-9.]+(; python_version >= "3\.11")?'
    assert first == "-r requirements.txt" and len(pins) > 3 and all(re.fullmatch(form, pin) for pin in pins), pins


def test_conda_installs_the_same_requirements():
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    assert "- -r requirements.txt" in text
    version = re.search(r"python=(\d+)\.(\d+)", text)
    low, high = check_env.PYTHONS
    assert low <= tuple(map(int, version.groups())) <= high


def test_devcontainer_makes_the_environment():
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    version = re.search(r"python:(?:\d+-)?3\.(\d+)", container["image"])
    assert check_env.PYTHONS[0][1] <= int(version.group(1)) <= check_env.PYTHONS[1][1]
    assert container["postCreateCommand"] == "make env TORCH=cpu"
    assert "ms-toolsai.jupyter" in container["customizations"]["vscode"]["extensions"]


@pytest.fixture(scope="module")
def workflow():
    yaml = pytest.importorskip("yaml")
    return yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8"))


def steps(workflow):
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def test_workflow_runs_on_three_systems_and_the_oldest_and_newest_python(workflow):
    ends = [f"{major}.{minor}" for major, minor in check_env.PYTHONS]
    systems = set()
    for name, job in workflow["jobs"].items():
        matrix = job.get("strategy", {}).get("matrix", {})
        systems |= {re.sub("-.*", "", system) for system in matrix.get("os", [job["runs-on"]])}
        assert matrix.get("python", ends) == ends, name
    assert systems == {"ubuntu", "macos", "windows"}
    assert {"push", "pull_request", "schedule"} <= set(workflow[True])  # YAML 1.1 reads the key `on` as true


def test_workflow_downloads_the_treebank_every_week_and_only_then(workflow):
    download = workflow["jobs"]["download"]
    assert "schedule" in download["if"] and "WORD2VEC_CORPUS" not in str(download)
    for name, job in workflow["jobs"].items():
        assert ("load_corpus(" in str(job)) == (name == "download")


def test_workflow_pins_its_actions_and_needs_no_secret(workflow):
    assert "secrets" not in str(workflow) and workflow["permissions"] == {"contents": "read"}
    used = [step["uses"] for step in steps(workflow) if "uses" in step]
    assert used and all(re.fullmatch(r"actions/[a-z-]+@v\d+", use) for use in used), used


def test_what_the_workflow_runs_is_there(workflow):
    verbs = re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"))
    seen = set()
    for command in [step["run"] for step in steps(workflow) if "run" in step]:
        for verb in re.findall(r"\bmake ([a-z]+)", command):
            assert verb in verbs, command
            seen.add(verb)
        for module in re.findall(r"-m ((?:course|helpers)[.\w]+)", command):
            assert (ROOT / f"{module.replace('.', '/')}.py").is_file(), command
        for path in re.findall(r"(?:tests/\S+|requirements\.txt)", command):
            assert (ROOT / path).exists(), command
        for module, name in re.findall(r"from (helpers[.\w]+) import (\w+)", command):
            source = (ROOT / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")
            assert re.search(rf"(?m)^def {name}\(", source), command
    assert {"env", "test"} <= seen
