# One way in: `make lab` opens the course, `make run` executes it, `make test` checks a change.
# Every verb makes the environment first, where it is missing or older than the pins: course/make_env.sh, which reads
# PYTHON=python3.12 (else the newest that fits) and TORCH=cpu (PyTorch's CPU builds) from this command line.

BIN := .venv/bin

# A figure backend that the shell has set would change what the notebooks show.
unexport MPLBACKEND

# In a container one is root, which Jupyter refuses unless told.
AS_ROOT = $(if $(filter 0,$(shell id -u)),--allow-root)

# PyTorch's threads wait for each other by spinning. Beside another busy process that costs nine tenths of the speed;
# a short spin, then sleep, costs a fifth when alone and a half when not. The benchmark keeps the default.
lab run test browser store: export GOMP_SPINCOUNT ?= 1000

.PHONY: help env lab run book pdf test slides browser students solutions-check store benchmark mutants clean
.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

env: ## make the environment in .venv (PYTHON=python3.12, TORCH=cpu)
	@sh course/make_env.sh

lab: env ## open JupyterLab on notebooks/
	$(BIN)/jupyter lab --notebook-dir=. --LabApp.default_url=/lab/tree/notebooks $(AS_ROOT)

run: env ## execute the series; copies and an HTML book go to build/
	$(BIN)/python -m course.run run

book: env ## the HTML book from the stored notebooks, without running them, in build/book/
	$(BIN)/python -m course.site

pdf: env ## the book as a PDF, printed by the Chromium or Chrome that is installed
	$(BIN)/python -m course.site --pdf

test: env ## what a change needs; make test ALL=1 adds what is long
	$(BIN)/python -m course.lanes$(if $(ALL), --all)

slides: env ## a slide deck for each notebook, in build/slides/
	$(BIN)/python -m course.slides

browser: env ## JupyterLab and the decks, driven in a headless Chromium
	$(BIN)/python -m pytest -p no:cacheprovider tests/course/browser

students: env ## a release without the solutions, in build/students/
	$(BIN)/python -m course.students

solutions-check: env ## every exercise has its solution, and each check says so
	$(BIN)/python -m course.solutions check

store: env ## maintainer: execute the notebooks in place, on PTB (make store NAMES="02 03")
	$(BIN)/python -m course.run store $(NAMES)
	$(BIN)/python -m course.run store --notebooks notebooks/solutions $(NAMES)

benchmark: env ## the book's loop, ours and gensim, raced in one run
	$(BIN)/python -m experiments.race

mutants: env ## maintainer: small faults in the taught code, and which of them the tests do not notice
	$(BIN)/python -m experiments.mutants $(MODULES)

# Where there is no environment any Python will do.
clean: ## remove what runs leave behind, not the environment, the data and the checkpoints
	$(firstword $(wildcard $(BIN)/python) python3) -m course.folders
