"""PyTorch as a peer; see peer.py. The third argument is the number of threads. With a fourth, `compile`, the
loss, its gradient and the optimizer's step are compiled.

This is its fast plain form: one tensor of floats in memory, minibatches gathered with a slice of a
permutation, rectifiers in place, one group of parameters. Images are (channels, lines, columns); in steps of
64 and 256 images, one thread took as long with channels last: 8 % less to 6 % more.
"""
import math
import sys
import time

import torch
from torch import nn

from peer import Unsupported, load, sees_images, serve

compiles = "compile" in sys.argv[4:]
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


def initialized(layer):
    """A layer with the weights that the other peers have; with PyTorch's own, a network learns later."""
    nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer


def convolution(channels, given):
    padding, stride = given["padding"], given["stride"]
    if padding == "same" and stride not in (1, [1, 1]):
        raise Unsupported("no padding same with a stride")
    return initialized(
        nn.Conv2d(
            channels,
            given["channels"],
            given["kernel"],
            stride=stride,
            padding=padding,
            dilation=given["dilation"],
            groups=given["groups"],
            bias=given["bias"],
        )
    )


def max_pool(given):
    padding = 0 if given["padding"] == "valid" else given["padding"]
    if padding == "same":
        raise Unsupported("no padding same of max-pool")
    stride = given["size"] if given["stride"] == "size" else given["stride"]
    return nn.MaxPool2d(given["size"], stride, padding)


def sequence(model, shape):
    """The modules for a list of layers, and the shape of a row of their outputs."""
    modules = []
    for layer in model:
        kind = layer["kind"]
        if kind == "dense":
            if len(shape) > 1:
                modules.append(nn.Flatten())
            units = 10 if layer["units"] == "classes" else layer["units"]
            modules.append(initialized(nn.Linear(math.prod(shape), units)))
            shape = (units,)
        elif kind in ("conv", "max-pool"):
            modules.append(convolution(shape[0], layer) if kind == "conv" else max_pool(layer))
            shape = modules[-1](torch.zeros(1, *shape)).shape[1:]
        elif kind == "relu":
            modules.append(nn.ReLU(inplace=True))
        elif kind == "leaky-relu":
            modules.append(nn.LeakyReLU(layer["slope"], inplace=True))
        elif kind == "batch-norm":
            modules.append((nn.BatchNorm1d if len(shape) == 1 else nn.BatchNorm2d)(shape[0]))
        elif kind == "residual":
            path, after = sequence(layer["layers"], shape)
            modules.append(Residual(path, sequence(layer["shortcut"], shape)[0]))
            shape = after
        else:
            raise Unsupported(f"no layer {kind}")
    return nn.Sequential(*modules), shape


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


def try_compiler():
    """Ends the process with a reason if nothing can be compiled here."""
    if not hasattr(torch, "compile"):
        sys.exit(f"torch {torch.__version__} has no compile, which came with 2.0")
    try:
        torch.compile(lambda x: x + 1)(torch.ones(8))
    except Exception as error:
        lines = [line.strip() for line in str(error).splitlines()]
        reason = next((line for line in lines if line and not line.endswith("raised:")), type(error).__name__)
        sys.exit(f"torch.compile of {torch.__version__} does not work here: {reason}")


def main():
    if compiles:
        try_compiler()
    numbers, y = map(torch.from_numpy, load())

    def train(request):
        torch.manual_seed(1)
        batch, samples = request["batchSize"], request["samples"]
        shape = (1, 28, 28) if sees_images(request["model"]) else (784,)
        x = numbers.view(-1, *shape)
        model, _ = sequence(request["model"], shape)
        criterion = nn.CrossEntropyLoss()
        loss_of = lambda x, y: criterion(model(x), y)
        optimizer = optimizer_of(model.parameters(), request["optimizer"])
        update = optimizer.step
        if compiles:
            # What was compiled for other networks counts against a limit, beyond which nothing is compiled.
            torch._dynamo.reset()
            # A program for each of the two sizes of minibatches, not one for all sizes.
            loss_of, update = torch.compile(loss_of, dynamic=False), torch.compile(update)
        seconds = []
        for _ in range(request["epochs"]):
            total = torch.zeros(())
            start = time.perf_counter()
            order = torch.randperm(samples)
            for first in range(0, samples, batch):
                rows = order[first : first + batch]
                optimizer.zero_grad(set_to_none=True)
                loss = loss_of(x[rows], y[rows])
                loss.backward()
                update()
                total += loss.detach() * len(rows)
            seconds.append(time.perf_counter() - start)
        return seconds, total / samples

    serve(f"PyTorch {torch.__version__}{' compiled' if compiles else ''}", train)


main()
