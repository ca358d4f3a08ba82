"""One claim for each way in which a check meets an answer."""

from gradus.check import claim, draw

NUMBERS = draw.arrays(dims=(1, 1), sides=(2, 6), between=(-5.0, 5.0))


@claim("The mean is a number.", examples=4, x=NUMBERS)
def the_mean(module, x):
    answer = module.mean(x)
    answer.must_be_a("float").must_be_close_to(float(x.mean()))
    answer.as_number()


@claim("The counts are a dict of whole numbers.", examples=4, x=NUMBERS)
def the_counts(module, x):
    answer = module.counts(list("abca"))
    answer.must_equal({"a": 2, "b": 1, "c": 1})
    answer.as_mapping("a", "b")
    answer["a"].as_int()


@claim("A function that is given is called for each item.", examples=4, x=NUMBERS)
def the_function(module, x):
    seen = []

    def double(value):
        seen.append(value)
        return 2 * value

    module.apply(double, x.tolist()).must_equal([2 * each for each in x.tolist()])


@claim("The halves come one after the other.", examples=4, x=NUMBERS)
def the_halves(module, x):
    got = [each.as_number() for each in module.halves(x.tolist())]
    module.halves(x.tolist())
    if got != [each / 2 for each in x.tolist()]:
        module.halves(x.tolist()).must_equal("the halves")


@claim("A tally is entered, counts and is left.", examples=4, x=NUMBERS)
def the_tally(module, x):
    with module.Tally() as tally:
        tally.add(3)
        tally.add(4)
        tally.total.must_equal(7)
        tally.len().must_equal(2)


@claim("What cannot be done is refused.", examples=4, x=NUMBERS)
def the_refusal(module, x):
    module.refuse(-1).must_raise(ValueError, saying="negative")


@claim("The label is a short text.", examples=4, x=NUMBERS)
def the_label(module, x):
    answer = module.label("x")
    answer.must_match(r"^label: x$").must_contain("label")
    answer.must_satisfy("have eight letters", lambda text: len(text) == 8)


@claim("The arguments stay what they were.", examples=4, x=NUMBERS)
def the_arguments(module, x):
    module.mean(x).must_not_change_its_arguments()
