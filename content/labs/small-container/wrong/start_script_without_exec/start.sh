#!/bin/sh
set -e
echo "starting with $(nproc) processors"
uvicorn app.main:app --host 0.0.0.0 --port 8000
