# Everything a newcomer needs; `make help` explains.
PY := .venv/bin/python
DEMO ?= demo

# What is tested again on the second database: rules, queries and what locks. All of the
# store, and what nobody may notice, are tested there by `make validate`.
OF_THE_STORE := actions chain constraints consents databases forgetting inviting migrations \
  opening_model packs queries recordings rows sealed transcripts withdrawing
ON_POSTGRESQL := tests/app/test_databases.py tests/cli/test_on_a_server.py \
  $(OF_THE_STORE:%=tests/store/test_%.py)

# One more than there are processors: browsers and servers are waited for.
WORKERS := $(shell echo $$(($$(nproc 2>/dev/null || echo 2) + 1)))
PYTEST := $(PY) -m pytest -n $(WORKERS) --dist worksteal

# Each of the many processes that tests start would compile the program anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo test cover check fix docs bench validate lock clean

help:            ## say what each target does
	@grep -hE '^[a-z]+: .*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: .venv/.ready  ## make the virtual environment from the pinned requirements

# The lock file pins every package by hash, so nothing unpinned is fetched; a .pth
# file stands in for an editable install, which would fetch a build back end.
.venv/.ready: requirements/dev.lock pyproject.toml
	test -x $(PY) || python3 -m venv .venv
	if command -v uv >/dev/null 2>&1; then \
	  uv pip sync -q --python $(PY) --require-hashes requirements/dev.lock; \
	else $(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.lock; fi
	$(PY) -c "import pathlib, site; pathlib.Path(site.getsitepackages()[0], 'duologue.pth').write_text('$(CURDIR)/src\n')"
	printf '#!/bin/sh\nexec "$(CURDIR)/$(PY)" -m duologue "$$@"\n' > .venv/bin/duologue
	chmod +x .venv/bin/duologue
	test ! -d .git || git config core.hooksPath .githooks
	touch $@

demo: setup      ## make a made-up practice and serve it to this machine, until Ctrl-C
	.venv/bin/duologue demo $(DEMO)

test: setup      ## run every test, and those of the store on PostgreSQL too
	$(PYTEST)
	DUOLOGUE_TEST_DATABASE=postgresql $(PYTEST) -p no:randomly $(ON_POSTGRESQL)
	$(PY) -m pytest --doctest-modules --import-mode=importlib -o addopts= -p no:randomly -q src

cover: setup     ## run the tests once more, to see that they reach the code (longer)
	$(PYTEST) --cov --cov-report=term --cov-fail-under=99

check: setup     ## style, types, import directions, spelling, unused dependencies
	.venv/bin/ruff format --check src tests benchmarks docs
	.venv/bin/ruff check src tests benchmarks docs
	.venv/bin/mypy
	.venv/bin/lint-imports --no-cache
	.venv/bin/deptry src
	.venv/bin/codespell src tests docs README.md CHANGELOG.md CONTRIBUTING.md

fix: setup       ## let ruff mend what it can
	.venv/bin/ruff check --fix src tests benchmarks docs
	.venv/bin/ruff format src tests benchmarks docs

docs: setup      ## make the pictures, the page of the JSON and the tables on security anew
	$(PY) docs/make_picture.py
	$(PY) docs/make_reading_json.py
	$(PY) docs/make_security.py

bench: setup     ## speed, as ratios measured in one run; writes docs/benchmarks.md
	$(PY) benchmarks/run.py --write docs/benchmarks.md

validate: setup  ## false-alarm rates, what outlasts a crash, what nobody may notice (long)
	$(PY) benchmarks/validate.py --write docs/validation.md
	$(PY) benchmarks/caseload_views.py --write docs/validation-two-views.md
	$(PY) benchmarks/caseload_unsaid.py --write docs/validation-unsaid.md
	$(PY) benchmarks/leading.py --write docs/validation-leading.md
	$(PY) benchmarks/wonder.py --write docs/validation-wonder.md
	$(PY) benchmarks/moving.py --write docs/validation-synchrony.md
	$(PY) benchmarks/words_page.py --write docs/validation-words.md
	$(PY) benchmarks/dyad.py --write docs/validation-dyad.md
	$(PY) benchmarks/durability.py --write docs/durability.md
	DUOLOGUE_TEST_DATABASE=postgresql $(PYTEST) -p no:randomly tests/store \
	  tests/app/test_noninterference.py
	DUOLOGUE_EACH_ALONE=yes $(PYTEST) tests/app/test_noninterference.py \
	  tests/app/test_side_channels.py tests/app/test_fields.py tests/cli/test_rekey_killed.py \
	  tests/browser/test_every_page.py

lock:            ## pin the requirements again (needs uv)
	uv pip compile pyproject.toml --all-extras --group dev --universal \
	  --generate-hashes --no-strip-extras --no-header -o requirements/dev.lock

clean:           ## remove everything that can be made again
	rm -rf .venv demo .coverage .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
