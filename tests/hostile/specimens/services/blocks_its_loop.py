"""Blocks the loop on which it is asked. It waits."""
import time


async def app(scope, receive, send):
    time.sleep(1000)
