"""Makes the files beside it. Needs numpy; run in this folder: python3 make_fixtures.py"""
import io
import json
import struct
import zipfile
import zlib

import numpy as np

VALUES = {
    "f": [[-2.5, 0.0, 1.0], [3.5, 100.0, 0.125]],
    "i": [[-2, 0, 1], [3, 100, 7]],
    "u": [[2, 0, 1], [3, 100, 255]],
    "b": [[1, 0, 1], [1, 0, 0]],
}

# Every element type, byte order and memory order, in an archive that is stored and one that is deflated.
arrays = {}
for code in "f8 f4 f2 i8 i4 i2 i1 u8 u4 u2 u1 b1".split():
    for order in "<>":
        for layout in "CF":
            array = np.array(VALUES[code[0]], dtype=order + code, order=layout)
            arrays[f"{code}_{'little' if order == '<' else 'big'}_{layout}"] = array
np.savez("types-stored.npz", **arrays)
np.savez_compressed("types-deflated.npz", **arrays)



class Pipe:
    """A file that cannot seek: zip then says only behind an entry how long it is."""

    def __init__(self, path):
        self.file = open(path, "wb")

    def write(self, data):
        return self.file.write(data)

    def read(self):
        raise io.UnsupportedOperation("read")

    def flush(self):
        self.file.flush()


for name, save in (("piped-stored.npz", np.savez), ("piped-deflated.npz", np.savez_compressed)):
    pipe = Pipe(name)
    save(pipe, a=np.arange(6.0).reshape(2, 3), b=np.array([7, 8], "i4"))
    pipe.file.close()
for version in (1, 2, 3):
    with open(f"version{version}.npy", "wb") as f:
        np.lib.format.write_array(f, np.arange(6.0).reshape(2, 3), version=(version, 0))
with zipfile.ZipFile("folders.npz", "w") as z:
    z.writestr("weights/", b"")
    z.write("version1.npy", "weights/a.npy")
    z.writestr("README.txt", b"By hand.")
    z.writestr("__MACOSX/._a.npy", b"\0\5\26\7")
    z.write("version2.npy", "b")
np.save("scalar.npy", np.float64(2.5))
np.save("empty.npy", np.zeros((0, 3)))
np.save("uint64.npy", np.array([2**64 - 1, 2**63, 2**53 + 1], dtype="u8"))
np.save("complex.npy", np.array([1j]))
np.save("text.npy", np.array(["a"]))
np.save("structured.npy", np.zeros(2, dtype=[("a", "f8"), ("b", "i4")]))
np.savetxt("savetxt.csv", np.array([[1.5, -2e-300], [np.nan, np.inf]]), delimiter=",")


def safetensors(path, tensors):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, (dtype, shape, raw) in tensors.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)


safetensors("types.safetensors", {
    "F64": ("F64", [2, 3], np.array(VALUES["f"], "<f8").tobytes()),
    "F32": ("F32", [2, 3], np.array(VALUES["f"], "<f4").tobytes()),
    "F16": ("F16", [2, 3], np.array(VALUES["f"], "<f2").tobytes()),
    "BF16": ("BF16", [2, 3], b"".join(struct.pack("<f", v)[2:] for row in VALUES["f"] for v in row)),
    "I64": ("I64", [2, 3], np.array(VALUES["i"], "<i8").tobytes()),
    "I8": ("I8", [2, 3], np.array(VALUES["i"], "<i1").tobytes()),
    "U8": ("U8", [2, 3], np.array(VALUES["u"], "<u1").tobytes()),
    "BOOL": ("BOOL", [2, 3], np.array(VALUES["b"], "?").tobytes()),
    "0.weight": ("F32", [], np.array(7, "<f4").tobytes()),
})


def png(path, width, height, depth, colour, rows, extra=b""):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    raw = b"".join(b"\0" + bytes(row) for row in rows)
    with open(path, "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
                + extra + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b""))


def palette(*colours):
    data = bytes(c for colour in colours for c in colour)
    return struct.pack(">I", len(data)) + b"PLTE" + data + struct.pack(">I", zlib.crc32(b"PLTE" + data))


png("grey.png", 3, 2, 8, 0, [[0, 51, 255], [1, 2, 3]])
png("grey16.png", 2, 1, 16, 0, [[0x12, 0x34, 0xff, 0xff]])
png("black-white.png", 3, 1, 1, 0, [[0b10100000]])
png("grey-alpha.png", 2, 1, 8, 4, [[10, 255, 20, 0]])
png("rgb.png", 2, 2, 8, 2, [[255, 0, 51, 1, 2, 3], [4, 5, 6, 7, 8, 9]])
png("rgba.png", 2, 1, 8, 6, [[1, 2, 3, 255, 4, 5, 6, 0]])
png("palette.png", 2, 1, 8, 3, [[1, 0]], palette((10, 20, 30), (40, 50, 60)))
# A header that claims far more pixels than there are.
png("huge.png", 2**31 - 1, 2**31 - 1, 8, 2, [[1, 2, 3]])
