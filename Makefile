# One way in: `make lab` opens the course, `make run` executes it, `make test` checks what CI checks.
# Every verb makes the environment first, where it is missing or older than the pins.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.made

# A backend or a corpus that the shell has set would change what the notebooks show.
unexport MPLBACKEND

# In a container one is root, which Jupyter refuses unless told.
AS_ROOT = $(if $(filter 0,$(shell id -u)),--allow-root)

# PyTorch's threads wait for each other by spinning. Beside another busy process that costs nine tenths of the speed;
# a short spin, then sleep, costs a fifth when alone and a half when not. The benchmark keeps the default.
lab run test browser store: export GOMP_SPINCOUNT ?= 1000

.PHONY: help env lab run test slides browser students solutions-check store benchmark clean
.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

env: $(STAMP) ## make the environment in .venv

$(STAMP): requirements.txt pyproject.toml
	@python=$(BIN)/python; test -x $$python || python="$(PYTHON)"; \
	  $$python -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' || { \
	  echo "$$python is `$$python --version 2>&1`; the course needs Python 3.10 to 3.13 (gensim has wheels up to" \
	    "3.13). Name one, without an older $(VENV) in the way: make env PYTHON=python3.12" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	$(BIN)/python -m pip check
	@touch $@

lab: env ## open JupyterLab on notebooks/
	$(BIN)/jupyter lab --notebook-dir=. --LabApp.default_url=/lab/tree/notebooks $(AS_ROOT)

run: env ## execute the series; copies and an HTML book go to build/
	$(BIN)/python -m course.run run

test: env ## what a change needs; make test ALL=1 runs what CI runs
	$(BIN)/python -m course.lanes$(if $(ALL), --all)

slides: env ## a slide deck for each notebook, in build/slides/
	$(BIN)/python -m course.slides

browser: env ## JupyterLab and the decks, driven in a headless Chromium
	$(BIN)/python -m pytest -p no:cacheprovider tests/browser

students: env ## a release without the solutions, in build/students/
	$(BIN)/python -m course.solutions students

solutions-check: env ## every exercise has its solution, and each check says so
	$(BIN)/python -m course.solutions check

store: env ## maintainer: execute the notebooks in place, on PTB (make store NAMES="02 03")
	$(BIN)/python -m course.run store $(NAMES)
	$(BIN)/python -m course.run store --notebooks notebooks/solutions $(NAMES)

benchmark: env ## the book's loop, ours and gensim, raced in one run
	$(BIN)/python -m experiments.race

clean: ## remove what runs leave behind, not the environment and not the data
	rm -rf build .pytest_cache .ruff_cache .hypothesis
	find helpers tests notebooks -name __pycache__ -o -name .ipynb_checkpoints | xargs rm -rf
