"""JAX as a peer; see peer.py. The third argument is the number of threads.

This is its fastest form that we know: a whole epoch is one compiled program, a `scan` over the minibatches,
which gathers, differentiates and updates, and reuses the memory of the weights. The order of the samples
comes from NumPy, because sorting in XLA takes longer. Images are (lines, columns, channels), XLA's own layout
on processors.
"""
import math
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

from peer import Unsupported, load, sees_images, serve


def pair(value):
    return (value, value) if isinstance(value, int) else tuple(value)


def margins(padding):
    """A setting of padding, as XLA takes it."""
    return padding.upper() if isinstance(padding, str) else [(side, side) for side in pair(padding)]


def convolve(x, own, given):
    y = jax.lax.conv_general_dilated(
        x,
        own["W"],
        pair(given["stride"]),
        margins(given["padding"]),
        rhs_dilation=pair(given["dilation"]),
        dimension_numbers=("NHWC", "HWIO", "NHWC"),
        feature_group_count=given["groups"],
    )
    return y + own["b"] if given["bias"] else y


def max_pool(x, given):
    size = pair(given["size"])
    stride = size if given["stride"] == "size" else pair(given["stride"])
    padding = margins(given["padding"])
    if not isinstance(padding, str):
        padding = [(0, 0), *padding, (0, 0)]
    return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (1, *size, 1), (1, *stride, 1), padding)


def initial(model, shape, random):
    """Weights and running statistics of a list of layers, and the shape of a row of their outputs."""
    weights, statistics = [], []
    for layer in model:
        kind, own, kept = layer["kind"], {}, {}
        if kind in ("dense", "conv"):
            if kind == "dense":
                units = 10 if layer["units"] == "classes" else layer["units"]
                taps = (math.prod(shape),)
            else:
                units = layer["channels"]
                taps = (*pair(layer["kernel"]), shape[-1] // layer["groups"])
            W = random.standard_normal((*taps, units)) * np.sqrt(2 / math.prod(taps))
            own = {"W": jnp.asarray(W, jnp.float32)}
            if layer.get("bias", True):
                own["b"] = jnp.zeros(units)
        elif kind == "batch-norm":
            own = {"gamma": jnp.ones(shape[-1]), "beta": jnp.zeros(shape[-1])}
            kept = {"mean": jnp.zeros(shape[-1]), "variance": jnp.ones(shape[-1])}
        elif kind == "residual":
            W, s, _ = initial(layer["layers"], shape, random)
            Wc, sc, _ = initial(layer["shortcut"], shape, random)
            own, kept = {"layers": W, "shortcut": Wc}, {"layers": s, "shortcut": sc}
        elif kind not in ("relu", "leaky-relu", "max-pool"):
            raise Unsupported(f"not written: {kind}")
        weights.append(own)
        statistics.append(kept)
        # The shape of the outputs, without computing them.
        one = jax.ShapeDtypeStruct((1, *shape), jnp.float32)
        shape = jax.eval_shape(lambda x: apply([layer], [own], [kept], x)[0], one).shape[1:]
    return weights, statistics, shape


def apply(model, weights, statistics, x):
    """The outputs of a list of layers, and their next running statistics."""
    following = []
    for layer, own, kept in zip(model, weights, statistics):
        kind = layer["kind"]
        if kind == "dense":
            x = x.reshape(len(x), -1) @ own["W"] + own["b"]
        elif kind == "conv":
            x = convolve(x, own, layer)
        elif kind == "max-pool":
            x = max_pool(x, layer)
        elif kind == "relu":
            x = jax.nn.relu(x)
        elif kind == "leaky-relu":
            x = jax.nn.leaky_relu(x, layer["slope"])
        elif kind == "batch-norm":
            rows = tuple(range(x.ndim - 1))
            mean, variance = x.mean(axis=rows), x.var(axis=rows)
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
        gradients = tree_map(lambda g, W: g + decay * W if W.ndim > 1 else g, gradients, weights)
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
    numbers, y = jnp.asarray(images), jnp.asarray(labels.astype(np.int32))

    def train(request):
        random = np.random.default_rng(1)
        samples = request["samples"]
        shape = (28, 28, 1) if sees_images(request["model"]) else (784,)
        x = numbers.reshape(-1, *shape)
        weights, statistics, _ = initial(request["model"], shape, random)
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
