"""What a learner reads in the leak hunt, and how each pipeline is scored once it is mended.

Nothing here runs: the texts are written into a learner's folder or run in the lab's environment.
"""

SUBSCRIPTIONS = '''"""{name}: who will cancel?

On 1 April we score every subscriber; the ones most likely to cancel get a call.
The table was exported on 30 June. Columns:
  months_as_customer     whole months on 1 April
  tickets_before_april   support tickets from January to March
  logins_in_march        days with a login in March
  days_since_login       days since the last login
  cancelled              1 if the subscription ended between 1 April and 31 May
"""

import sys

import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def report(table: pd.DataFrame) -> float:
    """The accuracy that the team reports."""
    X, y = table.drop(columns="cancelled"), table["cancelled"]
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=0)
    model = make_pipeline(StandardScaler(), LogisticRegression())
    return model.fit(X_train, y_train).score(X_test, y_test)


if __name__ == "__main__":
    print(report(pd.read_csv(sys.argv[1] if len(sys.argv) > 1 else "{name}.csv")))
'''

SUBSCRIPTIONS_MENDED = """
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

def score(table, fresh):
    left_out = ["cancelled", "days_since_login"]
    model = make_pipeline(StandardScaler(), LogisticRegression())
    model.fit(table.drop(columns=left_out), table["cancelled"])
    return model.score(fresh.drop(columns=left_out), fresh["cancelled"])
"""

TICKETS = '''"""{name}: which support ticket will be escalated?

When a customer gets no reply, the mail client sends the ticket again, under a new number.
Columns: ticket (number), hour_received, six standardised measurements of the text and of the
customer, escalated (0 or 1).
"""

import sys

import pandas as pd
from sklearn.model_selection import KFold, cross_val_score
from sklearn.neighbors import KNeighborsClassifier


def report(table: pd.DataFrame) -> float:
    """The accuracy that the team reports."""
{prepare}    X = table.drop(columns=["ticket", "hour_received", "escalated"])
    y = table["escalated"]
    folds = KFold(n_splits=5, shuffle=True, random_state=0)
    model = KNeighborsClassifier(n_neighbors={k}, weights="distance")
    return cross_val_score(model, X, y, cv=folds).mean()


if __name__ == "__main__":
    print(report(pd.read_csv(sys.argv[1] if len(sys.argv) > 1 else "{name}.csv")))
'''

DISTINCT_TICKETS = """    measured = table.columns.difference(["ticket", "hour_received"])
    table = table.drop_duplicates(subset=list(measured))
"""

TICKETS_MENDED = """
from sklearn.neighbors import KNeighborsClassifier

def score(table, fresh):
    left_out = ["ticket", "hour_received", "escalated"]
    measured = list(table.columns.difference(left_out[:2]))
    table, fresh = table.drop_duplicates(subset=measured), fresh.drop_duplicates(subset=measured)
    model = KNeighborsClassifier(n_neighbors=K, weights="distance")
    model.fit(table.drop(columns=left_out), table["escalated"])
    return model.score(fresh.drop(columns=left_out), fresh["escalated"])
"""

RECORDINGS = '''"""{name}: is the driver tired?

Every volunteer was recorded twice, once rested and once tired. In the car a new driver gives
one recording and the light goes on or not, at once.
Columns: volunteer (number), pulse, blink_rate, skin_temperature, reaction_time (in our sensors'
units), tired (0 or 1).
"""

import sys

import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupShuffleSplit

MEASURED = ["pulse", "blink_rate", "skin_temperature", "reaction_time"]


def report(table: pd.DataFrame) -> float:
    """The accuracy that the team reports."""
    people = table["volunteer"]
    X = table[MEASURED]
    X = (X - X.groupby(people).transform("mean")) / X.std()
    y = table["tired"]
    split = GroupShuffleSplit(n_splits=1, test_size=0.3, random_state=0)
    train, test = next(split.split(X, y, groups=people))
    model = LogisticRegression().fit(X.iloc[train], y.iloc[train])
    return model.score(X.iloc[test], y.iloc[test])


if __name__ == "__main__":
    print(report(pd.read_csv(sys.argv[1] if len(sys.argv) > 1 else "{name}.csv")))
'''

RECORDINGS_MENDED = """
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

def score(table, fresh):
    left_out = ["volunteer", "tired"]
    model = make_pipeline(StandardScaler(), LogisticRegression())
    model.fit(table.drop(columns=left_out), table["tired"])
    fresh = fresh.drop_duplicates(subset="volunteer")
    return model.score(fresh.drop(columns=left_out), fresh["tired"])
"""

