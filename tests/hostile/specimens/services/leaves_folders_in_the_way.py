"""Puts folders and links where files will be laid."""
import os


async def app(scope, receive, send):
    if scope["type"] != "http":
        raise RuntimeError
    try:
        os.makedirs("factor.txt/inside/deeper")
        os.symlink("/etc/passwd", "link")
        os.chmod("factor.txt", 0)
        os.chmod(".", 0)
    except OSError:
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"{}"})
