#!/usr/bin/env python3
"""Writes the test vectors beside this file. Same bytes every time: fixed keys, no clock.

    spec/vectors/generate.py             write them
    spec/vectors/generate.py --check     compare only; status 1 when a file differs
"""
import importlib
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

FILES = ["job", "card", "trust", "log", "receipt"]


def text_of(name):
    vectors = importlib.import_module(f"{name}_cases").make()
    return json.dumps(vectors, indent=1, ensure_ascii=False) + "\n"


def main(arguments):
    if arguments not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    different = []
    for name in FILES:
        path = HERE / f"{name}.json"
        text = text_of(name).encode()
        if arguments:
            if not path.is_file() or path.read_bytes() != text:
                different.append(path.name)
        else:
            path.write_bytes(text)
    for name in different:
        print(f"{name} is not what generate.py writes", file=sys.stderr)
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
