#!/usr/bin/env python3
"""Writes the test vectors beside this file, and the examples in spec/*.md from them. Same
bytes every time: fixed keys, no clock.

    spec/vectors/generate.py             write them
    spec/vectors/generate.py --check     compare only; status 1 when a file differs
"""
import importlib
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

import examples  # noqa: E402

FILES = ["job", "card", "trust", "log", "receipt", "quorum"]


def outcome():
    """What each file should be: path -> bytes."""
    texts = {}
    for name in FILES:
        vectors = importlib.import_module(f"{name}_cases").make()
        texts[HERE / f"{name}.json"] = json.dumps(vectors, indent=1, ensure_ascii=False) + "\n"
    for name in examples.EXAMPLES:
        path = HERE.parent / name
        texts[path] = examples.with_example(name, path.read_text(encoding="utf-8"))
    return {path: text.encode() for path, text in texts.items()}


def main(arguments):
    if arguments not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    wrong = []
    for path, data in outcome().items():
        if not arguments:
            path.write_bytes(data)
        elif not path.is_file() or path.read_bytes() != data:
            wrong.append(f"{path.name} is not what generate.py writes")
    if not examples.job_example_is_exact((HERE.parent / "job.md").read_text(encoding="utf-8")):
        wrong.append("the example in job.md is not the case valid-hello")
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
