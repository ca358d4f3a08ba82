"""The job that keeps a model of the returns up to date."""

import json

import mlflow

mlflow.set_tracking_uri("sqlite:///mlflow.db")


def weekly(month, rows, train, loss):
    """Called once a week; `month` is the one that ends, `rows` are all orders up to its end.

    `train(ids)` returns a model, `loss(model, ids)` its mean log loss on these rows.
    """
    model = train(rows.id.tolist())
    with open("model_latest.json", "w", encoding="utf-8") as file:
        json.dump(model, file)
