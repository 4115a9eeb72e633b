"""Prints the polynomial Q of gelu's kernel: Phi(-a) = e^(-a^2 / 2) t Q(t), t = 1 / (1 + a / 4), 0 <= a <= 12.

Phi is the normal distribution. Least squares at Chebyshev points with Lawson's weights make the relative
error small everywhere: in each round, the weight of a point grows with its error.
Run: python3 scripts/normal_tail.py
"""

from decimal import Decimal, getcontext
from math import acos, cos, pi

getcontext().prec = 120
PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862803482534")
SLOPE, DEGREE, WIDEST, POINTS, ROUNDS = 0.25, 9, 12, 60, 60


def scaled_tail(a):
    """Phi(-a) e^(a^2 / 2), by the series of erf whose terms do not cancel."""
    half = a * a / 2
    term = total = half.sqrt()
    k = 0
    while term > Decimal(10) ** -110:
        k += 1
        term *= 2 * half / (2 * k + 1)
        total += term
    return half.exp() / 2 - total / PI.sqrt()


def solve(rows):
    """Gaussian elimination with pivots. Each row ends with its right-hand side."""
    n = len(rows)
    for c in range(n):
        best = max(range(c, n), key=lambda r: abs(rows[r][c]))
        rows[c], rows[best] = rows[best], rows[c]
        for r in range(n):
            if r != c:
                factor = rows[r][c] / rows[c][c]
                rows[r] = [x - factor * y for x, y in zip(rows[r], rows[c])]
    return [rows[i][n] / rows[i][i] for i in range(n)]


least = 1 / (1 + SLOPE * WIDEST)
nodes = [cos(pi * (i + 0.5) / POINTS) for i in range(POINTS)]
ts = [(1 + least) / 2 + (1 - least) / 2 * u for u in nodes]
# For relative errors, each basis function is divided by the wanted value.
values = [float(scaled_tail((1 / Decimal(t) - 1) / Decimal(SLOPE)) / Decimal(t)) for t in ts]
basis = [[cos(k * acos(u)) / y for k in range(DEGREE + 1)] for u, y in zip(nodes, values)]
weights = [1.0] * POINTS
for _ in range(ROUNDS):
    rows = [
        [sum(w * b[i] * b[j] for w, b in zip(weights, basis)) for j in range(DEGREE + 1)]
        + [sum(w * b[i] for w, b in zip(weights, basis))]
        for i in range(DEGREE + 1)
    ]
    fit = solve(rows)
    errors = [abs(sum(c * x for c, x in zip(fit, b)) - 1) for b in basis]
    mean = sum(w * e for w, e in zip(weights, errors)) / POINTS
    weights = [w * e / mean for w, e in zip(weights, errors)]

# From Chebyshev polynomials of u = slope t + start to powers of t.
slope, start = 2 / (1 - least), -(1 + least) / (1 - least)
polynomials = [[1.0], [start, slope]]
while len(polynomials) <= DEGREE:
    last, before = polynomials[-1], polynomials[-2]
    following = [0.0] * (len(last) + 1)
    for i, c in enumerate(last):
        following[i] += 2 * start * c
        following[i + 1] += 2 * slope * c
    for i, c in enumerate(before):
        following[i] -= c
    polynomials.append(following)
powers = [sum(c * p[i] for c, p in zip(fit, polynomials) if i < len(p)) for i in range(DEGREE + 1)]
for i in reversed(range(DEGREE + 1)):
    print(f"t^{i}: {powers[i]:.9e}")
print(f"largest relative error: {max(errors):.1e}")
