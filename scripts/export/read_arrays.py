"""Opens the weights of an export with NumPy: FILE.npz and FILE.safetensors, which must be the same.

The digest of a run is SHA-256 over the parameters' float32 bytes in the order of the plan.
"""

import hashlib
import json
import sys

import numpy


def read_safetensors(path):
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
        data = file.read()
    about = header.pop("__metadata__")
    arrays = {}
    for name, entry in header.items():
        assert entry["dtype"] == "F32", entry
        start, end = entry["data_offsets"]
        arrays[name] = numpy.frombuffer(data[start:end], "<f4").reshape(entry["shape"])
    return arrays, about


arrays = dict(numpy.load(sys.argv[1], allow_pickle=False))
about = json.loads(str(arrays.pop("lockstep")))
others, texts = read_safetensors(sys.argv[2])
assert list(arrays) == list(others), (list(arrays), list(others))
for name, array in arrays.items():
    assert array.dtype == numpy.float32, name
    assert array.shape == others[name].shape, name
    assert array.tobytes() == others[name].tobytes(), name
assert json.loads(texts["preparation"]) == about["preparation"]

digest = hashlib.sha256()
for name, array in arrays.items():
    if not name.endswith((".runningMean", ".runningVariance")):
        digest.update(array.tobytes())
same = digest.hexdigest() == about["weightsSha256"] == texts["weightsSha256"]
print(f"{len(arrays)} arrays, alike; {'the digest of the run' if same else 'ANOTHER digest'}")
