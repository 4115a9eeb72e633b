"""One training epoch of a network of dense layers in PyTorch, timed; the peer of `node bench/epoch.mjs`.

usage: pytorch_epoch.py IMAGES LABELS LAYERS BATCH THREADS EPOCHS
  IMAGES, LABELS  raw IDX files (60,000 images of MNIST)
  LAYERS          widths, 784-128-10
Prints one line of JSON: seconds of every epoch. The loop is the fastest plain form known to us: the data are one
float tensor made beforehand, each step indexes it with a slice of a permutation, and the modules are not traced.
"""
import json
import sys
import time

import numpy as np
import torch
from torch import nn

images, labels, layers, batch, threads, epochs = sys.argv[1:7]
torch.set_num_threads(int(threads))
torch.manual_seed(1)
x = torch.from_numpy(np.fromfile(images, dtype=np.uint8)[16:].reshape(-1, 784).astype(np.float32) / 255)
y = torch.from_numpy(np.fromfile(labels, dtype=np.uint8)[8:].astype(np.int64))
widths = [int(width) for width in layers.split("-")]
modules = []
for fan_in, units in zip(widths, widths[1:]):
    modules += [nn.Linear(fan_in, units), nn.ReLU()]
model = nn.Sequential(*modules[:-1])
loss_of = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
seconds = []
for _ in range(int(epochs)):
    start = time.perf_counter()
    order = torch.randperm(len(x))
    for first in range(0, len(x), int(batch)):
        rows = order[first : first + int(batch)]
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(model(x[rows]), y[rows])
        loss.backward()
        optimizer.step()
    seconds.append(time.perf_counter() - start)
print(json.dumps({"seconds": seconds, "version": torch.__version__, "loss": float(loss)}))
