#!/usr/bin/env python3
"""What finished jobs cost a node that starts: time until it is ready and serves, and resident memory.

Two nodes take turns, one without jobs and one that remembers many (fill_store). Prints the medians
and their ratios; ends with 1 when a start takes more than twice as long, or memory is more than a
tenth larger. With --no-bounds it only prints.
"""

import argparse
import http.client
import json
import os
import pathlib
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parent.parent
MOST_TIME, MOST_MEMORY = 2.0, 1.1


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost")
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


class Node:
    def __init__(self, plasmd, folder):
        self.plasmd, self.folder = plasmd, pathlib.Path(folder)
        self.milliseconds, self.kib = [], []

    def start(self):
        begun = time.perf_counter()
        process = subprocess.Popen(
            [self.plasmd, "start", "--data-dir", self.folder, "--listen", "127.0.0.1:0"],
            stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
            env={"HOME": str(self.folder), "PATH": os.environ["PATH"], "PLASM_LOG_FORMAT": "json"})
        for line in process.stderr:
            if json.loads(line)["event"] == "ready":
                break
        else:
            sys.exit(f"plasmd start ended with {process.wait()}")
        self.ask("/readyz")
        took = (time.perf_counter() - begun) * 1e3
        # What a busy day asks for, so that what is read lazily is in memory, too.
        for _ in range(20):
            self.ask("/v1/jobs?limit=50&all=true")
            self.ask("/metrics")
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        memory = int(status.split("VmRSS:")[1].split()[0])
        process.send_signal(signal.SIGTERM)
        process.stderr.read()
        process.wait()
        return took, memory

    def ask(self, path):
        connection = UnixConnection(str(self.folder / "plasmd.sock"))
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        if answer.status != 200:
            sys.exit(f"{path}: {answer.status} {body!r}")

    def measure(self):
        took, memory = self.start()
        self.milliseconds.append(took)
        self.kib.append(memory)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--jobs", type=int, default=100_000)
    options.add_argument("--runs", type=int, default=15)
    options.add_argument("--build", type=pathlib.Path, default=SOURCE / "build/release")
    options.add_argument("--no-bounds", action="store_true")
    options = options.parse_args()
    plasmd = options.build / "bin/plasmd"
    with tempfile.TemporaryDirectory(prefix="plasm-bench-") as folder:
        nodes = [Node(plasmd, os.path.join(folder, name)) for name in ("none", "many")]
        begun = time.perf_counter()
        subprocess.run([options.build / "bench-bin/fill_store", nodes[1].folder, str(options.jobs)], check=True)
        print(f"{options.jobs} jobs written in {time.perf_counter() - begun:.1f} s, "
              f"{(nodes[1].folder / 'jobs.db').stat().st_size >> 20} MiB")
        for node in nodes:
            node.start()  # makes keys and log
        for _ in range(options.runs):
            for node in nodes:
                node.measure()
        medians = [(statistics.median(node.milliseconds), statistics.median(node.kib)) for node in nodes]
        for jobs, (took, memory) in zip((0, options.jobs), medians):
            print(f"{jobs:>8} jobs: ready after {took:.1f} ms, {memory / 1024:.1f} MiB resident")
        time_ratio, memory_ratio = (many / none for none, many in zip(*medians))
        print(f"ratios: time {time_ratio:.2f} (at most {MOST_TIME}), memory {memory_ratio:.2f} (at most {MOST_MEMORY})")
        if not options.no_bounds and (time_ratio > MOST_TIME or memory_ratio > MOST_MEMORY):
            sys.exit(1)


if __name__ == "__main__":
    main()
