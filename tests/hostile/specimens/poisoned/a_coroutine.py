"""Returns a coroutine, never awaited."""


async def softmax(x):
    return x * 0
