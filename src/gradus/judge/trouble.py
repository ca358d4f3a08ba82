"""How a judging ends early: the learner's doing or ours, never mixed."""


class Stopped(Exception):
    """A limit was hit; the sentence says which."""


class ProcessEnded(Exception):
    """The learner's code ended its own process; the sentence says how."""


class Ours(Exception):
    """The check, the reader or the sandbox failed: becomes `UNJUDGED`."""


class MustBeAlone(Exception):
    """An example asks for what cannot be told while others run beside it."""


class DoesNotLoad(Exception):
    """The submission cannot be loaded: what happened and the learner's own frames."""

    def __init__(self, reason: str, frames: tuple[str, ...] = ()) -> None:
        self.reason = reason
        self.frames = frames
        super().__init__(reason)
