"""Returns numbers of other kinds: decimals, fractions, ranges, complex."""
import decimal
import fractions


def softmax(x):
    return [decimal.Decimal("sNaN"), fractions.Fraction(1, 3), range(10**9), complex("nan+infj")]
