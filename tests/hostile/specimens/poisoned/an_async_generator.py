"""Returns an asynchronous generator."""


async def softmax(x):
    yield x * 0
