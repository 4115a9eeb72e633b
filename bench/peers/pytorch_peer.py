"""PyTorch as a peer; see peer.py. The third argument is the number of threads.

This is its fast plain form: one tensor of floats in memory, minibatches gathered with a slice of a
permutation, rectifiers in place, one group of parameters. Modules are neither traced nor compiled.
"""
import sys
import time

import torch
from torch import nn

from peer import Unsupported, load, serve

torch.set_num_threads(int(sys.argv[3]))
# Subnormal numbers are slow. Lockstep's kernels avoid them too.
torch.set_flush_denormal(True)


class Residual(nn.Module):
    def __init__(self, layers, shortcut):
        super().__init__()
        self.layers = layers
        self.shortcut = shortcut

    def forward(self, x):
        return self.layers(x) + self.shortcut(x)


def sequence(model, inputs):
    """The modules for a list of layers, and the number of their outputs."""
    modules = []
    for layer in model:
        kind = layer["kind"]
        if kind == "dense":
            units = 10 if layer["units"] == "classes" else layer["units"]
            modules.append(nn.Linear(inputs, units))
            inputs = units
        elif kind == "relu":
            modules.append(nn.ReLU(inplace=True))
        elif kind == "leaky-relu":
            modules.append(nn.LeakyReLU(layer["slope"], inplace=True))
        elif kind == "batch-norm":
            modules.append(nn.BatchNorm1d(inputs))
        elif kind == "residual":
            path, units = sequence(layer["layers"], inputs)
            modules.append(Residual(path, sequence(layer["shortcut"], inputs)[0]))
            inputs = units
        else:
            raise Unsupported(f"no layer {kind}")
    return nn.Sequential(*modules), inputs


def optimizer_of(parameters, given):
    if given["kind"] == "sgd":
        return torch.optim.SGD(
            parameters,
            lr=given["learningRate"],
            momentum=given["momentum"],
            nesterov=given["nesterov"],
            weight_decay=given["weightDecay"],
        )
    if given["kind"] == "rmsprop":
        rate, rho, epsilon = given["learningRate"], given["rho"], given["epsilon"]
        return torch.optim.RMSprop(parameters, lr=rate, alpha=rho, eps=epsilon)
    raise Unsupported(f"no optimizer {given['kind']}")


def main():
    x, y = map(torch.from_numpy, load())

    def train(request):
        torch.manual_seed(1)
        batch, samples = request["batchSize"], request["samples"]
        model, _ = sequence(request["model"], 784)
        loss_of = nn.CrossEntropyLoss()
        optimizer = optimizer_of(model.parameters(), request["optimizer"])
        seconds = []
        for _ in range(request["epochs"]):
            total = torch.zeros(())
            start = time.perf_counter()
            order = torch.randperm(samples)
            for first in range(0, samples, batch):
                rows = order[first : first + batch]
                optimizer.zero_grad(set_to_none=True)
                loss = loss_of(model(x[rows]), y[rows])
                loss.backward()
                optimizer.step()
                total += loss.detach() * len(rows)
            seconds.append(time.perf_counter() - start)
        return seconds, total / samples

    serve(f"PyTorch {torch.__version__}", train)


main()
