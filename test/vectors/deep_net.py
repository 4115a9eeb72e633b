"""Writes deep-net.json: normalisations, residual blocks and label smoothing by PyTorch in float64.

7 pixels, a minibatch of 9, 4 classes; [...] is a residual block:
dense 6 - batch-norm - relu - [dense 5 - layer-norm - gelu - [tanh - dense 5 + x] + dense 5] -
[relu - dense 5 - batch-norm + x] - layer-norm - dense 4.
Logits, loss, all gradients and the running statistics after one step. Losses, parameters and running
statistics after three steps of SGD with Nesterov momentum and with weight decay for the matrices only. Then
each sample's loss in an evaluation of that network. The initial numbers are float32 numbers.
Run: python3 test/vectors/deep_net.py (written with PyTorch 1.13.0)
"""

import json
import os

import torch
from torch.nn.functional import batch_norm, cross_entropy, gelu, layer_norm

torch.manual_seed(3)
pixels = torch.randint(0, 256, (9, 7))
pixels[:, 4] = 0
labels = torch.tensor([0, 1, 2, 3, 3, 2, 1, 0, 3])
x = pixels.double() / 255

shapes = {
    "model.0": [("W", (7, 6)), ("b", (6,))],
    "model.1": [("gamma", (6,)), ("beta", (6,))],
    "model.3.layers.0": [("W", (6, 5)), ("b", (5,))],
    "model.3.layers.1": [("gamma", (5,)), ("beta", (5,))],
    "model.3.layers.3.layers.1": [("W", (5, 5)), ("b", (5,))],
    "model.3.shortcut.0": [("W", (6, 5)), ("b", (5,))],
    "model.4.layers.1": [("W", (5, 5)), ("b", (5,))],
    "model.4.layers.2": [("gamma", (5,)), ("beta", (5,))],
    "model.6": [("gamma", (5,)), ("beta", (5,))],
    "model.7": [("W", (5, 4)), ("b", (4,))],
}


class Network:
    def __init__(self):
        torch.manual_seed(4)
        self.parameters = {}
        for layer, tensors in shapes.items():
            for name, shape in tensors:
                values = torch.randn(shape, dtype=torch.float32) * 0.7 + (1 if name == "gamma" else 0)
                self.parameters[layer + "." + name] = values.double().requires_grad_()
        self.state = {}
        for layer, width in (("model.1", 6), ("model.4.layers.2", 5)):
            self.state[layer + ".runningMean"] = torch.zeros(width).double()
            self.state[layer + ".runningVariance"] = torch.ones(width).double()

    def dense(self, x, layer):
        return x @ self.parameters[layer + ".W"] + self.parameters[layer + ".b"]

    def affine(self, layer):
        return self.parameters[layer + ".gamma"], self.parameters[layer + ".beta"]

    def batch_norm(self, x, layer, training):
        mean, variance = self.state[layer + ".runningMean"], self.state[layer + ".runningVariance"]
        return batch_norm(x, mean, variance, *self.affine(layer), training, 0.2, 1e-3)

    def forward(self, training):
        h = torch.relu(self.batch_norm(self.dense(x, "model.0"), "model.1", training))
        inner = layer_norm(self.dense(h, "model.3.layers.0"), (5,), *self.affine("model.3.layers.1"), 1e-4)
        inner = gelu(inner)
        inner = self.dense(torch.tanh(inner), "model.3.layers.3.layers.1") + inner
        h = inner + self.dense(h, "model.3.shortcut.0")
        h = self.batch_norm(self.dense(torch.relu(h), "model.4.layers.1"), "model.4.layers.2", training) + h
        h = layer_norm(h, (5,), *self.affine("model.6"), 1e-5)
        return self.dense(h, "model.7")


def numbers(tensors):
    return {name: tensor.detach().flatten().tolist() for name, tensor in tensors.items()}


def loss_of(logits):
    return cross_entropy(logits, labels, label_smoothing=0.1)


net = Network()
result = {
    "pixels": pixels.flatten().tolist(),
    "labels": labels.tolist(),
    "parameters": numbers(net.parameters),
}

logits = net.forward(True)
loss = loss_of(logits)
loss.backward()
result["step"] = {
    "logits": logits.detach().flatten().tolist(),
    "loss": loss.item(),
    "gradients": {name: p.grad.flatten().tolist() for name, p in net.parameters.items()},
    "state": numbers(net.state),
}

net = Network()
matrices = [p for p in net.parameters.values() if p.dim() == 2]
vectors = [p for p in net.parameters.values() if p.dim() == 1]
optimizer = torch.optim.SGD(
    [{"params": matrices, "weight_decay": 0.01}, {"params": vectors, "weight_decay": 0}],
    lr=0.1,
    momentum=0.9,
    nesterov=True,
)
losses = []
for _ in range(3):
    optimizer.zero_grad()
    loss = loss_of(net.forward(True))
    losses.append(loss.item())
    loss.backward()
    optimizer.step()
result["training"] = {
    "losses": losses,
    "parameters": numbers(net.parameters),
    "state": numbers(net.state),
    "evaluation": torch.nn.functional.cross_entropy(
        net.forward(False), labels, label_smoothing=0.1, reduction="none"
    ).tolist(),
}

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "deep-net.json"), "w") as file:
    json.dump(result, file, indent=0)
    file.write("\n")
