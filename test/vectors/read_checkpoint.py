"""Reads a checkpoint as the specification of the safetensors format describes it, with NumPy alone.

Run: python3 test/vectors/read_checkpoint.py RUN/checkpoints/last.safetensors

It shares no code with Lockstep and needs no safetensors package. It checks the form of the file: the header's
length, alignment, and that the tensors lie one after the other, so that each byte belongs to one of them.
Then it computes the three digests that a checkpoint carries. It prints one JSON object. What is wrong with a
file is told on stderr, with exit code 1. https://github.com/huggingface/safetensors#format
"""

import hashlib
import json
import sys

import numpy as np

DTYPES = {"F32": "<f4", "F64": "<f8"}
HEADER_MOST = 100_000_000


def demand(condition, text):
    if not condition:
        raise ValueError(text)


def unique(pairs):
    demand(len({name for name, _ in pairs}) == len(pairs), "a key occurs twice in the header")
    return dict(pairs)


def read(data):
    """Returns metadata, and the tensors by name in the order of their bytes."""
    demand(len(data) >= 8, "no 8 bytes for the header's length")
    length = int(np.frombuffer(data, "<u8", 1)[0])
    demand(length <= min(len(data) - 8, HEADER_MOST), f"a header of {length} bytes does not fit")
    demand((8 + length) % 8 == 0, "the numbers do not begin at a multiple of 8 bytes")
    header = data[8 : 8 + length]
    demand(header[:1] == b"{", "the header does not begin with {")
    entries = json.loads(header.decode("utf-8"), object_pairs_hook=unique)
    metadata = entries.pop("__metadata__", {})
    demand(all(isinstance(value, str) for value in metadata.values()), "metadata that is no text")
    numbers = data[8 + length :]
    tensors, end = {}, 0
    for name, entry in sorted(entries.items(), key=lambda item: item[1]["data_offsets"]):
        dtype = np.dtype(DTYPES[entry["dtype"]])
        begin, after = entry["data_offsets"]
        demand(begin == end, f"{name} begins at byte {begin}, the one before ends at {end}")
        demand((8 + length + begin) % dtype.itemsize == 0, f"{name} is not aligned")
        count = int(np.prod(entry["shape"], dtype=np.int64))
        fits = after - begin == count * dtype.itemsize
        demand(fits, f"{name} has {after - begin} bytes for {entry['shape']}")
        demand(after <= len(numbers), f"{name} ends behind the file")
        tensors[name] = np.frombuffer(numbers, dtype, count, begin).reshape(entry["shape"])
        end = after
    demand(end == len(numbers), f"{len(numbers) - end} bytes belong to no tensor")
    return metadata, tensors


def digest(arrays):
    sha256 = hashlib.sha256()
    for array in arrays:
        sha256.update(array.astype("<f4").tobytes())
    return sha256.hexdigest()


def own_digest(data, claimed):
    """SHA-256 of the file in which its own digest is 64 zeros."""
    at = data.find(f'"sha256":"{claimed}"'.encode()) + len('"sha256":"')
    return hashlib.sha256(data[:at] + b"0" * 64 + data[at + 64 :]).hexdigest()


def main(path):
    with open(path, "rb") as file:
        data = file.read()
    metadata, tensors = read(data)
    # The optimizer's slots and the layers' state are told from the parameters by their names.
    slots = [name for name in tensors if name.startswith("optimizer.")]
    state = [name for name in tensors if name.split(".")[-1].startswith("running")]
    weights = [name for name in tensors if name not in slots and name not in state]
    sha256 = {
        "weightsSha256": digest(tensors[name] for name in weights),
        "stateSha256": digest(tensors[name] for name in weights + state),
        "sha256": own_digest(data, metadata.get("sha256")),
    }
    for name, found in sha256.items():
        demand(metadata.get(name) == found, f"{name}: the file says {metadata.get(name)}, it is {found}")
    shapes = {name: list(array.shape) for name, array in tensors.items()}
    kinds = {"weights": weights, "state": state, "slots": slots}
    print(json.dumps({"shapes": shapes, **kinds, "metadata": sorted(metadata), **sha256}))


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except (ValueError, KeyError) as error:
        sys.exit(f"{sys.argv[1]}: {error}")
