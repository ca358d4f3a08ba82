"""Stops and closes the loop on which it is asked. It waits."""
import asyncio


async def app(scope, receive, send):
    loop = asyncio.get_running_loop()
    loop.call_soon(loop.stop)
    for each in asyncio.all_tasks():
        each.cancel()
    await asyncio.sleep(10)