GENES = '''"""{name}: which patient responds to the treatment?

Columns: g000 to g499, the activity of 500 genes (standardised by the laboratory, from controls
that are not in this table); responds (0 or 1).
"""

import sys

import pandas as pd
from sklearn.feature_selection import SelectKBest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score


def report(table: pd.DataFrame) -> float:
    """The accuracy that the team reports."""
    X, y = table.drop(columns="responds"), table["responds"]
    X = SelectKBest(k=40).fit_transform(X, y)
    return cross_val_score(LogisticRegression(), X, y, cv=5).mean()


if __name__ == "__main__":
    print(report(pd.read_csv(sys.argv[1] if len(sys.argv) > 1 else "{name}.csv")))
'''

GENES_MENDED = """
from sklearn.feature_selection import SelectKBest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

def score(table, fresh):
    model = make_pipeline(SelectKBest(k=40), LogisticRegression())
    model.fit(table.drop(columns="responds"), table["responds"])
    return model.score(fresh.drop(columns="responds"), fresh["responds"])
"""

BEARINGS = '''"""{name}: is the bearing worn?

Every machine was recorded four times in one week. The model will listen to machines of other
customers. Columns: machine (number), band_0 to band_4 (loudness, standardised by the sensor),
worn (0 or 1, found when the machine was opened).
"""

import sys

import pandas as pd
from sklearn.model_selection import {splitter}, cross_val_score
from sklearn.neighbors import KNeighborsClassifier


def report(table: pd.DataFrame) -> float:
    """The accuracy that the team reports."""
    X, y = table.drop(columns=["machine", "worn"]), table["worn"]
    folds = {folds}
    model = KNeighborsClassifier(n_neighbors=3)
    return cross_val_score(model, X, y, cv=folds{groups}).mean()


if __name__ == "__main__":
    print(report(pd.read_csv(sys.argv[1] if len(sys.argv) > 1 else "{name}.csv")))
'''

BEARINGS_MENDED = """
from sklearn.neighbors import KNeighborsClassifier

def score(table, fresh):
    left_out = ["machine", "worn"]
    model = KNeighborsClassifier(n_neighbors=3)
    model.fit(table.drop(columns=left_out), table["worn"])
    return model.score(fresh.drop(columns=left_out), fresh["worn"])
"""

LOANS = '''"""{name}: will the loan be repaid?

Columns: f00 to f59, sixty standardised facts from the application; repaid (0 or 1).
"""

import sys

import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.naive_bayes import GaussianNB


def report(table: pd.DataFrame) -> float:
    """The accuracy that the team reports."""
    X, y = table.drop(columns="repaid").to_numpy(), table["repaid"].to_numpy()
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.04, random_state=0)
    rng = np.random.default_rng(0)
    best = 0.0
    for _ in range(250):
        columns = rng.choice(X.shape[1], size=rng.integers(5, 31), replace=False)
        model = GaussianNB().fit(X_train[:, columns], y_train)
        best = max(best, model.score(X_test[:, columns], y_test))
    return best


if __name__ == "__main__":
    print(report(pd.read_csv(sys.argv[1] if len(sys.argv) > 1 else "{name}.csv")))
'''

LOANS_MENDED = """
from sklearn.naive_bayes import GaussianNB

def score(table, fresh):
    model = GaussianNB().fit(table.drop(columns="repaid"), table["repaid"])
    return model.score(fresh.drop(columns="repaid"), fresh["repaid"])
"""

BOTTLES = '''"""{name}: is the bottle cracked?

A hammer taps each bottle on the belt, a microphone listens, and the arm throws it out or not.
The label comes from a pressure test of the same bottles, done next day in the laboratory.
Columns: pitch, echo, weight_difference, belt_speed (sensor units), cracked (0 or 1).
"""

import sys

import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


def report(table: pd.DataFrame) -> float:
    """The accuracy that the team reports."""
    X, y = table.drop(columns="cracked"), table["cracked"]
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=0)
    scaler = StandardScaler().fit(X_train)
    model = LogisticRegression().fit(scaler.transform(X_train), y_train)
    return model.score(scaler.transform(X_test), y_test)


if __name__ == "__main__":
    print(report(pd.read_csv(sys.argv[1] if len(sys.argv) > 1 else "{name}.csv")))
'''

BOTTLES_MENDED = """
from sklearn.linear_model import LogisticRegression

def score(table, fresh):
    model = LogisticRegression().fit(table.drop(columns="cracked"), table["cracked"])
    return model.score(fresh.drop(columns="cracked"), fresh["cracked"])
"""
