"""The common part of all peers in Python: the data, and a process that answers requests.

Called with the IDX files of the training images and labels. A peer writes its name on its first line. Then
it reads one request a line, {model, optimizer, batchSize, epochs, samples}. It answers each with {seconds,
loss}, the seconds of each epoch after the first, which warms up, and the mean loss of the last epoch; or with
{unsupported}.
"""
import json
import sys

import numpy as np


class Unsupported(Exception):
    """The peer cannot express the requested training."""


def load():
    """Images (60000, 784) float32 in 0..1, labels (60000) int64."""
    images, labels = sys.argv[1:3]
    x = np.fromfile(images, dtype=np.uint8)[16:].reshape(-1, 784).astype(np.float32) / 255
    return x, np.fromfile(labels, dtype=np.uint8)[8:].astype(np.int64)


def sees_images(model):
    """Whether layers of it look at images (28, 28), not at 784 numbers."""
    return any(layer["kind"] in ("conv", "max-pool") for layer in model)


def serve(name, train):
    """Answers requests. `train(request)` returns seconds and loss."""
    print(json.dumps({"name": name}), flush=True)
    for line in sys.stdin:
        try:
            seconds, loss = train(json.loads(line))
            answer = {"seconds": seconds[1:], "loss": float(loss)}
        except Unsupported as reason:
            answer = {"unsupported": str(reason)}
        print(json.dumps(answer), flush=True)
