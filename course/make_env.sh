#!/bin/sh
# What `make env` does: an environment in .venv, on the newest Python from 3.10 to 3.14 that is here, or on one that
# uv fetches.
#
#   PYTHON=python3.12   on this one
#   TORCH=cpu           PyTorch's CPU builds, from the index TORCH_INDEX
#
# .venv/.making marks an environment that is not whole yet, .venv/.made one that is, and how it was made.
# For any POSIX sh. Tests: tests/course/test_setup.py.

set -eu
cd "$(dirname "$0")/.."

PYTHON=${PYTHON:-}
TORCH=${TORCH:-}
TORCH_INDEX=${TORCH_INDEX:-https://download.pytorch.org/whl/cpu}
NEEDS="the course needs CPython 3.10 to 3.14"
export UV_COMPILE_BYTECODE=1  # as pip does: a first notebook opens sooner
uv=
making=

say() { printf '%s\n' "$@"; }

fail() {
    printf '%s\n' "$@" >&2
    exit 1
}

# The second number of a Python's version, where it fits; nothing where it does not, or does not run.
minor() {
    "$1" -c 'import sys; v = sys.version_info; fits = v[0] == 3 and 10 <= v[1] <= 14
print(v[1] if fits and sys.implementation.name == "cpython" else "")' 2>/dev/null || true
}

version() { "$1" --version 2>&1 | head -n 1 || true; }

# The newest Python that fits, under whichever name; nothing where there is none.
newest() {
    best=0
    best_path=
    for name in python3.14 python3.13 python3.12 python3.11 python3.10 python3 python; do
        number=$(minor "$name")
        if [ "${number:-0}" -gt "$best" ]; then
            best=$number
            best_path=$(command -v "$name")
        fi
    done
    say "$best_path"
}

# uv on PATH, or one that an earlier run of this script fetched.
find_uv() {
    for candidate in uv .uv/bin/uv .venv/bin/uv; do
        if "$candidate" --version >/dev/null 2>&1; then
            uv=$candidate
            return 0
        fi
    done
    return 1
}

# uv is a program in a wheel: any Python that has pip can fetch it, those that do not fit too.
fetch_uv() {
    for name in python3 python python3.15 python3.14 python3.13 python3.12 python3.11 python3.10 python3.9 python3.8; do
        if "$name" -m pip --version >/dev/null 2>&1; then
            rm -rf .uv.part
            "$name" -m pip install --quiet --disable-pip-version-check --retries 1 --target .uv.part uv || return 1
            rm -rf .uv
            mv .uv.part .uv
            find_uv
            return
        fi
    done
    return 1
}

# Sets python to one that fits, or ends with the two ways out.
choose_python() {
    if [ -n "$PYTHON" ]; then
        python=$PYTHON
        command -v "$python" >/dev/null 2>&1 || fail "PYTHON=$python: there is no such program; $NEEDS."
        [ -n "$(minor "$python")" ] || fail "$python is $(version "$python"); $NEEDS. Name one: make env PYTHON=python3.13"
        return
    fi
    python=$(newest)
    [ -z "$python" ] || return 0
    here="no python3 on PATH"
    if command -v python3 >/dev/null 2>&1; then here="python3 is $(version python3)"; fi
    say "No Python from 3.10 to 3.14 here ($here): fetching Python 3.13 through uv."
    if ! find_uv && ! fetch_uv; then
        stuck "uv is not here, and could not be installed"
    fi
    UV_PYTHON_INSTALL_BIN=0 "$uv" python install 3.13 || stuck "uv could not fetch one"
    python=$("$uv" python find 3.13) || stuck "uv does not find the one that it fetched"
}

stuck() {
    fail "" "There is no Python from 3.10 to 3.14 here ($here), and $1. Two ways out:" \
        "  - install a Python from 3.10 to 3.14 yourself, then: make env PYTHON=python3.13 (its name or path)" \
        "  - install uv, or give this machine a network on which uv can download, then: make env"
}

# An environment that is there already: made anew where it is broken and ours, refused where it is not ours.
look_at_old() {
    if [ -d .venv/Scripts ]; then
        fail ".venv is an environment of Windows: remove it, or make the course's in another copy of this folder."
    elif [ -f .venv/.making ]; then
        other=$(cat .venv/.making)
        if [ -n "$other" ] && kill -0 "$other" 2>/dev/null; then
            fail "Another \`make env\` is at work on .venv (process $other). If it is not: rm -r .venv"
        fi
        say "The environment in .venv was left half-made: it is made anew."
        rm -rf .venv
    elif [ -n "$(minor .venv/bin/python)" ]; then
        return 0
    elif [ ! -f .venv/.made ] && .venv/bin/python -c "" 2>/dev/null; then
        fail ".venv/bin/python is $(version .venv/bin/python); $NEEDS. Move it out of the way: rm -r .venv"
    elif [ -f .venv/.made ] || [ -f .venv/pyvenv.cfg ] || [ -z "$(ls -A .venv)" ]; then
        say "The Python of .venv does not run any more, or does not fit: the environment is made anew."
        rm -rf .venv
    else
        fail ".venv is there and is no environment: move it out of the way."
    fi
}

undo() {
    if [ -n "$making" ]; then rm -rf .venv; fi
    rm -rf .uv.part data/gensim.part
}

new_venv() {
    making=yes
    mkdir .venv
    echo $$ >.venv/.making
    if find_uv && "$uv" venv --quiet --seed --allow-existing --python "$python" .venv; then return; fi
    if "$python" -m venv .venv; then return; fi
    # Debian's Python has no venv without another package.
    if [ -z "$uv" ] && fetch_uv && "$uv" venv --quiet --seed --allow-existing --python "$python" .venv; then return; fi
    fail "$python makes no environment (see above). On Debian and Ubuntu: apt install python3-venv. Or install uv."
}

# `pip install`, by uv where it is at hand, which is several times faster. uv does not read pip's configuration, so
# pip has the last word.
add() {
    if [ -n "$uv" ]; then
        if "$uv" pip install --python .venv/bin/python "$@"; then return; fi
        say "uv could not install that: trying pip."
    fi
    .venv/bin/python -m pip install --disable-pip-version-check "$@"
}

# name==version as requirements.txt has it.
pin() { sed -n "s/^\($1==[^ ;#]*\).*/\1/p" requirements.txt | head -n 1; }

install_all() {
    if [ "$TORCH" = cpu ]; then  # both from one index, so that they match; what they need comes with the rest
        add --no-deps --index-url "$TORCH_INDEX" "$(pin torch)" "$(pin torchvision)" ||
            fail "PyTorch's CPU builds could not be fetched from $TORCH_INDEX. Without TORCH=cpu they come from PyPI."
    fi
    add -r requirements.txt || fail "Installing failed. When what is named above is mended: make env"
    add --quiet --no-deps --no-build-isolation -e . || fail "The course's own packages could not be installed."
    if [ -n "$uv" ]; then "$uv" pip check --python .venv/bin/python; else .venv/bin/python -m pip check; fi ||
        say "The packages contradict one another, as is said above: the pins in requirements.txt should be mended."
}

# The encoder and the large vectors of notebook 13, which shows stored results where these packages are not.
add_context() {
    add -r requirements-context.txt ||
        say "Note: the optional packages of notebook 13 could not be installed (see above): it shows stored results."
}

# gensim has no wheel for this Python. Its texts and evaluation sets lie in the wheels for others.
fetch_gensim_data() {
    if .venv/bin/python -c 'import gensim' 2>/dev/null || [ -d data/gensim/gensim/test/test_data ]; then return; fi
    mkdir -p data
    rm -rf data/gensim.part
    if add --quiet --no-deps --only-binary :all: --python-version 3.13 --target data/gensim.part "$(pin gensim)"; then
        rm -rf data/gensim
        mv data/gensim.part data/gensim
    else
        say "Warning: gensim's sample text and evaluation sets could not be fetched; the Wikipedia corpus is not there."
    fi
}

# What was asked for and is not what .venv has.
note_choices() {
    if [ "$TORCH" = cpu ] && [ "$1" != cpu ]; then
        say "Note: .venv has PyTorch's default builds and is kept. For the CPU builds: rm -r .venv, then TORCH=cpu again."
    fi
    if [ -n "$PYTHON" ] && [ "$(version "$PYTHON")" != "$(version .venv/bin/python)" ]; then
        say "Note: .venv has $(version .venv/bin/python) and is kept. For another: rm -r .venv, then PYTHON=... again."
    fi
}

case $TORCH in
"" | cpu) ;;
*) fail "TORCH=$TORCH: the one choice is TORCH=cpu; without it PyTorch comes as PyPI has it." ;;
esac

