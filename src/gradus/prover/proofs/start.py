"""The proof `start`."""

from gradus.prover.bench import Bench
from gradus.prover.claims import Claim, InvalidRun
from gradus.prover.process import port_holder
from gradus.prover.proof import proof


@proof(place=10, needs=("start",), core=True)
async def start(bench: Bench) -> None:
    """The declared command alone brings the service up, and the service owns its port."""
    bound = bench.declaration.promises.ready_seconds
    async with bench.service() as service:
        with bench.claim(f"The service is ready within {bound:g} s of its start.") as claim:
            if service.ready_after > bound >= service.ready_after - service.ready_waited:
                raise InvalidRun(
                    f"It was ready after {service.ready_after:.1f} s, and waited "
                    f"{service.ready_waited:.1f} s of them for what other programs took."
                )
            claim.at_most("time to ready", service.ready_after, "s", bound)
        with bench.claim("The process that was started listens on the port.") as claim:
            _owns(claim, service.process.owns(service.target.port), service.target.port)


def _owns(claim: Claim, owns: bool, port: int) -> None:
    if not owns:
        listens = port_holder(port) or "another process"
        claim.found(f"port {port}", f"{listens}, listens there", "the declared command's")
