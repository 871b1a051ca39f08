# Every target sets up what it needs in .venv: a machine with Python 3.11 or newer, git and make is enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PEERS := .venv-peers
FEED_PEERS := .venv-peers-feeds

.PHONY: help demo demo-browser test test-all lint format types words docs pictures bench bench-quality bench-speed bench-year \
  bench-feeds bench-lists bench-load torture fuzz weights run migrate lock clean

help: ## Say what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

# Stamps: what the bot needs, and what its demonstration, its pictures and its developers need beside it.
$(VENV)/.ready: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Aide-Mémoire needs Python 3.11 or newer; this is $$($(PYTHON) -V). Try: make PYTHON=python3.12 …"; exit 1; }
	@echo "Setting up in $(VENV) (once) …"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready requirements-dev.txt
	@echo "Adding the developers' tools …"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

$(VENV)/.ready-demo: $(VENV)/.ready requirements-demo.txt
	@echo "Adding the simulated Discord …"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-demo.txt
	@touch $@

$(VENV)/.ready-pictures: $(VENV)/.ready docs/pictures/requirements.txt
	@echo "Adding the remote control of the browser …"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r docs/pictures/requirements.txt
	@touch $@

demo: $(VENV)/.ready ## Watch the bot at work on three invented outlets: no token, no account
	@$(BIN)/aide-memoire demo

demo-browser: $(VENV)/.ready-demo ## Press the buttons yourself: the same bot on a local page (about 120 MB more, once)
	@$(BIN)/aide-memoire demo --browser

test: $(VENV)/.ready-dev ## Run the tests (the slow ones aside)
	@$(BIN)/pytest -q -n auto --dist worksteal -m "not slow"

test-all: $(VENV)/.ready-dev ## Run every test
	@$(BIN)/pytest -q -n auto --dist worksteal

lint: $(VENV)/.ready-dev ## Check style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: $(VENV)/.ready-dev ## Lay out the code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

words: $(VENV)/.ready-dev ## Bring the catalogues of languages up to date, and say what is still to be translated
	@$(BIN)/python -m tests.wording

# The theme tells of its successor at each build; links and anchors that lead nowhere fail it.
docs: $(VENV)/.ready-dev ## Build the documentation as a site
	@$(BIN)/python docs/commands.py
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict
	@echo "Open $(CURDIR)/site/index.html"

# Recognizers-Text was last published in 2019 and needs pins that ours exclude; where it cannot be had, we go without.
$(PEERS)/.ready: benchmarks/requirements-peers.txt
	@echo "Setting up Recognizers-Text in $(PEERS) (once) …"
	@$(PYTHON) -m venv $(PEERS) && \
	  $(PEERS)/bin/pip install --quiet --disable-pip-version-check -r $< && touch $@ || \
	  echo "Recognizers-Text could not be installed; its figures are left out."

$(FEED_PEERS)/.ready: benchmarks/feeds/requirements-peers.txt
	@echo "Setting up other readers of feeds in $(FEED_PEERS) (once) …"
	@$(PYTHON) -m venv $(FEED_PEERS) && \
	  $(FEED_PEERS)/bin/pip install --quiet --disable-pip-version-check -r $< && touch $@ || \
	  echo "They could not be installed; their figures are left out."

bench: bench-speed bench-quality ## Measure speed and reading quality, peers beside (about five minutes)

bench-speed: $(VENV)/.ready-dev $(PEERS)/.ready
	@$(BIN)/python benchmarks/speed.py
	@$(BIN)/python benchmarks/hostile.py
	@$(BIN)/python benchmarks/memory.py
	@$(BIN)/python benchmarks/interactions.py --statements 100000

bench-quality: $(VENV)/.ready-dev $(PEERS)/.ready
	@$(BIN)/python benchmarks/times.py
	@$(BIN)/python benchmarks/statements.py
	@$(BIN)/python benchmarks/stream.py
	@$(BIN)/python benchmarks/merging.py
	@$(BIN)/python benchmarks/outcomes.py

bench-year: $(VENV)/.ready-dev ## Replay a year of news with 20,000 other follow-ups open (a few minutes)
	@$(BIN)/python benchmarks/replay.py

bench-lists: $(VENV)/.ready-dev ## Ask for lists among a million statements, on SQLite and PostgreSQL (some minutes)
	@$(BIN)/python benchmarks/lists.py

# MINUTES=5 for less. What broke is remembered in .hypothesis, and tried first the next time.
MINUTES ?= 60
fuzz: $(VENV)/.ready-dev ## Try commands, forged buttons, feeds and files with whatever may come (an hour)
	@FUZZ_MINUTES=$(MINUTES) $(BIN)/pytest -q -s tests/test_fuzz_*.py

torture: $(VENV)/.ready-dev ## Kill the bot and its watchers 500 times, and count what was told (half an hour)
	@$(BIN)/python benchmarks/torture.py

bench-load: $(VENV)/.ready-dev ## Route and deliver to 100,000 subscriptions of 5,000 servers, on both databases (about ten minutes)
	@$(BIN)/python benchmarks/load.py
	@$(BIN)/python benchmarks/load.py --overload
	@$(BIN)/python benchmarks/load.py --postgresql

# RUNLEVEL=1: nginx is wanted as a program, not as a service that starts by itself.
bench-feeds: $(VENV)/.ready-dev $(FEED_PEERS)/.ready ## Read 2,000 feeds from a local nginx, other readers beside (about ten minutes)
	@wanted=; command -v newsboat >/dev/null || wanted=newsboat; \
	  command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || wanted="$$wanted nginx-light"; \
	  if [ -n "$$wanted" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing $$wanted (once) …"; \
	    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq $$wanted; } >/dev/null 2>&1 || \
	      echo "They could not be installed."; \
	  fi
	@$(BIN)/python benchmarks/feeds/run.py

weights: $(VENV)/.ready-dev ## Learn anew what each trait weighs (needs the labelled sets beside the checkout)
	@$(BIN)/python benchmarks/train.py
	@$(BIN)/python benchmarks/train_merging.py

pictures: $(VENV)/.ready-pictures ## Take the pictures in docs/pictures anew (needs Chromium)
	@$(BIN)/python docs/pictures/make.py

run: $(VENV)/.ready ## Run the bot (reads .env)
	@$(BIN)/aide-memoire run

migrate: $(VENV)/.ready ## Bring the database up to date
	@$(BIN)/aide-memoire migrate

lock: $(VENV)/.ready-dev ## Pin the requirements anew
	@$(BIN)/pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" --extra postgresql pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" --extra postgresql --group dev pyproject.toml -o requirements-dev.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" --constraint requirements.txt --extra demo pyproject.toml -o requirements-demo.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" --constraint requirements.txt --extra demo --group pictures pyproject.toml \
	  -o docs/pictures/requirements.txt

clean: ## Remove what the targets made
	@rm -rf $(VENV) $(PEERS) $(FEED_PEERS) site .mypy_cache .ruff_cache .pytest_cache .hypothesis
