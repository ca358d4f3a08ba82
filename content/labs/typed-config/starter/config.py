"""The settings of a training run: as the last person left them."""


class TrainConfig:
    """Settings of a training run. Make it a dataclass; the lesson's table has the types."""

    def __init__(
        self, lr=0.001, batch_size=32, epochs=10, dropout=0.1, hidden_sizes=[128, 64], seed=None
    ):
        self.lr = lr
        self.batch_size = batch_size
        self.epochs = epochs
        self.dropout = dropout
        self.hidden_sizes = hidden_sizes
        self.seed = seed

    def validate(self):
        """Raise ValueError that names every illegal field together with its value."""
        if self.lr <= 0:
            raise ValueError("bad learning rate")
        if self.batch_size < 1:
            raise ValueError("bad batch size")


# The three functions below work. Annotate them; what they return must stay as it is.


def parse_sizes(text):
    """Return the whole numbers of a text such as "128, 64", or None where it is blank."""
    if not text.strip():
        return None
    return [int(part) for part in text.split(",")]


def differences(old, new):
    """Return {name: (old value, new value)} for the fields in which two configs differ."""
    before, after = vars(old), vars(new)
    return {name: (before[name], after[name]) for name in before if before[name] != after[name]}


def unknown_names(names):
    """Return the set of those names that are no field of TrainConfig."""
    return set(names) - set(vars(TrainConfig()))
