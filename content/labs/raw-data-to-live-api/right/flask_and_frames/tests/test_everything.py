import json
import unittest

import app
import model
import prepare

ROWS = [json.loads(line) for line in open("rows.jsonl")]


class Service(unittest.TestCase):
    def setUp(self):
        self.client = app.app.test_client()

    def post(self, **changes):
        return self.client.post("/predict", json={**ROWS[0], **changes})

    def test_answers_as_the_batch(self):
        expected = model.predict(model.read(model.live()), ROWS[:1])[0]
        self.assertAlmostEqual(self.post().json["chance"], expected)

    def test_unknown_maker_is_answered(self):
        self.assertTrue(0 < self.post(maker="Nobody").json["chance"] < 1)

    def test_text_for_number(self):
        self.assertEqual(self.post(hours="many").status_code, 422)

    def test_no_json(self):
        self.assertEqual(self.client.post("/predict", data=b"{").status_code, 400)


class Tables(unittest.TestCase):
    def test_no_pump_on_both_sides(self):
        train, unseen = prepare.split(prepare.load())
        self.assertFalse(set(train["pump_id"]) & set(unseen["pump_id"]))

    def test_depths_are_metres(self):
        self.assertLess(prepare.load()["depth_m"].max(), 300)
