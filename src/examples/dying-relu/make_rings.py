#!/usr/bin/env python3
"""Writes rings.csv and the initial weights of an experiment with units that die.

rings.csv: points of a disk (class 0) and of a ring around it (class 1), which no straight line
divides. dead.json: weights of Linear(2, 16), an activation, Linear(16, 2) whose first biases are
-3, so that no unit fires for any of the points. alive.json: the same with biases around 0.
"""
import json
import math
import random

UNITS = 16

if __name__ == "__main__":
    chance = random.Random(4)
    with open("rings.csv", "w") as file:
        for i in range(200):
            label = i % 2
            radius = chance.uniform(1.5, 2) if label else chance.uniform(0, 1)
            angle = chance.uniform(0, 2 * math.pi)
            file.write(f"{radius * math.cos(angle):.3f},{radius * math.sin(angle):.3f},{label}\n")

    def matrix(rows, columns, bound):
        return [[round(chance.uniform(-bound, bound), 3) for _ in range(columns)] for _ in range(rows)]

    weights = {
        "0.weight": matrix(UNITS, 2, 1),
        "0.bias": [-3] * UNITS,
        "2.weight": matrix(2, UNITS, 0.25),
        "2.bias": [0, 0],
    }
    for name, bias in (("dead.json", [-3] * UNITS), ("alive.json", matrix(1, UNITS, 1)[0])):
        with open(name, "w") as file:
            json.dump(dict(weights, **{"0.bias": bias}), file)
            file.write("\n")
