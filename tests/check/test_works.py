"""What a service is asked for, as it travels."""

import pytest

from gradus.check import Usage, usage
from gradus.check.far import Outcome
from gradus.check.works import Command, Folder, Service


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


class There:
    """A far side that tells what it has used."""

    def usage(self):
        return 1.5, 64.0


def test_what_a_command_has_used_can_be_asked():
    command = Command(dict, lambda *run: Outcome(value={"exit": 0}), There, "python count.py")
    assert usage(command.run()) == usage(command) == Usage(cpu_seconds=1.5, peak_mb=64.0)


def test_a_folder_runs_nothing_that_could_be_measured():
    with pytest.raises(TypeError, match=r"no process of its own: ask what module\(\) gives"):
        usage(Folder(dict))
