"""Puts a model into use: `python deploy.py MODEL`, with DEPLOY_TOKEN in the environment.

In this lab it only says what it would do.
"""

import json
import os
import sys

if len(sys.argv) != 2:
    sys.exit("usage: python deploy.py MODEL")
if not os.environ.get("DEPLOY_TOKEN"):
    sys.exit("deploy.py: DEPLOY_TOKEN is empty or wrong")
with open(sys.argv[1], encoding="utf-8") as file:
    print("deployed", json.load(file)["name"])
