"""Serves the application on loopback until it is told to stop, and then stops at once.

It must not listen anywhere but on this machine.
"""

import socket
from types import FrameType

import uvicorn
from starlette.applications import Starlette

LOOPBACK = "127.0.0.1"


class _Server(uvicorn.Server):
    """A server whose open streams do not hold up its end."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Let the streams end first: the server waits for them."""
        self.config.app.state.live.end()  # type: ignore[union-attr]
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what is under way, and the application in any case.

        After a second Ctrl-C nobody is waited for, and the application would be left out: its end
        would be a traceback, and what it keeps at its end would be lost.
        """
        await super().shutdown(sockets)
        if self.force_exit:
            await self.lifespan.shutdown()


def serve(app: Starlette, listening: socket.socket) -> None:
    """Answer requests on a bound loopback socket until SIGINT or SIGTERM."""
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
        lifespan="on",
        timeout_graceful_shutdown=2,
    )
    _Server(config).run(sockets=[listening])
