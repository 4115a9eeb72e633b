"""Writes exact.json: exponential, logarithm, cosine and others, computed to some 70 digits with decimal.

Each entry is [x, y, rest]: y is the double nearest to f(x), and rest is f(x) - y in ulps of y, so that errors
can be given in fractions of an ulp. Run: python3 test/vectors/exact.py
"""

import json
import math
import os
import random
from decimal import Decimal, getcontext

getcontext().prec = 80
getcontext().Emin = -10000
getcontext().Emax = 10000


def pi():
    """Machin: pi = 16 atan(1/5) - 4 atan(1/239)."""

    def atan_of_inverse(n):
        total, power, k = Decimal(0), Decimal(1) / n, 0
        while abs(power) > Decimal(10) ** -(getcontext().prec - 2):
            total += (-power if k % 2 else power) / (2 * k + 1)
            power /= n * n
            k += 1
        return total

    return 16 * atan_of_inverse(5) - 4 * atan_of_inverse(239)


getcontext().prec = 450
LONG_PI = pi()
getcontext().prec = 80
PI = pi()
TWO_PI = 2 * PI


def cos(x):
    x = x - TWO_PI * (x / TWO_PI).to_integral_value()
    total, term, k = Decimal(1), Decimal(1), 0
    while abs(term) > Decimal(10) ** -75:
        k += 2
        term *= -x * x / (k * (k - 1))
        total += term
    return total


def tanh(x):
    e = (2 * x).exp()
    return (e - 1) / (e + 1)


def erf(x):
    """2 / sqrt(pi) e^(-x^2) (x + 2 x^3 / 3 + 4 x^5 / 15 + ...)"""
    total, term, k = x, x, 0
    while abs(term) > abs(total) * Decimal(10) ** -getcontext().prec:
        k += 1
        term *= 2 * x * x / (2 * k + 1)
        total += term
    return 2 * total * (-x * x).exp() / PI.sqrt()


def erfc(x):
    """1 - erf(x), which loses up to 300 digits for x <= 26."""
    getcontext().prec = 450
    total, term, k = x, x, 0
    while term and abs(term) > Decimal(10) ** -445:
        k += 1
        term *= 2 * x * x / (2 * k + 1)
        total += term
    result = 1 - 2 * total * (-x * x).exp() / LONG_PI.sqrt()
    getcontext().prec = 80
    return +result


def log1p(x):
    """The series x - x^2 / 2 + x^3 / 3 where 1 + x would lose digits."""
    return x - x * x / 2 + x * x * x / 3 if abs(x) < Decimal(10) ** -25 else (1 + x).ln()


def entries(function, inputs):
    for x in inputs:
        exact = function(Decimal(x))
        y = float(exact)
        yield [x, y, float((exact - Decimal(y)) / Decimal(math.ulp(y)))]


draw = random.Random(1)
smallest, largest = 2.2250738585072014e-308, 1.7976931348623157e308
vectors = {
    "exp": entries(
        lambda x: x.exp(),
        [0.5, 1.0, -1.0, math.log(2) / 2, -math.log(2) / 2, 700.0, 709.78, -708.0, -708.39, 1e-10, -1e-300]
        + [draw.uniform(-708, 709) for _ in range(250)]
        + [draw.uniform(-20, 2) for _ in range(250)]
        + [draw.uniform(-1, 1) for _ in range(250)],
    ),
    "log": entries(
        lambda x: x.ln(),
        [2.0, 10.0, 0.5, math.sqrt(2), math.nextafter(math.sqrt(2), 2), smallest, largest, 5e-324, 1e-310]
        + [math.nextafter(1, 2), math.nextafter(1, 0)]
        + [math.ldexp(draw.uniform(0.5, 1), draw.randint(-1021, 1024)) for _ in range(250)]
        + [draw.uniform(0.5, 2) for _ in range(250)]
        + [1 + draw.choice((-1, 1)) * 10 ** draw.uniform(-15, -2) for _ in range(250)],
    ),
    "cos": entries(
        cos,
        [0.1, 1.0, math.pi / 4, math.pi / 2, math.pi, 3 * math.pi / 2, 2 * math.pi, -2.0]
        + [draw.uniform(-2 * math.pi, 2 * math.pi) for _ in range(500)]
        + [draw.uniform(-1e5, 1e5) for _ in range(250)],
    ),
    "expm1": entries(
        lambda x: x.exp() - 1,
        [1.0, -1.0, 1e-10, -1e-15, math.log(2) / 2, -math.log(2) / 2, 39.9, 40.1, -39.9, -40.1, 700.0, 709.78]
        + [draw.uniform(-45, 45) for _ in range(250)]
        + [draw.uniform(-2, 2) for _ in range(500)],
    ),
    "tanh": entries(
        tanh,
        [1.0, -1.0, 1e-10, -1e-15, 19.9, 20.1, -20.1]
        + [draw.uniform(-22, 22) for _ in range(250)]
        + [draw.uniform(-2, 2) for _ in range(500)],
    ),
    "erf": entries(
        erf,
        [1.0, math.nextafter(1, 0), -1.0, 1e-10, -1e-15, 5.9, 6.1]
        + [draw.uniform(-6, 6) for _ in range(250)]
        + [draw.uniform(-1.5, 1.5) for _ in range(500)],
    ),
    "erfc": entries(
        erfc,
        [1.0, math.nextafter(1, 0), -1.0, 1e-10, -1e-15, 5.9, -5.9, 26.0]
        + [draw.uniform(-6, 26) for _ in range(250)]
        + [draw.uniform(-1.5, 3) for _ in range(500)],
    ),
    "log1p": entries(
        log1p,
        [1.0, -0.5, 1e-10, -1e-10, 1e-15, -1e-15, 1e-300, math.ldexp(1, -53), math.nextafter(1, 0), largest]
        + [math.nextafter(-1, 0)]
        + [draw.uniform(0, 1) for _ in range(250)]
        + [10 ** draw.uniform(-20, 20) for _ in range(250)]
        + [-(10 ** draw.uniform(-20, 0)) for _ in range(250)],
    ),
    "logistic": entries(
        lambda x: 1 / (1 + (-x).exp()),
        [1.0, -1.0, 1e-10, 36.5, -36.5, 40.0, -707.9]
        + [draw.uniform(-708, 40) for _ in range(250)]
        + [draw.uniform(-40, 40) for _ in range(250)]
        + [draw.uniform(-2, 2) for _ in range(250)],
    ),
}

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "exact.json"), "w") as file:
    lists = (
        '  "%s": [\n    %s\n  ]' % (name, ",\n    ".join(map(json.dumps, found)))
        for name, found in vectors.items()
    )
    file.write("{\n%s\n}\n" % ",\n".join(lists))
