"""JAX as a peer; see peer.py. The third argument is the number of threads.

This is its fastest form that we know: a whole epoch is one compiled program, a `scan` over the minibatches,
which gathers, differentiates and updates, and reuses the memory of the weights. The order of the samples
comes from NumPy, because sorting in XLA takes longer.
"""
import os
import sys
import time

# JAX has no setting for its number of threads; its client for processors reads this one.
os.environ["PJRT_NPROC"] = os.environ["NPROC"] = sys.argv[3]
os.environ["JAX_PLATFORMS"] = "cpu"
if sys.argv[3] == "1":
    flags = os.environ.get("XLA_FLAGS", "")
    os.environ["XLA_FLAGS"] = f"{flags} --xla_cpu_multi_thread_eigen=false".strip()

import jax
import jax.numpy as jnp
import numpy as np
from jax.tree_util import tree_map

from peer import Unsupported, load, serve


def initial(model, inputs, random):
    """Weights and running statistics of a list of layers, and the number of their outputs."""
    weights, statistics = [], []
    for layer in model:
        kind, own, kept = layer["kind"], {}, {}
        if kind == "dense":
            units = 10 if layer["units"] == "classes" else layer["units"]
            W = random.standard_normal((inputs, units)) * np.sqrt(2 / inputs)
            own = {"W": jnp.asarray(W, jnp.float32), "b": jnp.zeros(units)}
            inputs = units
        elif kind == "batch-norm":
            own = {"gamma": jnp.ones(inputs), "beta": jnp.zeros(inputs)}
            kept = {"mean": jnp.zeros(inputs), "variance": jnp.ones(inputs)}
        elif kind == "residual":
            W, s, units = initial(layer["layers"], inputs, random)
            Wc, sc, _ = initial(layer["shortcut"], inputs, random)
            own, kept = {"layers": W, "shortcut": Wc}, {"layers": s, "shortcut": sc}
            inputs = units
        elif kind not in ("relu", "leaky-relu"):
            raise Unsupported(f"not written: {kind}")
        weights.append(own)
        statistics.append(kept)
    return weights, statistics, inputs


def apply(model, weights, statistics, x):
    """The outputs of a list of layers, and their next running statistics."""
    following = []
    for layer, own, kept in zip(model, weights, statistics):
        kind = layer["kind"]
        if kind == "dense":
            x = x @ own["W"] + own["b"]
        elif kind == "relu":
            x = jax.nn.relu(x)
        elif kind == "leaky-relu":
            x = jax.nn.leaky_relu(x, layer["slope"])
        elif kind == "batch-norm":
            mean, variance = x.mean(axis=0), x.var(axis=0)
            x = own["gamma"] * (x - mean) * jax.lax.rsqrt(variance + 1e-5) + own["beta"]
            now = {"mean": mean, "variance": variance}
            kept = tree_map(lambda old, new: 0.9 * old + 0.1 * new, kept, now)
        else:
            y, a = apply(layer["layers"], own["layers"], kept["layers"], x)
            s, b = apply(layer["shortcut"], own["shortcut"], kept["shortcut"], x)
            x, kept = y + s, {"layers": a, "shortcut": b}
        following.append(kept)
    return x, following


def updater(given):
    """A function of weights, their gradients and slots that returns the next weights and slots."""
    rate = given["learningRate"]

    def sgd(weights, gradients, slots):
        momentum, decay = given["momentum"], given["weightDecay"]
        # Biases and norms do not decay.
        gradients = tree_map(lambda g, W: g + decay * W if W.ndim == 2 else g, gradients, weights)
        slots = tree_map(lambda v, g: momentum * v + g, slots, gradients)
        steps = slots
        if given["nesterov"]:
            steps = tree_map(lambda v, g: momentum * v + g, slots, gradients)
        return tree_map(lambda W, s: W - rate * s, weights, steps), slots

    def rmsprop(weights, gradients, slots):
        rho, epsilon = given["rho"], given["epsilon"]
        slots = tree_map(lambda v, g: rho * v + (1 - rho) * g * g, slots, gradients)
        step = lambda W, g, v: W - rate * g / (jnp.sqrt(v) + epsilon)
        return tree_map(step, weights, gradients, slots), slots

    updates = {"sgd": sgd, "rmsprop": rmsprop}
    if given["kind"] not in updates:
        raise Unsupported(f"not written: {given['kind']}")
    return updates[given["kind"]]


def epoch_of(model, update, batch, samples):
    """A compiled epoch: state, data and order give the next state and the summed loss."""

    def loss_of(weights, statistics, x, y):
        z, statistics = apply(model, weights, statistics, x)
        own = jnp.take_along_axis(z, y[:, None], axis=1)[:, 0]
        return jnp.mean(jax.nn.logsumexp(z, axis=1) - own), statistics

    def epoch(state, x, y, order):
        def step(state, rows):
            weights, slots, statistics = state
            slope = jax.value_and_grad(loss_of, has_aux=True)
            (loss, statistics), gradients = slope(weights, statistics, x[rows], y[rows])
            weights, slots = update(weights, gradients, slots)
            return (weights, slots, statistics), loss * len(rows)

        whole = samples // batch * batch
        state, losses = jax.lax.scan(step, state, order[:whole].reshape(-1, batch))
        total = losses.sum()
        if whole < samples:
            state, loss = step(state, order[whole:])
            total += loss
        return state, total

    return jax.jit(epoch, donate_argnums=0)


def main():
    images, labels = load()
    x, y = jnp.asarray(images), jnp.asarray(labels.astype(np.int32))

    def train(request):
        random = np.random.default_rng(1)
        samples = request["samples"]
        weights, statistics, _ = initial(request["model"], 784, random)
        state = weights, tree_map(jnp.zeros_like, weights), statistics
        epoch = epoch_of(request["model"], updater(request["optimizer"]), request["batchSize"], samples)
        seconds = []
        for _ in range(request["epochs"]):
            start = time.perf_counter()
            order = random.permutation(samples).astype(np.int32)
            state, total = jax.block_until_ready(epoch(state, x, y, order))
            seconds.append(time.perf_counter() - start)
        return seconds, float(total) / samples

    serve(f"JAX {jax.__version__}", train)


main()
