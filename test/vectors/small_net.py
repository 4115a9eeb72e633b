"""Writes small-net.json: a small network in PyTorch with float64, as an independent source of numbers.

6 pixels - dense 5 - relu - dense 4 - leaky-relu 0.2 - dense 3, a minibatch of 7. Logits, loss, gradients, and
the parameters after five steps of each kind of gradient descent. The initial numbers are float32 numbers.
Run: python3 test/vectors/small_net.py (written with PyTorch 1.13.0)
"""

import json
import os

import torch

torch.manual_seed(1)
pixels = torch.randint(0, 256, (7, 6))
pixels[:, 2] = 0  # a pixel that is always zero, like the corners of MNIST's images
labels = torch.tensor([0, 1, 2, 2, 1, 0, 2])
x = pixels.double() / 255
widths = [6, 5, 4, 3]


def initial():
    torch.manual_seed(2)
    shapes = [shape for i, o in zip(widths, widths[1:]) for shape in ((i, o), (o,))]
    return [(torch.randn(shape, dtype=torch.float32) * 0.7).double().requires_grad_() for shape in shapes]


def forward(parameters):
    W0, b0, W2, b2, W4, b4 = parameters
    h = torch.relu(x @ W0 + b0)
    h = torch.nn.functional.leaky_relu(h @ W2 + b2, 0.2)
    return h @ W4 + b4


def loss_of(parameters):
    return torch.nn.functional.cross_entropy(forward(parameters), labels)


def plain(parameters):
    return [p.detach().flatten().tolist() for p in parameters]


start = initial()
loss = loss_of(start)
loss.backward()
result = {
    "pixels": pixels.flatten().tolist(),
    "labels": labels.tolist(),
    "ids": ["model.%d.%s" % (layer, name) for layer in (0, 2, 4) for name in "Wb"],
    "parameters": plain(start),
    "logits": forward(start).detach().flatten().tolist(),
    "loss": loss.item(),
    "gradients": [p.grad.flatten().tolist() for p in start],
    "losses": [],
    "descents": [],
}


for kind, settings, loss_kind in (
    (
        "softmax-cross-entropy",
        {"smoothing": 0.1},
        lambda z: torch.nn.functional.cross_entropy(z, labels, label_smoothing=0.1),
    ),
    (
        "mean-squared-error",
        {},
        lambda z: torch.nn.functional.mse_loss(z, torch.nn.functional.one_hot(labels, 3).double()),
    ),
):
    parameters = initial()
    loss = loss_kind(forward(parameters))
    loss.backward()
    gradients = [p.grad.flatten().tolist() for p in parameters]
    config = {"kind": kind, **settings}
    result["losses"].append({"config": config, "loss": loss.item(), "gradients": gradients})


def descend(kind, settings, make):
    """
    Five steps of an optimizer, given by our names of its settings and by PyTorch's object. PyTorch also
    decays biases; our biases are exempt unless the settings say otherwise.
    """
    parameters = initial()
    optimizer = make(parameters)
    limit = settings.get("clipNorm")
    losses = []
    for _ in range(5):
        optimizer.zero_grad()
        loss = loss_of(parameters)
        losses.append(loss.item())
        loss.backward()
        if limit:
            # Like torch.nn.utils.clip_grad_norm_, which adds 1e-6 to the norm.
            norm = sum((p.grad ** 2).sum() for p in parameters).sqrt()
            for p in parameters:
                p.grad *= min(1.0, limit / norm.item())
        optimizer.step()
    config = {"kind": kind, "decayExempt": "none", **settings}
    result["descents"].append({"optimizer": config, "losses": losses, "parameters": plain(parameters)})


for decay in (0, 0.01):
    for momentum, nesterov in ((0, False), (0.9, False), (0.9, True)):
        descend(
            "sgd",
            {"learningRate": 0.3, "momentum": momentum, "nesterov": nesterov, "weightDecay": decay},
            lambda p: torch.optim.SGD(p, lr=0.3, momentum=momentum, nesterov=nesterov, weight_decay=decay),
        )
    descend(
        "rmsprop",
        {"learningRate": 0.02, "rho": 0.9, "epsilon": 1e-6, "weightDecay": decay},
        lambda p: torch.optim.RMSprop(p, lr=0.02, alpha=0.9, eps=1e-6, weight_decay=decay),
    )
    descend(
        "adam",
        {"learningRate": 0.05, "beta1": 0.8, "beta2": 0.99, "epsilon": 1e-6, "weightDecay": decay},
        lambda p: torch.optim.Adam(p, lr=0.05, betas=(0.8, 0.99), eps=1e-6, weight_decay=decay),
    )
    descend(
        "adamw",
        {"learningRate": 0.05, "beta1": 0.8, "beta2": 0.99, "epsilon": 1e-6, "weightDecay": decay},
        lambda p: torch.optim.AdamW(p, lr=0.05, betas=(0.8, 0.99), eps=1e-6, weight_decay=decay),
    )


def groups(parameters):
    """The matrices decay, the biases do not."""
    return [
        {"params": [p for p in parameters if p.dim() == 2]},
        {"params": [p for p in parameters if p.dim() == 1], "weight_decay": 0},
    ]


descend(
    "sgd",
    {"learningRate": 0.3, "momentum": 0.9, "weightDecay": 0.1, "decayExempt": "biases", "clipNorm": 0.4},
    lambda p: torch.optim.SGD(groups(p), lr=0.3, momentum=0.9, weight_decay=0.1),
)
descend(
    "adamw",
    {"learningRate": 0.05, "weightDecay": 0.3, "decayExempt": "biases-and-norms"},
    lambda p: torch.optim.AdamW(groups(p), lr=0.05, weight_decay=0.3),
)

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "small-net.json"), "w") as file:
    json.dump(result, file, indent=0)
    file.write("\n")
