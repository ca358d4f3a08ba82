"""Runs a learner's ASGI application and carries requests to it; no socket is opened."""

import asyncio
import threading
import traceback


class Application:
    """An application with its lifespan, on an event loop of its own."""

    def __init__(self, app):
        self._app = app
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._to_app = asyncio.Queue()
        self._state = {}
        self._stopped = None

    def start(self, seconds):
        """Run the application's start-up; return once it says that it is complete."""
        self._wait(asyncio.wait_for(self._start(), seconds))

    def _wait(self, coroutine):
        """Run something on the loop, which turns between requests too."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    async def _start(self):
        started = self._loop.create_future()
        self._stopped = self._loop.create_future()

        async def receive():
            return await self._to_app.get()

        async def send(message):
            kind = message["type"]
            if kind == "lifespan.startup.complete" and not started.done():
                started.set_result(None)
            elif kind == "lifespan.startup.failed" and not started.done():
                started.set_exception(RuntimeError(message.get("message") or "start-up failed"))
            elif kind.startswith("lifespan.shutdown") and not self._stopped.done():
                self._stopped.set_result(None)

        async def lifespan():
            scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": self._state}
            try:
                await self._app(scope, receive, send)
            except Exception:
                pass  # the protocol's way to say "no lifespan here"; a failed start was sent before
            finally:
                for each in (started, self._stopped):
                    if not each.done():
                        each.set_result(None)

        await self._to_app.put({"type": "lifespan.startup"})
        self._lifespan = self._loop.create_task(lifespan())
        await started

    def stop(self, seconds):
        """Run the application's shut-down."""

        async def shut_down():
            await self._to_app.put({"type": "lifespan.shutdown"})
            await asyncio.wait_for(self._stopped, seconds)

        self._wait(shut_down())

    def send(self, requests, together, seconds):
        """Send requests one after another or at the same time; return their responses."""

        async def run():
            if together:
                return await asyncio.gather(*(self._one(each, seconds) for each in requests))
            return [await self._one(each, seconds) for each in requests]

        return self._wait(run())

    async def _one(self, request, seconds):
        try:
            return await asyncio.wait_for(self._respond(request), seconds)
        except TimeoutError:
            return {"error": ["TimeoutError"], "message": f"no response within {seconds:g} s"}
        except Exception:
            traceback.print_exc()
            body = b"Internal Server Error"
            return {"status": 500, "headers": {"content-type": "text/plain"}, "body": body}

    async def _respond(self, request):
        path, _, query = request["path"].partition("?")
        headers = {"host": "testserver", **request["headers"]}
        if request["body"]:
            headers.setdefault("content-length", str(len(request["body"])))
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": request["method"],
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [
                (key.encode("latin-1"), value.encode("latin-1")) for key, value in headers.items()
            ],
            "client": ("127.0.0.1", 50000),
            "server": ("127.0.0.1", 80),
            "state": dict(self._state),
        }
        response = _Response(request["method"])
        body = [request["body"]]

        async def receive():
            if body:
                return {"type": "http.request", "body": body.pop(), "more_body": False}
            await response.over.wait()
            return {"type": "http.disconnect"}

        async def send(message):
            if message["type"] == "http.response.start":
                response.start(message)
            elif message["type"] == "http.response.body":
                response.go_on(message)

        await self._app(scope, receive, send)
        return response.whole()


class _Response:
    """One response; what a server could not send raises, as it does in a server."""

    def __init__(self, method):
        self.over = asyncio.Event()
        self._has_body = method != "HEAD"
        self._status, self._headers, self._body = 0, {}, bytearray()

    def start(self, message):
        if self._status:
            raise RuntimeError("the application began a second response to one request")
        status = message["status"]
        if isinstance(status, int) and status < 200:
            raise RuntimeError(f"a response cannot begin with status {status}")
        for pair in message.get("headers", []):
            key, value = (each.decode("latin-1") for each in pair)
            if set(key + value) & {"\r", "\n", "\0"}:
                raise RuntimeError("the application sent a header that ends its line")
            self._headers[key.lower()] = value
        self._status = status

    def go_on(self, message):
        if not self._status or self.over.is_set():
            when = "after the end of" if self._status else "before the start of"
            raise RuntimeError(f"the application sent a body {when} its response")
        self._body += message.get("body", b"")
        if not message.get("more_body"):
            self.over.set()

    def whole(self):
        if not self.over.is_set():
            raise RuntimeError("the application ended the request without a whole response")
        n_bytes = self._headers.get("content-length", str(len(self._body)))
        bare = self._status in (204, 304) or not self._has_body
        if not bare and n_bytes != str(len(self._body)):
            raise RuntimeError(
                f"the application said content-length {n_bytes} and sent {len(self._body)} bytes"
            )
        return {"status": self._status, "headers": self._headers, "body": bytes(self._body)}
