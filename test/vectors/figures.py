"""Writes figures.json: scikit-learn's figures of values and flags, 0/0 taken as 0.

Run: python3 test/vectors/figures.py (written with scikit-learn 1.9.1)
"""

import json
import os

import numpy
from sklearn.metrics import (
    accuracy_score,
    mean_absolute_error,
    mean_squared_error,
    precision_recall_fscore_support,
    r2_score,
)

draw = numpy.random.RandomState(1)


def values(actual, predicted):
    each = dict(multioutput="raw_values")
    columns = [
        numpy.sqrt(mean_squared_error(actual, predicted, **each)),
        mean_absolute_error(actual, predicted, **each),
        r2_score(actual, predicted, **each),
    ]
    names = ("rmse", "mae", "r2")
    return {
        "actual": actual.tolist(),
        "predicted": predicted.tolist(),
        "figures": {name: float(figure.mean()) for name, figure in zip(names, columns)},
        "columns": [dict(zip(names, map(float, column))) for column in zip(*columns)],
    }


def flags(actual, predicted):
    names = ("precision", "recall", "f1")
    of = lambda average: precision_recall_fscore_support(actual, predicted, average=average, zero_division=0)
    figures = {"accuracy": float(accuracy_score(actual, predicted))}
    figures.update(zip(names, map(float, of("macro")[:3])))
    figures.update(zip((f"micro_{name}" for name in names), map(float, of("micro")[:3])))
    return {
        "actual": actual.tolist(),
        "predicted": predicted.tolist(),
        "figures": figures,
        "columns": [dict(zip(names, map(float, column))) for column in zip(*of(None)[:3])],
    }


one = draw.randn(20, 1) * 3 + 7
# A column far from 0, one of small numbers, one whose values are all the same.
several = draw.randn(50, 3) * [2, 1e-3, 0] + [1e6, 0, 5]
met = several + draw.randn(50, 3) * [1, 1e-3, 0]
yes = draw.rand(60, 5) < [0.5, 0.2, 0.9, 0.0, 0.3]
said = numpy.where(draw.rand(60, 5) < 0.8, yes, ~yes)
said[:, 4] = False

cases = {
    "values": [
        values(one, one + draw.randn(20, 1)),
        values(several, met),
        values(several, met + [0, 0, 0.25]),
    ],
    "flags": [flags(yes.astype(int), said.astype(int)), flags(yes[:, :2].astype(int), yes[:, :2].astype(int))],
}

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "figures.json"), "w") as file:
    json.dump(cases, file, indent=1)
    file.write("\n")
