"""One claim for each word of a response."""

from gradus.check import claim, draw


@claim("It doubles a number.", examples=3, n=draw.integers(0, 1000))
def doubles(service, n):
    response = service.post("/double", json={"n": n})
    response.must_have_status(200)
    response.header("content-type").must_equal("application/json")
    response.json["twice"].must_equal(2 * n)


@claim("It refuses what is no number.", examples=2, word=draw.integers(0, 9))
def refuses(service, word):
    response = service.post("/double", json={"n": f"word {word}"})
    response.must_have_status(422)
    response.text.must_contain("number")


@claim("Two at a time are answered in order.", examples=3, n=draw.integers(0, 1000))
def both(service, n):
    first, second = service.together([("POST", "/double", {"n": n}), ("POST", "/double", {"n": 1})])
    first.json["twice"].must_equal(2 * n)
    second.json["twice"].must_equal(2)


@claim("It starts again.", examples=1)
def again(service):
    service.restart(environment={"FACTOR": "2"}, files={"factor.txt": b"2"})
    service.post("/double", json={"n": 3}).json["twice"].must_equal(6)