if [ -f .venv/.made ] && [ -x .venv/bin/python ]; then
    old=$(sed -n 's/^torch=//p' .venv/.made)
    note_choices "$old"
    TORCH=$old
    if [ -z "$(find requirements.txt requirements-context.txt pyproject.toml -newer .venv/.made)" ]; then exit 0; fi
elif [ -e .venv ] || [ -L .venv ]; then
    look_at_old
fi

trap undo EXIT
trap 'exit 130' INT
trap 'exit 143' HUP TERM

if [ ! -d .venv ]; then
    choose_python
    say "Making the environment in .venv with $(version "$python")."
    if [ -z "$TORCH" ] && [ "$(uname -s)" = Linux ] && [ ! -e /proc/driver/nvidia ] && ! command -v nvidia-smi >/dev/null; then
        say "No NVIDIA driver here: TORCH=cpu (make lab TORCH=cpu) installs about 0.7 GB of PyTorch instead of 5."
    fi
    new_venv
fi
if [ -z "$uv" ] && ! find_uv; then  # once, quickly; without it pip does all
    if .venv/bin/python -m pip install --quiet --disable-pip-version-check --retries 0 uv 2>/dev/null; then
        uv=.venv/bin/uv
    fi
fi
install_all
add_context
fetch_gensim_data
printf 'torch=%s\n' "$TORCH" >.venv/.made
rm -f .venv/.making
making=
