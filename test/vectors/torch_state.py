"""Writes torch-state.json: the state of a network of PyTorch, and what it makes of some samples.

16 columns - linear 8 - batch-norm - relu - linear 8 - gelu - linear 3, as torch.nn.Sequential, after some
steps of SGD, so that no number is that of its initialisation. `safetensors` is the state as its file (the
format by hand: its specification is a page), `npz` the same as numpy.savez writes it, both in base64.
Run: python3 test/vectors/torch_state.py (written with PyTorch 1.13.0)
"""

import base64
import io
import json
import os
import struct

import numpy
import torch
from torch import nn

torch.manual_seed(5)
network = nn.Sequential(
    nn.Linear(16, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 8), nn.GELU(), nn.Linear(8, 3)
)
samples = torch.randn(60, 16)
labels = torch.randint(0, 3, (60,))
optimizer = torch.optim.SGD(network.parameters(), lr=0.1)
for step in range(30):
    optimizer.zero_grad()
    nn.functional.cross_entropy(network(samples), labels).backward()
    optimizer.step()
network.eval()
logits = network(samples).detach()

state = {name: tensor.detach().numpy() for name, tensor in network.state_dict().items()}
types = {"float32": "F32", "int64": "I64"}
header, data = {}, b""
# As safetensors.torch does: wide types first, then by name. The header has them in the order of the names.
for name in sorted(state, key=lambda name: (-state[name].itemsize, name)):
    array = numpy.ascontiguousarray(state[name])
    place = [len(data), len(data) + array.nbytes]
    header[name] = {"dtype": types[str(array.dtype)], "shape": list(array.shape), "data_offsets": place}
    data += array.tobytes()
text = json.dumps(dict(sorted(header.items()))).encode()
text += b" " * (-len(text) % 8)
npz = io.BytesIO()
numpy.savez(npz, **state)

here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "torch-state.json"), "w") as file:
    json.dump(
        {
            "samples": samples.tolist(),
            "labels": labels.tolist(),
            "logits": logits.tolist(),
            "probabilities": logits.softmax(1).tolist(),
            "safetensors": base64.b64encode(struct.pack("<Q", len(text)) + text + data).decode(),
            "npz": base64.b64encode(npz.getvalue()).decode(),
        },
        file,
    )
    file.write("\n")
