#!/usr/bin/env python3
"""Writes src/test/resources/onnx/attributes.txt: operator, attribute, type and default of ONNX.

Needs onnx (1.12). Run: /usr/bin/python3 src/test/golden/make_onnx_attributes.py
"""

import os

from onnx import defs, helper

KINDS = ("INT", "FLOAT", "STRING", "INTS", "FLOATS", "STRINGS")


def main(path):
    lines = []
    for schema in defs.get_all_schemas():
        if schema.domain or schema.deprecated:
            continue
        for name, attribute in schema.attributes.items():
            kind = str(attribute.type).split(".")[1]
            if kind not in KINDS:
                continue
            default = ""
            if attribute.default_value.name:
                default = helper.get_attribute_value(attribute.default_value)
                if isinstance(default, bytes):
                    default = default.decode()
            lines.append(" ".join([schema.name, name, kind, str(default)]).rstrip())
    with open(path, "w") as out:
        out.write("\n".join(sorted(lines)) + "\n")


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    main(os.path.join(here, "../resources/onnx/attributes.txt"))
