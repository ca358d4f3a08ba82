"""The load generator against a server that does nothing: does it keep its schedule?

python -m benchmarks.prover [--rate N] [--seconds N] [--runs N]

Prints for each run the rate, how late requests went out (goal: at 3,000 a second on one core, the
99th percentile at most 2 ms), and what the generator took of its core; and a well-known load tool
on the same server, where one is installed (wrk, hey or ab). A run that was late is refused: its
latencies are not printed. Exit status 1 where every run was.
"""

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

from gradus.prover.exchange import Request
from gradus.prover.process import free_port, port_is_taken
from gradus.prover.schedule import poisson
from gradus.prover.traffic import LATEST_START, Target, Traffic, drive

GOAL = 3000.0
ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 21\r\n\r\n"
    b'{"predictions":[0.5]}'
)
REQUEST = Request("POST", "/predict", b'{"rows":[{"amount":1.5,"hour":3}]}')
TOOLS: dict[str, Callable[[str], list[str]]] = {
    "wrk": lambda url: ["wrk", "-t1", "-c32", "-d5s", "--latency", url],
    "hey": lambda url: ["hey", "-z", "5s", "-c", "32", "-cpus", "1", url],
    "ab": lambda url: ["ab", "-q", "-k", "-c", "32", "-n", "30000", url],
}
"""Load tools and how each is asked; all of them are closed loop: they wait for answers."""


class Null(asyncio.Protocol):
    """Answers every piece that comes with the same bytes; requests here come in one piece."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer as many requests as there are heads."""
        self.transport.write(ANSWER * max(1, data.count(b" HTTP/1.")))


async def serve(port: int) -> None:
    """Serve until killed."""
    server = await asyncio.get_running_loop().create_server(Null, "127.0.0.1", port, backlog=1024)
    await server.serve_forever()


def one_run(port: int, rate: float, seconds: float, seed: int) -> Traffic:
    """Drive the null server once, the first half second to warm up."""
    target = Target("127.0.0.1", port)
    rng = np.random.default_rng(seed)

    async def both() -> Traffic:
        await drive(target, poisson(rate, 0.5, rng), lambda _: REQUEST)
        return await drive(target, poisson(rate, seconds, rng), lambda _: REQUEST)

    return asyncio.run(both())


def told(traffic: Traffic, rate: float) -> bool:
    """Print one run and say whether it counts."""
    n = len(traffic.exchanges)
    late = traffic.lateness_p99() * 1000
    share = traffic.cpu_seconds / traffic.seconds
    line = (
        f"{n / traffic.seconds:7.0f} requests/s of {rate:.0f}, start lateness p99 {late:5.2f} ms, "
        f"{share * 100:3.0f} % of a core, {traffic.cpu_seconds / n * 1e6:.0f} µs a request"
    )
    if not traffic.kept_its_schedule():
        print(f"{line}: refused, at most {LATEST_START * 1000:g} ms are allowed")
        return False
    p99 = float(np.quantile(traffic.latencies(), 0.99)) * 1000
    good = sum(each.good for each in traffic.exchanges)
    print(f"{line}; answered {good} of {n}, latency p99 {p99:.2f} ms")
    return True


def beside(port: int) -> None:
    """Run the first well-known load tool that is installed on the same server."""
    name = next((each for each in TOOLS if shutil.which(each)), "")
    if not name:
        print(f"No other load tool is installed ({', '.join(TOOLS)}): nothing stands beside it.")
        return
    ran = subprocess.run(
        TOOLS[name](f"http://127.0.0.1:{port}/"), capture_output=True, text=True, check=False
    )
    kept = [line for line in ran.stdout.splitlines() if "equests" in line or "99%" in line]
    print(f"{name}, closed loop, 32 connections:", *map(str.strip, kept), sep="\n  ")


def begins(server: subprocess.Popen[bytes], port: int) -> bool:
    """Wait until the server listens; False where it ended instead."""
    while not port_is_taken(port):
        if server.poll() is not None:
            return False
        time.sleep(0.05)
    return True


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.prover")
    parser.add_argument("--rate", type=float, default=GOAL, help="requests a second")
    parser.add_argument("--seconds", type=float, default=5.0, help="length of a run")
    parser.add_argument("--runs", type=int, default=5, help="how many runs")
    parser.add_argument("--null", type=int, default=0, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.null:
        asyncio.run(serve(asked.null))
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.2f} before")
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.prover", "--null", str(port)]
    server = subprocess.Popen(command)
    try:
        if not begins(server, port):
            print(f"the null server ended with exit code {server.returncode} before it listened")
            return 1
        runs = [one_run(port, asked.rate, asked.seconds, seed) for seed in range(asked.runs)]
        counted = [told(each, asked.rate) for each in runs]
        beside(port)
    finally:
        server.kill()
        server.wait()
    print(f"{sum(counted)} of {len(counted)} runs kept their schedule")
    return 0 if any(counted) else 1


if __name__ == "__main__":
    raise SystemExit(main())
