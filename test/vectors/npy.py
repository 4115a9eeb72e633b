"""Writes npy.json: files of NumPy, as base64, and the numbers in them.

Run: python3 test/vectors/npy.py (written with NumPy 2.4.6)
"""

import base64
import io
import json
import os

import numpy as np


def packed(save, *arrays, **named):
    file = io.BytesIO()
    save(file, *arrays, **named)
    return base64.b64encode(file.getvalue()).decode()


def versioned(array, version):
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version=version)
    return base64.b64encode(file.getvalue()).decode()


grid = np.arange(12).reshape(3, 4)
halves = np.array([0, -0.0, 1, -2, 65504, 2.0**-24, 2.0**-14, 0.1, 1 / 3, np.inf, -np.inf, np.nan], "f2")
arrays = {
    "uint8": grid.astype("u1"),
    "int8": (grid - 6).astype("i1"),
    "uint16": (grid * 5000).astype("<u2"),
    "int16": (grid * -2000).astype("<i2"),
    "uint32": (grid * 3 * 10**8).astype("<u4"),
    "int32": (grid * -10**8).astype("<i4"),
    "uint64": (grid * 2**49).astype("<u8"),
    "int64": (grid * -(2**49)).astype("<i8"),
    "float16": halves,
    "float32": (grid / 7).astype("<f4"),
    "float64": grid / 7,
    "bool": grid % 3 == 0,
    "big-endian float64": (grid / 7).astype(">f8"),
    "big-endian int16": (grid * -2000).astype(">i2"),
    "big-endian float16": halves.astype(">f2"),
    "Fortran": np.asfortranarray(np.arange(24).reshape(2, 3, 4)).astype("<f4"),
    "Fortran of two sizes": np.asfortranarray(grid / 7),
    "a number alone": np.array(7, "<i4"),
    "a vector": np.array([1, 2, 3], "u1"),
    "no rows": np.zeros((0, 4), "<f4"),
}
refused = {
    "objects": np.array([{"a": 1}, None], dtype=object),
    "text": np.array(["cat", "dog"]),
    "bytes": np.array([b"cat", b"dog"]),
    "complex": np.array([1 + 2j]),
    "records": np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]),
    "times": np.array(["2020-01-01"], dtype="datetime64[D]"),
    "long double": np.array([1], dtype="longdouble"),
    "too large": np.array([2**60 + 1]),
}
out = {
    "arrays": [
        {
            "what": what,
            "file": packed(np.save, array),
            "dtype": array.dtype.name,
            "shape": list(array.shape),
            # JSON has no infinities, so the numbers are text.
            "values": [repr(float(value)) for value in array.ravel(order="C")],
        }
        for what, array in arrays.items()
    ],
    "versions": [versioned(grid.astype("<f4"), version) for version in [(1, 0), (2, 0), (3, 0)]],
    "refused": {what: packed(np.save, array) for what, array in refused.items()},
    "npz": packed(np.savez, x_train=grid.astype("u1"), y_train=np.array([2, 0, 1])),
    "compressed npz": packed(np.savez_compressed, x_train=grid.astype("u1"), y_train=np.array([2, 0, 1])),
    "unnamed npz": packed(np.savez, grid / 7, np.array([2, 0, 1])),
}
with open(os.path.join(os.path.dirname(__file__), "npy.json"), "w") as file:
    json.dump(out, file, indent=1)
    file.write("\n")
