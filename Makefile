# Two commands do everything on a machine with Python 3.11+ only: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check rules-demo messages clean

$(READY): pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock --editable '.[dev]'
	@touch $(READY)

demo: $(READY)
	$(BIN)/kebiao demo

test: $(READY)
	$(BIN)/python -m pytest -n auto

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

rules-demo: $(READY)
	$(BIN)/python -m scheduler.rules_demo

messages: $(READY)
	$(BIN)/python instances/language/compile.py

clean:
	rm -rf $(VENV) out
