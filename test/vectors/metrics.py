"""Writes metrics.json: scikit-learn's figures of some confusion matrices, with 0/0 taken as 0.

The first has a class that never occurs, one that is never predicted, one that does neither, and one that is
always wrong. The others are random. Run: python3 test/vectors/metrics.py (written with scikit-learn 1.9.1)
"""

import json
import os

import numpy
from sklearn.metrics import accuracy_score, precision_recall_fscore_support

draw = numpy.random.RandomState(1)
matrices = [
    [[5, 2, 0, 1, 0], [1, 0, 0, 3, 0], [0, 0, 0, 0, 0], [2, 1, 0, 7, 0], [3, 0, 0, 0, 0]],
    draw.randint(0, 9, (3, 3)).tolist(),
    draw.randint(0, 200, (10, 10)).tolist(),
]

cases = []
for counts in matrices:
    classes = range(len(counts))
    actual = [a for a in classes for p in classes for _ in range(counts[a][p])]
    predicted = [p for a in classes for p in classes for _ in range(counts[a][p])]
    each = precision_recall_fscore_support(actual, predicted, labels=classes, zero_division=0)
    # Without labels: over the classes that occur among the actual or the predicted ones.
    macro = precision_recall_fscore_support(actual, predicted, zero_division=0, average="macro")
    case = {"counts": counts, "accuracy": float(accuracy_score(actual, predicted))}
    case["each"] = dict(zip(("precision", "recall", "f1", "support"), (figures.tolist() for figures in each)))
    case["macro"] = dict(zip(("precision", "recall", "f1"), map(float, macro)))
    cases.append(case)

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "metrics.json"), "w") as file:
    json.dump(cases, file, indent=1)
    file.write("\n")
