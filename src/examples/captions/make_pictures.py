#!/usr/bin/env python3
"""Writes pictures with captions: train.jsonl.gz, test.jsonl.gz, unseen.jsonl.gz and two as images.

A picture has 16x16 pixels of red, green and blue, 0 or 1, and one to three equal objects, at most
one in each quarter: "two red squares". test.jsonl.gz has new pictures; unseen.jsonl.gz those whose
caption never comes in the training part, although each of its words does.
"""
import gzip
import json
import random

SIDE = 16
COLOURS = {"red": (1, 0, 0), "green": (0, 1, 0), "blue": (0, 0, 1), "yellow": (1, 1, 0)}
SHAPES = {
    "square": ["#####", "#####", "#####", "#####", "#####"],
    "circle": [".###.", "#####", "#####", "#####", ".###."],
    "triangle": ["..#..", ".###.", ".###.", "#####", "#####"],
}
COUNTS = ["a", "two", "three"]
UNSEEN = {("a", "red", "circle"), ("two", "blue", "squares"), ("three", "green", "triangles"),
          ("two", "yellow", "circles"), ("three", "red", "squares"), ("a", "green", "square")}


def picture(count, colour, shape, chance):
    pixels = [[[0] * SIDE for _ in range(SIDE)] for _ in range(3)]
    for quarter in chance.sample(range(4), count):
        top = quarter // 2 * 8 + chance.randint(0, 3)
        left = quarter % 2 * 8 + chance.randint(0, 3)
        for y, row in enumerate(SHAPES[shape]):
            for x, mark in enumerate(row):
                for channel in range(3):
                    if mark == "#":
                        pixels[channel][top + y][left + x] = COLOURS[colour][channel]
    return pixels


def sample(chance):
    count = chance.randint(1, 3)
    colour, shape = chance.choice(list(COLOURS)), chance.choice(list(SHAPES))
    caption = (COUNTS[count - 1], colour, shape + ("s" if count > 1 else ""))
    return caption, picture(count, colour, shape, chance)


def write(name, count, wanted, chance):
    lines = []
    while len(lines) < count:
        caption, pixels = sample(chance)
        if wanted(caption):
            lines.append(json.dumps({"x": pixels, "y": " ".join(caption)}, separators=(",", ":")))
    # No time and no name in the header: the same bytes whenever it is made.
    with open(name, "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(("\n".join(lines) + "\n").encode())


def image(name, pixels):
    """As PPM, which needs no library."""
    with open(name, "w") as file:
        file.write(f"P3\n{SIDE} {SIDE}\n255\n")
        for y in range(SIDE):
            row = [str(255 * pixels[c][y][x]) for x in range(SIDE) for c in range(3)]
            file.write(" ".join(row) + "\n")


if __name__ == "__main__":
    chance = random.Random(5)
    write("train.jsonl.gz", 1200, lambda caption: caption not in UNSEEN, chance)
    write("test.jsonl.gz", 200, lambda caption: caption not in UNSEEN, chance)
    write("unseen.jsonl.gz", 100, lambda caption: caption in UNSEEN, chance)
    image("two-blue-squares.ppm", picture(2, "blue", "square", chance))
    image("three-yellow-triangles.ppm", picture(3, "yellow", "triangle", chance))
