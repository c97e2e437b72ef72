# Every target does its own set-up: a fresh machine needs Python 3.11+, pip and make, nothing else.

# The first interpreter that is new enough; override with `make PYTHON=/path/to/python run`.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
RUN := $(VENV)/.installed-run
DEV := $(VENV)/.installed-dev
INSTALL = $(PYTHON) tools/install.py --venv $(VENV)
NEEDS_PYTHON = @test -n "$(PYTHON)" || { echo "cks-trainer needs Python 3.11 or newer: install it, or run make PYTHON=..."; exit 1; }
CASES ?= ../shared/conformance

# Test workers share what they compile, and so do the programs that tests start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run install uninstall test prove trials smoke check format bench conformance mutate fuzz stress canary classroom docs pictures schema clean

run: $(RUN)
	@$(VENV)/bin/cks-trainer $(ARGS)

# Puts `cks-trainer` on the PATH: by uv or pipx where present, else by a launcher in ~/.local/bin.
install:
	$(NEEDS_PYTHON)
	@$(PYTHON) -m tools.install_command --venv $(VENV)

uninstall:
	$(NEEDS_PYTHON)
	@$(PYTHON) -m tools.install_command --venv $(VENV) --remove

PYTEST = $(VENV)/bin/python -m pytest -n auto --dist worksteal

# Tests everything; of what holds for every card it tries some cards, and `make prove` all. Trials take longer.
test: $(DEV)
	$(PYTEST) -m "not catalog and not trial" $(ARGS)

# Proves every card: its answers, all the mutants of its reference, and what the tests of the catalog say.
prove: $(DEV)
	$(VENV)/bin/cks-trainer pack check $(ARGS)
	$(PYTEST) -m catalog

# Short runs of what kills programs or grades whole classes, and 200 inputs for each test of random ones. The long runs
# have targets of their own.
trials: $(DEV)
	$(PYTEST) -m "trial or hypothesis" --hypothesis-profile trials $(ARGS)

# Installs in every documented way (pipx, uvx, make install), each in a home folder of its own.
smoke: $(DEV)
	$(VENV)/bin/python -m tools.smoke_install

check: $(DEV)
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

format: $(DEV)
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

bench: $(DEV)
	$(VENV)/bin/python -m tools.bench $(if $(JSON),--json $(JSON))

conformance: $(DEV)
	$(VENV)/bin/python -m tools.conformance --cases $(CASES) $(if $(JSON),--json $(JSON))

# Makes small changes to our own code and lists those that no test notices: make mutate PATHS=trainer/match
mutate: $(DEV)
	$(VENV)/bin/python -m tools.mutate $(PATHS) $(if $(JSON),--json $(JSON)) $(ARGS)

# Random inputs through every reader, rule and engine: make fuzz N=300000. Faults are stored in build/fuzz.
fuzz: $(DEV)
	$(VENV)/bin/python -m tools.fuzz $(if $(N),-n $(N)) $(if $(JSON),--json $(JSON)) $(ARGS)

# Kills, signals, sizes, random keys and full disks for real processes: make stress ARGS="--part 10".
stress: $(DEV)
	$(VENV)/bin/python -m tools.stress $(if $(JSON),--json $(JSON)) $(ARGS)

# Looks for secrets in every output, with documents of all shapes: make canary ARGS="--number 2000 --seed 7"
canary: $(DEV)
	$(VENV)/bin/python -m tools.canary $(ARGS)

# A class with known grades through the real `batch`, in several layouts: make classroom ARGS="--learners 60 --seed 7"
classroom: $(DEV)
	$(VENV)/bin/python -m tools.classroom $(ARGS)

docs: $(DEV)
	$(VENV)/bin/python -m tools.generate_docs

# Draws the pictures of the README by the app itself, and those of results with Chromium; run it after you changed one.
pictures: $(DEV)
	$(VENV)/bin/python -m tools.pictures
	$(VENV)/bin/python -m tools.class_pictures

schema: $(DEV)
	$(VENV)/bin/python tools/generate_schema.py $(VERSION)

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache

$(RUN): pyproject.toml constraints.txt tools/install.py
	$(NEEDS_PYTHON)
	@$(INSTALL)
	@touch $@

$(DEV): pyproject.toml constraints.txt tools/install.py
	$(NEEDS_PYTHON)
	@$(INSTALL) --extra dev
	@touch $@ $(RUN)
