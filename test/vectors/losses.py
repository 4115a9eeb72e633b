"""Writes losses.json: the losses of values and flags, and class weights, by PyTorch in float64.

5 numbers - dense 6 - tanh - dense 3, a minibatch of 9. For each loss: each sample's own loss and its gradient
by the logits; the loss of the minibatch, which is the mean over its samples, and all gradients; losses and
parameters of three steps of SGD with momentum. The initial numbers are float32 numbers.

A sample's loss is the mean over its outputs, so PyTorch's "mean" over a whole matrix is the same number.
With class weights a sample's loss is multiplied by the weight of its class, and the mean is over the samples.
That is not PyTorch's weight=, whose "mean" divides by the sum of the weights instead.
Run: python3 test/vectors/losses.py (written with PyTorch 1.13.0)
"""

import json
import os

import torch
from torch.nn.functional import (
    binary_cross_entropy_with_logits,
    cross_entropy,
    huber_loss,
    l1_loss,
    mse_loss,
    one_hot,
)

rows, widths = 9, [5, 6, 3]
torch.manual_seed(5)
inputs = torch.randn((rows, widths[0]), dtype=torch.float32).double()
values = torch.randn((rows, widths[-1]), dtype=torch.float32).double()
flags = torch.randint(0, 2, (rows, widths[-1])).double()
labels = torch.tensor([0, 1, 2, 2, 2, 1, 2, 2, 0])
# 9 / (3 count) of each class: the mean of the weights over the samples is 1.
weights = torch.tensor([1.5, 1.5, 0.6], dtype=torch.float32).double()


def initial():
    torch.manual_seed(6)
    shapes = [shape for i, o in zip(widths, widths[1:]) for shape in ((i, o), (o,))]
    return [(torch.randn(shape, dtype=torch.float32) * 0.7).double().requires_grad_() for shape in shapes]


def forward(parameters):
    W0, b0, W2, b2 = parameters
    return torch.tanh(inputs @ W0 + b0) @ W2 + b2


def plain(tensors):
    return [tensor.detach().flatten().tolist() for tensor in tensors]


def hot(z):
    return mse_loss(z, one_hot(labels, widths[-1]).double(), reduction="none").mean(1)


# Each gives the samples' own losses. (rows)
cases = (
    ("values", {"kind": "mean-squared-error"}, None, lambda z: mse_loss(z, values, reduction="none").mean(1)),
    ("values", {"kind": "mean-absolute-error"}, None, lambda z: l1_loss(z, values, reduction="none").mean(1)),
    (
        "values",
        {"kind": "huber", "delta": 1},
        None,
        lambda z: huber_loss(z, values, reduction="none", delta=1.0).mean(1),
    ),
    (
        "values",
        {"kind": "huber", "delta": 0.25},
        None,
        lambda z: huber_loss(z, values, reduction="none", delta=0.25).mean(1),
    ),
    (
        "flags",
        {"kind": "binary-cross-entropy"},
        None,
        lambda z: binary_cross_entropy_with_logits(z, flags, reduction="none").mean(1),
    ),
    (
        "classes",
        {"kind": "softmax-cross-entropy", "smoothing": 0},
        weights,
        lambda z: cross_entropy(z, labels, reduction="none") * weights[labels],
    ),
    (
        "classes",
        {"kind": "softmax-cross-entropy", "smoothing": 0.1},
        weights,
        lambda z: cross_entropy(z, labels, reduction="none", label_smoothing=0.1) * weights[labels],
    ),
    ("classes", {"kind": "mean-squared-error"}, weights, lambda z: hot(z) * weights[labels]),
)

result = {
    "inputs": inputs.flatten().tolist(),
    "values": values.flatten().tolist(),
    "flags": flags.flatten().tolist(),
    "labels": labels.tolist(),
    "ids": ["model.%d.%s" % (layer, name) for layer in (0, 2) for name in "Wb"],
    "parameters": plain(initial()),
    "logits": forward(initial()).detach().flatten().tolist(),
    "learningRate": 0.1,
    "momentum": 0.9,
    "cases": [],
}

for task, config, class_weights, losses_of in cases:
    parameters = initial()
    z = forward(parameters)
    z.retain_grad()
    each = losses_of(z)
    each.sum().backward()
    case = {"task": task, "config": config, "each": each.tolist(), "dz": z.grad.flatten().tolist()}
    case["weights"] = [] if class_weights is None else class_weights.tolist()

    parameters = initial()
    optimizer = torch.optim.SGD(parameters, lr=result["learningRate"], momentum=result["momentum"])
    losses = []
    for step in range(3):
        optimizer.zero_grad()
        loss = losses_of(forward(parameters)).mean()
        losses.append(loss.item())
        loss.backward()
        if step == 0:
            case["gradients"] = [p.grad.flatten().tolist() for p in parameters]
        optimizer.step()
    case.update({"losses": losses, "after": plain(parameters)})
    result["cases"].append(case)

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "losses.json"), "w") as file:
    json.dump(result, file, indent=0)
    file.write("\n")
