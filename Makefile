# Everything is started through config/bootstrap.py, which makes the virtual environment when that is needed.
PYTHON ?= python3
BOOTSTRAP = $(PYTHON) config/bootstrap.py
TESTS ?= tests

.DEFAULT_GOAL := help
.PHONY: help run test lint format bench bench-large bench-offers bench-quality soak messages clean

help:  ## Say what there is
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 15

run:  ## Start everything on http://127.0.0.1:$PORT (8000); Ctrl-C stops it all
	@$(BOOTSTRAP) -- config.launcher

test:  ## Run every test, the browser's too (TESTS=tests/quizzes for some)
	@$(BOOTSTRAP) --dev -- pytest -n logical --maxprocesses 4 --dist loadgroup $(TESTS)

lint:  ## Check style, types and that migrations are complete
	@$(BOOTSTRAP) --dev
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/python manage.py makemigrations --check --dry-run

format:  ## Put the code into its style
	@$(BOOTSTRAP) --dev
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

bench:  ## Measure what the documentation claims
	@$(BOOTSTRAP)
	@.venv/bin/python manage.py bench

bench-large:  ## Measure with a million customers and ten million preferences (minutes, and some GB of disk)
	@$(BOOTSTRAP)
	@.venv/bin/python manage.py bench large

bench-offers:  ## Measure a million customers' offers of a thousand (minutes, and some GB of disk)
	@$(BOOTSTRAP)
	@.venv/bin/python manage.py bench offers

bench-quality:  ## Measure how well offers fit people nothing was learnt from (SURVEY=path/to/food-world-cup.csv)
	@$(BOOTSTRAP)
	@OPENBLAS_NUM_THREADS=1 .venv/bin/python manage.py bench_quality $(SURVEY)

soak:  ## Run the long loads
	@$(BOOTSTRAP) --dev -- pytest -m soak tests/soak

messages:  ## Collect the texts to translate, and compile the translations
	@$(BOOTSTRAP) --dev
	@.venv/bin/python manage.py makemessages --all --no-obsolete --no-wrap --add-location=file \
		--ignore=.venv --ignore=.proffer
	@.venv/bin/python -m config.message_catalogues

clean:  ## Remove the virtual environment (the data folder stays)
	rm -rf .venv
