"""A damaged module is refused or runs as what it became; it never breaks the node.

The guests under examples/ are cut, patched and spliced at random. plasmd must say that the
module cannot be run, or run it to an ending that gets a receipt. An exit status of plasmd's
own failure means that a worker crashed, hung or broke the protocol.

PLASM_DAMAGED_MODULES  how many modules to try (60)
PLASM_RANDOM_SEED      the first one's seed (1)
"""
import collections
import json
import os
import pathlib
import random
import shlex
import shutil
import subprocess
import sys
import tempfile

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples"
MODULE_BAD = 126
# Numbers that sizes, counts and indices are made of, at their edges.
TELLING = (0x00, 0x01, 0x0B, 0x40, 0x7F, 0x80, 0xFF)
FLAGS = ("--tier", "quick", "--fuel", "2000000", "--memory", "64MiB", "--timeout", "60",
         "--output-limit", "64KiB", "--start-time", "1700000000")


def damage(data, others, rng):
    """A few small accidents; mostly one alone, which is the most likely to leave a valid module."""
    data = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 1, 2, 4))):
        kind = rng.choice(("flip",) * 6 + ("telling",) * 3 + ("remove", "insert", "cut", "splice"))
        at = rng.randrange(8, len(data)) if len(data) > 8 else 0
        if kind == "flip":
            data[at:at + 1] = bytes([data[at] ^ (1 << rng.randrange(8))]) if at < len(data) else b"\0"
        elif kind == "telling":
            data[at:at + 1] = bytes([rng.choice(TELLING)])
        elif kind == "remove":
            del data[at:at + rng.choice((1, 2, 5, 64))]
        elif kind == "insert":
            data[at:at] = bytes(rng.choice(TELLING) for _ in range(rng.choice((1, 2, 5))))
        elif kind == "cut":
            del data[at:]
        else:
            other = rng.choice(others)
            begin = rng.randrange(len(other))
            data[at:at] = other[begin:begin + rng.choice((4, 32, 512))]
    return bytes(data)


def main():
    count = int(os.environ.get("PLASM_DAMAGED_MODULES", "60"))
    first = int(os.environ.get("PLASM_RANDOM_SEED", "1"))
    originals = [path.read_bytes() for path in sorted(EXAMPLES.rglob("*.wasm"))]
    endings = collections.Counter()
    failures = 0
    with tempfile.TemporaryDirectory() as work:
        module = pathlib.Path(work) / "damaged.wasm"
        for seed in range(first, first + count):
            rng = random.Random(seed)
            module.write_bytes(damage(rng.choice(originals), originals, rng))
            command = [os.environ["PLASMD"], "execute-job", "--data-dir", work + "/data", *FLAGS, str(module), "5"]
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=600, check=False)
            if done.returncode == 0:
                result = json.loads(done.stdout)
                endings[result["trap"] or result["status"]] += 1
            elif done.returncode == MODULE_BAD:
                endings["refused"] += 1
            else:
                failures += 1
                kept = pathlib.Path(tempfile.gettempdir()) / f"plasm-damaged-{seed}.wasm"
                shutil.copyfile(module, kept)
                print(f"seed {seed}: status {done.returncode}: {done.stderr.decode(errors='replace').strip()}\n"
                      f"  {shlex.join(command[:-2] + [str(kept), '5'])}", flush=True)
            shutil.rmtree(work + "/data/artefacts", ignore_errors=True)
    print(f"{count} modules from seed {first}: {dict(endings.most_common())}, {failures} broke the node")
    return 1 if failures or not endings else 0


if __name__ == "__main__":
    sys.exit(main())
