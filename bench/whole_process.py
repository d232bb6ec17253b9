#!/usr/bin/env python3
"""Times whole processes from start to end: one job by plasmd, and what it is compared with.

The commands take turns, so that whatever else the machine does meets all of them alike.
Prints the median, the tenth percentile and the minimum of each in milliseconds.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parent.parent
OUTPUT = b"!dlroW ,olleH"


class Command:
    def __init__(self, name, words, prepare=None, output=b""):
        self.name, self.words, self.prepare, self.output = name, words, prepare, output
        self.milliseconds = []

    def run(self, environment):
        if self.prepare:
            self.prepare()
        # A file, not a pipe: whoever reads a pipe is woken by it and adds to the time.
        with tempfile.TemporaryFile() as text:
            start = time.perf_counter()
            done = subprocess.run(self.words, env=environment, stdin=subprocess.DEVNULL,
                                  stdout=text, stderr=subprocess.STDOUT, check=False)
            self.milliseconds.append((time.perf_counter() - start) * 1e3)
            text.seek(0)
            written = text.read()
        if done.returncode != 0 or self.output not in written:
            sys.exit(f"{self.name} failed: {written.decode(errors='replace')}")


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=200)
    options.add_argument("--build", type=pathlib.Path, default=SOURCE / "build/release")
    options = options.parse_args()
    plasmd = str(options.build / "bin/plasmd")
    raw_once = str(options.build / "bench-bin/raw_once")
    hello = str(SOURCE / "examples/hello.wasm")

    with tempfile.TemporaryDirectory(prefix="plasm-bench-") as folder:
        artefact = os.path.join(folder, "hello.cwasm")
        cold = os.path.join(folder, "cold")

        def forget():
            # The last run's compiler works on in the background, at the lowest priority: it
            # is not part of what is measured.
            time.sleep(0.2)
            shutil.rmtree(os.path.join(cold, "artefacts"), ignore_errors=True)

        job = [plasmd, "execute-job", "--data-dir"]
        warm = [*job, os.path.join(folder, "warm"), hello, "Hello, World!"]
        commands = [
            Command("/bin/true", ["/bin/true"]),
            Command("raw C API, compiled artefact", [raw_once, "run", artefact]),
            Command("plasmd version", [plasmd, "version"]),
            Command("plasmd execute-job, cached", warm, output=OUTPUT),
        ]
        not_cached = Command("plasmd execute-job, not cached",
                             [*job, cold, hello, "Hello, World!"], prepare=forget, output=OUTPUT)
        environment = {"PATH": os.environ.get("PATH", ""), "HOME": folder}
        subprocess.run([raw_once, "compile", artefact], check=True)
        for _ in range(2):  # the first run makes the quick artefact, then the full one follows
            Command("warm-up", warm, output=OUTPUT).run(environment)
            time.sleep(0.5)
        for _ in range(options.runs):
            for command in commands:
                command.run(environment)
        # Apart from the others: waiting for the background makes everything else cold.
        for _ in range((options.runs + 3) // 4):
            not_cached.run(environment)
        print(f"{'median':>8}{'p10':>8}{'least':>8}  ms, {options.runs} runs each, taking turns")
        for command in [*commands, not_cached]:
            times = sorted(command.milliseconds)
            print(f"{statistics.median(times):8.2f}{times[len(times) // 10]:8.2f}{times[0]:8.2f}"
                  f"  {command.name}")
        forget()  # nothing may still write to the folder that is about to go
        time.sleep(0.3)


main()
