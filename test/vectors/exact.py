"""Writes exact.json: exponential, logarithm and cosine to some 70 digits, by Python's decimal module.

Each entry is [x, y, rest]: y is the double nearest to f(x), and rest is f(x) - y in ulps of y, so that an
error can be given in fractions of an ulp. Run: python3 test/vectors/exact.py
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
        while abs(power) > Decimal(10) ** -78:
            total += (-power if k % 2 else power) / (2 * k + 1)
            power /= n * n
            k += 1
        return total

    return 16 * atan_of_inverse(5) - 4 * atan_of_inverse(239)


TWO_PI = 2 * pi()


def cos(x):
    x = x - TWO_PI * (x / TWO_PI).to_integral_value()
    total, term, k = Decimal(1), Decimal(1), 0
    while abs(term) > Decimal(10) ** -75:
        k += 2
        term *= -x * x / (k * (k - 1))
        total += term
    return total


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
}

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "exact.json"), "w") as file:
    lists = ('  "%s": [\n    %s\n  ]' % (name, ",\n    ".join(map(json.dumps, found))) for name, found in vectors.items())
    file.write("{\n%s\n}\n" % ",\n".join(lists))
