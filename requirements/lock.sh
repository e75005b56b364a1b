#!/bin/sh
# Renews the lock files: exact versions with hashes, for Python 3.11 and newer on every platform.
# Usage: sh requirements/lock.sh PATH-TO-UV
set -eu
uv=$1
lock() {
  "$uv" pip compile --quiet ${LOCK_FLAGS---upgrade} --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-emit-find-links --no-header "$@"
}
lock pyproject.toml requirements/build.in --output-file requirements/run.txt
lock pyproject.toml requirements/build.in --extra dev --output-file requirements/dev.txt
