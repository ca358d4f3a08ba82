import json
import threading
import urllib.error
import urllib.request

import pytest
import wells


@pytest.fixture(scope="module")
def url():
    server = wells.Server(0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/risk"
    server.shutdown()
    thread.join()
    server.server_close()
    server.db.close()


def rows():
    return [json.loads(line) for line in open("rows.jsonl")]


def post(url, value):
    request = urllib.request.Request(url, json.dumps(value).encode())
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, json.load(refusal)


def expect(answer, code, part):
    assert answer[0] == code
    assert part in json.dumps(answer[1])


def test_numbers():
    assert (wells.num("3,5"), wells.num("10 ft"), wells.num("50F"), wells.num("")) == (3.5, 3.048, 10.0, None)


def test_days():
    assert wells.when("04.03.2025") == wells.when("2025-03-04")


def test_one_answer_a_row(url):
    code, answer = post(url, rows())
    assert code == 200 and len(answer["answer"]["risk"]) == len(rows())


def test_a_row_is_answered_as_it_is_alone(url):
    together = post(url, rows()[:5])[1]["answer"]["risk"]
    assert together[3] == pytest.approx(post(url, rows()[3:4])[1]["answer"]["risk"][0])


def test_a_negative_depth(url):
    expect(post(url, [{**rows()[0], "depth_m": -3}]), 422, "depth_m")


def test_no_rows(url):
    expect(post(url, []), 422, "1 to 1000")
