"""A network written by hand in NumPy as a peer; see peer.py. It computes in float32 and writes results into
arrays that it keeps.
"""
import time

import numpy as np

from peer import Unsupported, load, serve


class Dense:
    def __init__(self, inputs, units, batch, random, first):
        self.W = (random.standard_normal((inputs, units)) * np.sqrt(2 / inputs)).astype(np.float32)
        self.b = np.zeros(units, np.float32)
        self.dW, self.db = np.empty_like(self.W), np.empty_like(self.b)
        self.y = np.empty((batch, units), np.float32)
        self.dx = None if first else np.empty((batch, inputs), np.float32)
        self.units = units

    def forward(self, x):
        self.x = x
        y = np.matmul(x, self.W, out=self.y[: len(x)])
        y += self.b
        return y

    def backward(self, dy):
        np.matmul(self.x.T, dy, out=self.dW)
        np.sum(dy, axis=0, out=self.db)
        return None if self.dx is None else np.matmul(dy, self.W.T, out=self.dx[: len(dy)])

    def parameters(self):
        return [(self.W, self.dW, True), (self.b, self.db, False)]


class Relu:
    def __init__(self, slope):
        self.slope = slope

    def forward(self, x):
        if self.slope:
            self.negative = x < 0
            np.multiply(x, self.slope, out=x, where=self.negative)
        else:
            np.maximum(x, 0, out=x)
            self.positive = x > 0
        return x

    def backward(self, dy):
        if self.slope:
            np.multiply(dy, self.slope, out=dy, where=self.negative)
        else:
            dy *= self.positive
        return dy

    def parameters(self):
        return []


class BatchNorm:
    def __init__(self, units):
        self.gamma, self.beta = np.ones(units, np.float32), np.zeros(units, np.float32)
        self.dgamma, self.dbeta = np.empty_like(self.gamma), np.empty_like(self.beta)
        self.mean, self.variance = np.zeros(units, np.float32), np.ones(units, np.float32)

    def forward(self, x):
        mean = x.mean(axis=0)
        centred = x - mean
        variance = np.square(centred).mean(axis=0)
        self.mean += 0.1 * (mean - self.mean)
        self.variance += 0.1 * (variance - self.variance)
        self.scale = 1 / np.sqrt(variance + np.float32(1e-5))
        centred *= self.scale
        self.xhat = centred
        return self.gamma * centred + self.beta

    def backward(self, dy):
        np.sum(dy * self.xhat, axis=0, out=self.dgamma)
        np.sum(dy, axis=0, out=self.dbeta)
        n = np.float32(len(dy))
        return self.gamma * self.scale * (dy - self.dbeta / n - self.xhat * (self.dgamma / n))

    def parameters(self):
        return [(self.gamma, self.dgamma, False), (self.beta, self.dbeta, False)]


class Residual:
    def __init__(self, layers, shortcut):
        self.layers, self.shortcut = layers, shortcut

    def forward(self, x):
        return self.layers.forward(x) + self.shortcut.forward(x)

    def backward(self, dy):
        # Only at the samples, whose gradient is not needed. Layers work in place, so one of the two paths
        # gets a copy.
        self.shortcut.backward(dy.copy())
        self.layers.backward(dy)

    def parameters(self):
        return self.layers.parameters() + self.shortcut.parameters()


class Sequence:
    def __init__(self, model, inputs, batch, random, first=True):
        self.layers = []
        for layer in model:
            kind = layer["kind"]
            if kind == "dense":
                units = 10 if layer["units"] == "classes" else layer["units"]
                self.layers.append(Dense(inputs, units, batch, random, first))
                inputs = units
            elif kind in ("relu", "leaky-relu"):
                self.layers.append(Relu(layer.get("slope")))
            elif kind == "batch-norm":
                self.layers.append(BatchNorm(inputs))
            elif kind == "residual" and first and layer["shortcut"]:
                path = Sequence(layer["layers"], inputs, batch, random)
                self.layers.append(Residual(path, Sequence(layer["shortcut"], inputs, batch, random)))
                inputs = path.units
            else:
                raise Unsupported(f"not written: {kind}")
            first = False
        self.units = inputs

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, dy):
        for layer in reversed(self.layers):
            dy = layer.backward(dy)

    def parameters(self):
        return [parameter for layer in self.layers for parameter in layer.parameters()]


def updater(parameters, given):
    """Updates all parameters in place from their gradients."""
    rate, decay = np.float32(given["learningRate"]), np.float32(given["weightDecay"])
    slots = [np.zeros_like(W) for W, _, _ in parameters]
    spare = [np.empty_like(W) for W, _, _ in parameters]

    def sgd():
        momentum, nesterov = np.float32(given["momentum"]), given["nesterov"]
        for (W, g, decays), v, t in zip(parameters, slots, spare):
            if decays and decay:
                np.multiply(W, decay, out=t)
                g += t
            v *= momentum
            v += g
            if nesterov:
                np.multiply(v, momentum, out=t)
                t += g
                t *= rate
            else:
                np.multiply(v, rate, out=t)
            W -= t

    def rmsprop():
        rho, epsilon = np.float32(given["rho"]), np.float32(given["epsilon"])
        for (W, g, _), v, t in zip(parameters, slots, spare):
            np.square(g, out=t)
            t *= 1 - rho
            v *= rho
            v += t
            np.sqrt(v, out=t)
            t += epsilon
            np.divide(g, t, out=t)
            t *= rate
            W -= t

    updates = {"sgd": sgd, "rmsprop": rmsprop}
    if given["kind"] not in updates:
        raise Unsupported(f"not written: {given['kind']}")
    return updates[given["kind"]]


def cross_entropy(z, labels, rows):
    """The summed loss, and the gradient of its mean in place of z."""
    z -= z.max(axis=1, keepdims=True)
    np.exp(z, out=z)
    z /= z.sum(axis=1, keepdims=True)
    own = z[rows, labels]
    z[rows, labels] = own - 1
    z /= np.float32(len(z))
    return -np.log(own).sum()


def main():
    x, y = load()

    def train(request):
        random = np.random.default_rng(1)
        batch, samples = request["batchSize"], request["samples"]
        network = Sequence(request["model"], 784, batch, random)
        update = updater(network.parameters(), request["optimizer"])
        inputs = np.empty((batch, 784), np.float32)
        all_rows = np.arange(batch)
        seconds = []
        for _ in range(request["epochs"]):
            total = 0.0
            start = time.perf_counter()
            order = random.permutation(samples)
            for first in range(0, samples, batch):
                rows = order[first : first + batch]
                # The rows are in range, and with `clip` NumPy makes no extra copy.
                z = network.forward(np.take(x, rows, axis=0, out=inputs[: len(rows)], mode="clip"))
                total += cross_entropy(z, y[rows], all_rows[: len(rows)])
                network.backward(z)
                update()
            seconds.append(time.perf_counter() - start)
        return seconds, total / samples

    serve(f"NumPy {np.__version__}", train)


main()
