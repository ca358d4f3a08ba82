"""What a service is asked for, as it travels."""

from gradus.check.far import Outcome
from gradus.check.works import Service


def test_requests_in_turn_travel_in_one_message_and_keep_their_order():
    sent = []

    def send(messages, together):
        sent.append((len(messages), together))
        return [
            Outcome(value={"status": 200 + place, "headers": {}, "body": each["body"]})
            for place, each in enumerate(messages)
        ]

    service = Service(send, restart=None, write=None, far=None)
    responses = service.in_turn([("POST", "/a", {"n": 1}), ("GET", "/b", None)])
    assert sent == [(2, False)]
    assert [each.status.as_value() for each in responses] == [200, 201]
    assert responses[0].json.as_value() == {"n": 1}
    assert responses[1].as_argument() == "GET /b"
