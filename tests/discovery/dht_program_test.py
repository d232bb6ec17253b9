"""plasm-dht from the outside: lines in, lines out, and what it can't do."""
import base64
import json
import os
import pathlib
import select
import subprocess
import time
import unittest

import cli
import ed25519

SALT = "plasm-node-1"


class Dht:
    """A running plasm-dht that listens on loopback."""

    def __init__(self, *flags):
        self.rest = b""
        self.process = subprocess.Popen(
            [os.environ["PLASM_DHT"], "--listen", "127.0.0.1:0", *flags], env={},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
        self.address = self.until("ready")["listen"][0]

    def say(self, **command):
        self.write(json.dumps(command).encode() + b"\n")

    def write(self, line):
        self.process.stdin.write(line)

    def until(self, event):
        deadline = time.monotonic() + cli.SECONDS
        while True:
            while b"\n" in self.rest:
                line, self.rest = self.rest.split(b"\n", 1)
                read = json.loads(line)
                if read["event"] == event:
                    return read
            left = deadline - time.monotonic()
            if not select.select([self.process.stdout], [], [], max(left, 0))[0]:
                raise AssertionError(f"no {event}")
            piece = os.read(self.process.stdout.fileno(), 65536)
            if not piece:
                raise AssertionError(f"ended: {self.process.stderr.read()!r}")
            self.rest += piece

    def end(self):
        self.process.stdin.close()
        status = self.process.wait(cli.SECONDS)
        self.process.stdout.close()
        self.process.stderr.close()
        return status


def signed_item(key, seq, value):
    message = b"4:salt12:%s3:seqi%de1:v%d:%s" % (SALT.encode(), seq, len(value), value)
    return {"key": key.public.hex(), "salt": SALT, "seq": seq,
            "value": base64.b64encode(value).decode(), "signature": key.sign(message).hex()}


class DhtProgramTest(unittest.TestCase):
    def test_it_ends_with_its_standard_input(self):
        self.assertEqual(Dht().end(), 0)

    def test_wrong_flags_are_usage(self):
        for flags in ([], ["--listen"], ["--listen", "localhost:1"], ["--listen", "1.2.3.4"],
                      ["--listen", "127.0.0.1:0", "--bootstrap", "x"], ["--help"]):
            done = subprocess.run([os.environ["PLASM_DHT"], *flags], capture_output=True,
                                  stdin=subprocess.DEVNULL, timeout=cli.SECONDS)
            self.assertEqual(done.returncode, 2, flags)
            self.assertIn(b"expected", done.stderr)

    def test_what_it_does_not_understand_it_refuses_and_goes_on(self):
        dht = Dht()
        for line in (b"\n", b"x\n", b"[]\n", b'{"do":"quit"}\n', b'{"do":"nodes","a":1}\n',
                     b'{"do":"nodes","do":"nodes"}\n', b"\xff\n"):
            dht.write(line)
            self.assertTrue(dht.until("refused")["message"])
        dht.say(do="map", port=7420)
        self.assertIn("--map-ports", dht.until("refused")["message"])
        dht.say(do="nodes")
        self.assertEqual(dht.until("nodes")["nodes"], [])
        self.assertEqual(dht.end(), 0)

    def test_a_line_without_end_ends_it(self):
        dht = Dht()
        dht.write(b" " * (8 << 10) + b"  ")
        self.assertEqual(dht.process.wait(cli.SECONDS), 1)
        dht.end()

    def test_an_item_made_by_another_implementation_is_taken(self):
        first = Dht()
        second = Dht("--bootstrap", first.address)
        second.until("joined")
        key = ed25519.Key(b"\x07" * 32)
        item = signed_item(key, 5, b'{"x":1}')
        second.say(do="put", **item)
        self.assertGreater(second.until("stored")["copies"], 0)
        first.say(do="get", key=item["key"], salt=SALT)
        found = first.until("item")
        self.assertEqual({name: found[name] for name in item}, item)
        for dht in (first, second):
            self.assertEqual(dht.end(), 0)

    def test_it_is_confined(self):
        dht = Dht()
        status = pathlib.Path(f"/proc/{dht.process.pid}/status").read_text()
        fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        self.assertEqual(fields["NoNewPrivs"], "1")
        if fields["Seccomp"] == "0":
            self.skipTest("a sanitizer's build has no filter")
        self.assertEqual(fields["Seccomp"], "2")
        # Each thread, those of the library too.
        for thread in pathlib.Path(f"/proc/{dht.process.pid}/task").iterdir():
            self.assertIn("Seccomp:\t2", (thread / "status").read_text())
        self.assertEqual(dht.end(), 0)


if __name__ == "__main__":
    unittest.main()
