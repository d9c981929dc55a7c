#!/usr/bin/env python3
"""Writes shifted.csv.gz: each of the digits, of 8x8 pixels, somewhere on a field of 12x12."""
import csv
import gzip
import io
import random

FIELD = 12
SIDE = 8

if __name__ == "__main__":
    chance = random.Random(3)
    with gzip.open("digits.csv.gz", "rt", newline="") as file:
        rows = list(csv.reader(file))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in rows:
        top, left = chance.randint(0, FIELD - SIDE), chance.randint(0, FIELD - SIDE)
        field = ["0"] * FIELD * FIELD
        for y in range(SIDE):
            for x in range(SIDE):
                field[(top + y) * FIELD + left + x] = row[y * SIDE + x]
        writer.writerow(field + [row[-1]])
    # No time and no name in the header: the same bytes whenever it is made.
    with open("shifted.csv.gz", "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(out.getvalue().encode())
