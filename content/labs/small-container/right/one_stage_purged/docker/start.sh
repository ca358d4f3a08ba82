#!/bin/sh
set -eu
: "${PORT:=8000}"
export UVICORN_HOST=0.0.0.0 UVICORN_PORT=8000
echo "churn starts"
exec "$@"
