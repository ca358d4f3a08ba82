"""Never says that it has started. It waits."""


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        while True:
            await receive()
