# make run · make test · make demo · make bench · make torture · make lint
PYTHON ?= python3
PORT ?= 8501
# ADDRESS=0.0.0.0 opens the dashboard to the network: links open for everyone, the owner's pages ask for the key.
ADDRESS ?= localhost
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test torture lint bench demo words clean

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Reviewscape needs Python 3.11 or newer; say which with: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install -q -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	$(BIN)/python -m pip install -q -r requirements-dev.txt
	@touch $@

# The sample is analysed before the page opens, so that nobody's first sight is an empty screen.
run: $(VENV)/.run
	$(BIN)/python -m pipelines samples
	@if [ "$(ADDRESS)" = localhost ]; then \
		exec $(BIN)/python -m streamlit run app.py --server.port $(PORT); \
	else \
		key=$${REVIEWSCAPE_KEY:-$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(24))')}; \
		echo "Your own pages: http://<this computer>:$(PORT)/?key=$$key"; \
		REVIEWSCAPE_KEY=$$key STREAMLIT_SERVER_ALLOWED_HOSTS="$${STREAMLIT_SERVER_ALLOWED_HOSTS:-*}" \
			exec $(BIN)/python -m streamlit run app.py --server.port $(PORT) --server.address $(ADDRESS); \
	fi

demo: $(VENV)/.run
	@mkdir -p demo
	rm -rf demo/bundle
	$(BIN)/python -m pipelines analyze sample_data/coffee_machines.csv --out demo/bundle
	$(BIN)/python -m pipelines export demo/bundle --html demo/report.html
	@echo "Open $(CURDIR)/demo/report.html in a browser."

test: $(VENV)/.dev
	bash .ci/chromium $(BIN)/python
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

torture: $(VENV)/.dev
	$(BIN)/python -m pytest -m torture

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# make bench FILE=reviews.csv TEXT=column LABEL=column
bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks.speed $(FILE) $(if $(TEXT),--text $(TEXT))
	$(if $(LABEL),$(BIN)/python -m benchmarks.quality $(FILE) $(if $(TEXT),--text $(TEXT)) --label $(LABEL))

# Interface strings: collect, merge into both catalogues, compile.
words: $(VENV)/.dev
	$(BIN)/python -m locales.update

clean:
	rm -rf $(VENV) demo .pytest_cache .ruff_cache .mypy_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
