"""Ends its process while a request is open."""
import os


async def app(scope, receive, send):
    if scope["type"] == "http":
        os._exit(0)
