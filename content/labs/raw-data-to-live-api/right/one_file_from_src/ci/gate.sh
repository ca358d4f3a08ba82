#!/usr/bin/env bash
set -euo pipefail
version=$(env PYTHONPATH=src python -m wells train)
env PYTHONPATH=src python -m wells gate "$version"
