"""Writes ranking.json: scikit-learn's ROC AUC, log loss and top-k accuracy of some made-up probabilities.

With ties, with certain and wrong predictions, and with a class that never occurs.
Run: python3 test/vectors/ranking.py (written with scikit-learn 1.2.1)
"""

import json
import os

import numpy
from sklearn.metrics import log_loss, roc_auc_score, top_k_accuracy_score

draw = numpy.random.RandomState(3)


def classes(samples, count, sharpness, decimals=None):
    """Probabilities of softmax outputs that lean towards the actual class."""
    labels = numpy.concatenate([numpy.arange(count), draw.randint(0, count, samples - count)])
    outputs = draw.randn(samples, count) + sharpness * numpy.eye(count)[labels]
    if decimals is not None:  # Ties between samples.
        outputs = numpy.round(outputs, decimals)
    powers = numpy.exp(outputs - outputs.max(axis=1, keepdims=True))
    return labels, powers / powers.sum(axis=1, keepdims=True)


def figures_of(labels, probabilities):
    count = probabilities.shape[1]
    area = roc_auc_score(labels, probabilities, multi_class="ovr") if count > 2 else roc_auc_score(
        labels, probabilities[:, 1]
    )
    found = {"roc_auc": area, "log_loss": log_loss(labels, probabilities, labels=range(count))}
    for k in (2, 3, 5):
        if k < count and count > 2:
            found[f"top_{k}"] = top_k_accuracy_score(labels, probabilities, k=k)
    return {name: float(value) for name, value in found.items()}


cases = []
for samples, count, sharpness, decimals in ((40, 3, 1.0, None), (200, 7, 1.5, None), (60, 2, 1.0, 0)):
    labels, probabilities = classes(samples, count, sharpness, decimals)
    cases.append((labels, probabilities))
# Certain and right, certain and wrong.
cases.append((numpy.array([0, 1, 1, 0]), numpy.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.5, 0.5]])))

flags = []
for samples, decimals in ((50, 3), (30, 1)):
    yes = draw.randint(0, 2, samples)
    scores = numpy.clip(numpy.round(0.3 * yes + 0.7 * draw.rand(samples), decimals), 0, 1)
    flags.append(
        {
            "yes": yes.tolist(),
            "scores": scores.tolist(),
            "roc_auc": float(roc_auc_score(yes, scores)),
            "log_loss": float(log_loss(yes, scores)),
        }
    )

vectors = {
    "classes": [
        {"labels": labels.tolist(), "probabilities": said.tolist(), **figures_of(labels, said)}
        for labels, said in cases
    ],
    "flags": flags,
}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "ranking.json"), "w") as file:
    json.dump(vectors, file)
    file.write("\n")
