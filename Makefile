# The two commands of this project are `make run` and `make test`. Both set everything up first: Python and make are
# all that a machine needs (a browser excepted, for the browser test).

VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready
PYTHON ?= python3

.PHONY: run test setup check samples bench evaluate lock clean

run: $(READY)  ## load the samples into a workspace of their own and open the dashboard
	$(VENV)/bin/lasthop demo

test: $(READY) check  ## every check and every test
	$(PY) -m pytest -n 2 --dist loadfile

check: $(READY)  ## style, types and the one direction of the rooms
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy app.py pages lib tools benchmarks
	$(VENV)/bin/lint-imports

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(READY)

samples: $(READY)  ## write data/samples again; the bytes must not change unless the story does
	$(PY) tools/make_samples.py

bench: $(READY)  ## measure loading and queries against DuckDB's plain read, see docs/performance.md
	$(PY) -m benchmarks.run $(BENCH)

evaluate: $(READY)  ## score replies and originals on real cases, check the stand-in: make evaluate DATA=folder
	$(PY) tools/evaluate.py $(DATA)
	$(PY) tools/evaluate_originals.py $(DATA) --optional
	$(PY) tools/evaluate_signatures.py $(DATA)
	$(PY) tools/evaluate_standin.py $(DATA)

lock:  ## compile requirements.lock again (needs uv)
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-header --no-annotate -o requirements.lock

clean:
	rm -rf $(VENV) .demo .pytest_cache .mypy_cache .ruff_cache .hypothesis
