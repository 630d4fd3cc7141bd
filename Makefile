.PHONY: run test check services shell manage assets

run:       ## the whole product on this machine: http://127.0.0.1:8000
	@exec python3 deploy/bootstrap.py run

test:      ## every check and every test
	@exec python3 deploy/bootstrap.py test

check:     ## every check, no tests
	@exec python3 deploy/bootstrap.py test --checks-only

services:  ## only PostgreSQL and Redis; in another shell: source .data/env
	@exec python3 deploy/bootstrap.py services

shell:     ## a Python shell with everything imported
	@exec python3 deploy/bootstrap.py exec python manage.py shell
