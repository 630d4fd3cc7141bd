.PHONY: run test soak check format messages services shell assets help

run:       ## the whole product on this machine: http://127.0.0.1:8000
	@exec python3 deploy/bootstrap.py run

test:      ## every check and every test; `make test ONLY=tests/visits` for a part
	@exec python3 deploy/bootstrap.py test $(ONLY)

check:     ## every check, no test
	@exec python3 deploy/bootstrap.py test --checks-only

format:    ## Python brought into form
	@exec python3 deploy/bootstrap.py exec bash -c 'ruff check --fix --quiet .; ruff format .'

messages:  ## words marked in code and templates taken into locale/; lists those without English
	@.venv/bin/python deploy/extract.py

services:  ## only PostgreSQL and Redis; then, in another shell: source .data/env
	@exec python3 deploy/bootstrap.py services

soak:      ## 20,000 random walks through the whole process (hours); WALKS=500 make soak for fewer
	@APP_DATA=$(CURDIR)/.data/soak WALKS=$${WALKS:-20000} python3 deploy/bootstrap.py --disposable exec pytest tests/petitions/test_walks.py -q -s

shell:     ## a Python shell with the models imported
	@exec python3 deploy/bootstrap.py exec python manage.py shell

assets:    ## the virtual environment and static/vendor/ brought up to date
	@exec python3 deploy/bootstrap.py

help:
	@grep -E '^[a-z]+: +##' Makefile
