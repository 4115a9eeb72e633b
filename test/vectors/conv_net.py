"""Writes conv-net.json: convolutions, pools and batch-norm by channel, by PyTorch in float64.

Pictures of 9 x 8 pixels with 2 channels, a minibatch of 6, 3 classes; [...] is a residual block:
conv 4 (3 x 2, same) - batch-norm - relu - max-pool 3 (stride 2, padding 1) -
[conv 6 (3, stride 2, padding 1) - batch-norm - relu - conv 6 (3, padding 1, 2 groups, no bias) - batch-norm
+ conv 6 (1, stride 2) - batch-norm] - relu - conv 6 (3, dilation 2, padding 2, depthwise) -
average-pool 2 (stride 1, padding 1) - layer-norm - silu -
[global-average-pool - dense 5 + flatten - dense 5] - relu - dense 3.
Logits, loss, all gradients and the running statistics after one step. Losses, parameters and running
statistics after three steps of SGD with Nesterov momentum and with weight decay for the matrices only. Then
each sample's loss in an evaluation of that network. The initial numbers are float32 numbers. Everything is
written in the order of Lockstep: images (height, width, channels), windows (height, width, in, out).
Run: python3 test/vectors/conv_net.py (written with PyTorch 1.13.0)
"""

import json
import os

import torch
from torch.nn.functional import avg_pool2d, batch_norm, conv2d, cross_entropy, layer_norm, max_pool2d, pad, silu

torch.manual_seed(5)
pixels = torch.randint(0, 256, (6, 9, 8, 2))
pixels[torch.rand(pixels.shape) < 0.4] = 0
labels = torch.tensor([0, 1, 2, 2, 1, 0])
x = (pixels.double() / 255).permute(0, 3, 1, 2)

norm = lambda width: [("gamma", (width,)), ("beta", (width,))]
shapes = {
    "model.0": [("W", (3, 2, 2, 4)), ("b", (4,))],
    "model.1": norm(4),
    "model.4.layers.0": [("W", (3, 3, 4, 6)), ("b", (6,))],
    "model.4.layers.1": norm(6),
    "model.4.layers.3": [("W", (3, 3, 3, 6))],
    "model.4.layers.4": norm(6),
    "model.4.shortcut.0": [("W", (1, 1, 4, 6)), ("b", (6,))],
    "model.4.shortcut.1": norm(6),
    "model.6": [("W", (3, 3, 1, 6)), ("b", (6,))],
    "model.8": norm(4 * 3 * 6),
    "model.11.layers.1": [("W", (6, 5)), ("b", (5,))],
    "model.11.shortcut.1": [("W", (4 * 3 * 6, 5)), ("b", (5,))],
    "model.13": [("W", (5, 3)), ("b", (3,))],
}
normalised = ["model.1", "model.4.layers.1", "model.4.layers.4", "model.4.shortcut.1"]


def rows(image):
    """An image as we have it: place after place, channels last."""
    return image.permute(0, 2, 3, 1).flatten(1)


class Network:
    def __init__(self):
        torch.manual_seed(6)
        self.parameters = {}
        for layer, tensors in shapes.items():
            for name, shape in tensors:
                values = torch.randn(shape, dtype=torch.float32) * 0.4 + (1 if name == "gamma" else 0)
                self.parameters[layer + "." + name] = values.double().requires_grad_()
        self.state = {}
        for layer in normalised:
            width = self.parameters[layer + ".gamma"].numel()
            self.state[layer + ".runningMean"] = torch.zeros(width).double()
            self.state[layer + ".runningVariance"] = torch.ones(width).double()

    def conv(self, x, layer, **settings):
        weight = self.parameters[layer + ".W"].permute(3, 2, 0, 1)
        return conv2d(x, weight, self.parameters.get(layer + ".b"), **settings)

    def dense(self, x, layer):
        return x @ self.parameters[layer + ".W"] + self.parameters[layer + ".b"]

    def affine(self, layer):
        return self.parameters[layer + ".gamma"], self.parameters[layer + ".beta"]

    def batch_norm(self, x, layer, training):
        mean, variance = self.state[layer + ".runningMean"], self.state[layer + ".runningVariance"]
        return batch_norm(x, mean, variance, *self.affine(layer), training, 0.2, 1e-3)

    def forward(self, training):
        # Of an even window the surplus of the padding lies behind.
        h = self.conv(pad(x, (0, 1, 1, 1)), "model.0")
        h = torch.relu(self.batch_norm(h, "model.1", training))
        h = max_pool2d(h, 3, 2, 1)
        a = self.conv(h, "model.4.layers.0", stride=2, padding=1)
        a = torch.relu(self.batch_norm(a, "model.4.layers.1", training))
        a = self.conv(a, "model.4.layers.3", padding=1, groups=2)
        a = self.batch_norm(a, "model.4.layers.4", training)
        b = self.batch_norm(self.conv(h, "model.4.shortcut.0", stride=2), "model.4.shortcut.1", training)
        h = torch.relu(a + b)
        h = self.conv(h, "model.6", padding=2, dilation=2, groups=6)
        h = avg_pool2d(h, 2, 1, 1, count_include_pad=False)
        flat = silu(layer_norm(rows(h), (4 * 3 * 6,), *self.affine("model.8"), 1e-5))
        means = flat.reshape(-1, 12, 6).mean(1)
        h = self.dense(means, "model.11.layers.1") + self.dense(flat, "model.11.shortcut.1")
        return self.dense(torch.relu(h), "model.13")


def numbers(tensors):
    return {name: tensor.detach().flatten().tolist() for name, tensor in tensors.items()}


def loss_of(logits):
    return cross_entropy(logits, labels)


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
matrices = [p for p in net.parameters.values() if p.dim() > 1]
vectors = [p for p in net.parameters.values() if p.dim() == 1]
optimizer = torch.optim.SGD(
    [{"params": matrices, "weight_decay": 0.01}, {"params": vectors, "weight_decay": 0}],
    lr=0.05,
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
    "evaluation": cross_entropy(net.forward(False), labels, reduction="none").tolist(),
}

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "conv-net.json"), "w") as file:
    json.dump(result, file, indent=0)
    file.write("\n")
