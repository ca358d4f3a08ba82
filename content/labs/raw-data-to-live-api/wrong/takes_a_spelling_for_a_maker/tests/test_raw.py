import pytest
from pumps.raw import celsius, day, labelled_rows, metres, number, word

PUMPS = "pump_id,maker,depth,installed\nP1, ARLO,100 ft,2020-01-01\nP1,Arlo,100 ft,01.01.2020\n"
HEADER = "inspection_id,pump_id,day,inspector,hours,vibration,temperature,pressure,oil,closed_as\n"
INSPECTIONS = f"""{HEADER}I1,P1,01.03.2025,Bo,10,"2,5",50C,-1,?,no action
I1,P1,01.03.2025,Bo,10,"2,5",50C,-1,?,no action
I2,P1,2025-06-01,Bo,20,3.0,122F,4.0,dark,pump exchanged
I3,P9,2025-06-01,Bo,20,3.0,50C,4.0,dark,no action
I4,P1,2025-12-20,Bo,30,3.0,50C,4.0,dark,no action
"""
REPAIRS = """repair_id,pump_id,day,kind,cost
R1,P1,2025-03-10,planned service,10
R2,P1,01.07.2025,failure,10
"""


@pytest.fixture
def rows(tmp_path):
    for name, text in [("pumps", PUMPS), ("inspections", INSPECTIONS), ("repairs", REPAIRS)]:
        (tmp_path / f"{name}.csv").write_text(text)
    return labelled_rows(tmp_path)


def test_readings_are_put_right():
    assert day("04.03.2025") == day("2025-03-04")
    assert (number("2,5"), number("")) == (2.5, None)
    assert celsius("122.0F") == pytest.approx(50) == celsius("50C")
    assert metres("100 ft") == pytest.approx(30.48)
    assert (word(" ARLO"), word("?")) == ("arlo", None)


def test_doubles_strangers_and_unfinished_inspections_are_left_out(rows):
    assert [row["hours"] for row in rows] == [10, 20]


def test_a_failure_of_the_thirtieth_day_counts_and_a_planned_service_does_not(rows):
    assert [row["failed"] for row in rows] == [0, 1]


def test_what_was_not_read_is_missing(rows):
    assert (rows[0]["pressure"], rows[0]["oil"]) == (None, None)
