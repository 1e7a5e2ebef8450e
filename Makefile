# One virtual environment, .venv/, for everything; nothing outside the checkout is touched.
PYTHON ?= python3
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif
PIP := $(BIN)/python -m pip --disable-pip-version-check
# For building as well as for installing, and only there: elsewhere pip may run in another folder. Not the full path,
# since pip takes a space in it for the end of a file's name.
.venv/installed .venv/installed-dev: export PIP_CONSTRAINT := constraints.txt

.PHONY: demo test test-long lint bench formulas mutants fuzz kills interpreters clean

demo: .venv/installed ## build the sample exam for the sample roster into output/midterm
	$(BIN)/examwright build templates/exams/midterm.toml --roster templates/exams/roster-sample.csv \
		--out output/midterm --format pdf,json --combined

test: lint ## all checks and tests
	$(BIN)/python -m pytest -q -n auto -m "not long"

test-long: .venv/installed-dev ## searches that take minutes: a thousand draws of every exercise type at every level
	$(BIN)/python -m pytest -q -n auto -m long

lint: .venv/installed-dev ## style, types, and who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/installed-dev ## speed, side by side with Typst and pdflatex where they are installed
	$(BIN)/python -m benchmarks.run

formulas: .venv/installed-dev ## a contact sheet of formulas beside a reference
	$(BIN)/python tools/formula_sheet.py

mutants: .venv/installed-dev ## small faults put into solvers and exercise types: which of them would a build notice?
	$(BIN)/python -m tools.mutants --mutants 800 --seed 2 --jobs 2 --tests --tested 300

fuzz: .venv/installed-dev ## damaged exams, rosters, values, packs, folders and command lines: one clear line for each?
	$(BIN)/python -m tools.fuzz --inputs 20000 --seed 1

kills: .venv/installed-dev ## builds killed at random moments: only whole files, and the same bytes in the end?
	$(BIN)/python -m tools.kills --kills 100

INTERPRETERS ?= python3.11 python3.12 python3.13
interpreters: .venv/installed-dev ## an exam of all types, built under several versions of Python: the same bytes?
	$(BIN)/python -m tools.interpreters $(INTERPRETERS)

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(PIP) install --quiet --editable .
	touch $@

.venv/installed-dev: .venv/installed
	$(PIP) install --quiet --editable ".[dev]"
	touch $@
