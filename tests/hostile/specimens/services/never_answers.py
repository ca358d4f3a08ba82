"""Never answers a request and swallows its cancellation. It waits."""
import asyncio


async def app(scope, receive, send):
    while True:
        try:
            await asyncio.sleep(1000)
        except asyncio.CancelledError:
            continue
