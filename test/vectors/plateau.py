"""Writes plateau.json: learning rates of PyTorch's ReduceLROnPlateau for made-up figures.

Run: python3 plateau.py
"""
import json
import os
import random

import torch

cases = []
for number, (metric, patience, threshold, cooldown, floor) in enumerate(
    [
        ("loss", 0, 1e-4, 0, 0.001),
        ("loss", 2, 0.05, 0, 0),
        ("loss", 1, 1e-4, 3, 0),
        ("accuracy", 1, 0.02, 1, 0.05),
    ]
):
    source = random.Random(number)
    figures = [round(1 / (1 + 0.2 * i) + 0.3 * source.random(), 6) for i in range(40)]
    if metric == "accuracy":
        figures = [1 - f / 2 for f in figures]
    parameter = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([parameter], lr=1.0)
    schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer,
        mode="min" if metric == "loss" else "max",
        factor=0.5,
        patience=patience,
        threshold=threshold,
        cooldown=cooldown,
        min_lr=floor,
    )
    rates = []
    for figure in figures:
        schedule.step(figure)
        rates.append(optimizer.param_groups[0]["lr"])
    settings = {"metric": metric, "factor": 0.5, "patience": patience, "threshold": threshold}
    settings.update({"cooldown": cooldown, "floor": floor})
    cases.append({"settings": settings, "figures": figures, "rates": rates})

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "plateau.json"), "w") as file:
    json.dump(cases, file, indent=0)
    file.write("\n")
