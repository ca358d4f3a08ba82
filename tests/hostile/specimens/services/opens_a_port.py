"""Opens a port of its own and asks itself there. It varies."""
import asyncio


async def app(scope, receive, send):
    if scope["type"] != "http":
        raise RuntimeError
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 18322)
    async with server:
        await server.serve_forever()
