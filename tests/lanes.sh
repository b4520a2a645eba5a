#!/bin/sh
# The lanes of `make test`: each runs whether or not one before it failed; the last line says which did.
# WORD2VEC_CORPUS is set for each, so that nothing is ever downloaded.

failed=""
lane() {
    name=$1
    shift
    printf '\n== %s\n' "$name"
    "$@" || failed="$failed${failed:+, }$name"
}

notebooks() {
    export WORD2VEC_CORPUS="$1"
    lane "notebooks, strict, on $1" pytest --nbval $NBVAL $(python -m course.run list strict)
    lane "notebooks, lax, on $1" pytest --nbval-lax $NBVAL $(python -m course.run list lax)
}

corpus=$(python -m course.run corpus) || exit 1
export WORD2VEC_CORPUS="$corpus"
lane "ruff, rules" ruff check .
lane "ruff, format" ruff format --check helpers tests
lane "dependencies" python -m pip check
lane "environment" python -m course.check_env
# (Import errors: helpers.engines.triton needs Triton, which PyTorch brings on Linux alone; the tests import the others.)
lane "unit tests and doctests" pytest --doctest-modules --doctest-ignore-import-errors --ignore=tests/browser helpers tests
lane "solutions agree" python -m course.solutions check
if [ -d notebooks/solutions ]; then  # a release for students has none
    lane "solutions, strict" pytest --nbval $NBVAL notebooks/solutions
fi
notebooks "$corpus"
if [ "$corpus" = wiki ]; then
    printf '\nPTB is not in data/: the notebooks ran on the Wikipedia sample alone.\n'
else
    notebooks wiki
fi

lane "browser, where there is one" pytest -p no:cacheprovider -rs tests/browser

if [ -n "$failed" ]; then
    printf '\nFAILED: %s\n' "$failed"
    exit 1
fi
printf '\nAll lanes passed.\n'
