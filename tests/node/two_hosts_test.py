"""plasm on one host and a node on another: two network namespaces with one cable between them.
Every verb goes that way once.
"""
import json
import os
import signal
import subprocess
import sys

import cli
import node

INSIDE = "PLASM_TWO_HOSTS"
HERE, THERE = "10.77.0.1", "10.77.0.2"
URL = f"https://{HERE}:7420"
ENTER = ["unshare", "--user", "--map-root-user", "--net"]


class TwoHostsTest(node.NodeTest):
    @classmethod
    def setUpClass(cls):
        cli.CliTest.setUpClass.__func__(cls)
        # The other host is a process whose network is its own; it ends with its standard input.
        cls.other = subprocess.Popen(["unshare", "--net", "sh", "-c", "echo here; exec cat >&2"],
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert cls.other.stdout.readline() == b"here\n"
        run = lambda *words: subprocess.run(words, check=True)
        run("ip", "link", "set", "lo", "up")
        run("ip", "link", "add", "cable", "type", "veth", "peer", "name", "end", "netns", str(cls.other.pid))
        run("ip", "address", "add", f"{HERE}/24", "dev", "cable")
        run("ip", "link", "set", "cable", "up")
        run(*cls.there(), "ip", "address", "add", f"{THERE}/24", "dev", "end")
        run(*cls.there(), "ip", "link", "set", "end", "up")
        cls.node = node.Node(cls.data, "--listen", f"{HERE}:7420")
        cls.client = cls.home / "client"

    @classmethod
    def tearDownClass(cls):
        cls.other.communicate()
        super().tearDownClass()

    @classmethod
    def there(cls):
        return ["nsenter", f"--net=/proc/{cls.other.pid}/ns/net"]

    def try_call(self, verb, *words):
        """plasm on the other host, the flag behind the verb."""
        verbs = verb.split()
        command = [*self.there(), cli.plasm(), *verbs, "--data-dir", self.client, *words]
        return subprocess.run([str(word) for word in command], check=False, capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=cli.SECONDS, env=self.environment())

    def call(self, *words, status=0):
        done = self.try_call(*words)
        self.assert_ends(done, status)
        return done.stdout.decode()

    def fetch_log(self):
        """The node's log as curl gets it on the other host."""
        log = self.folder / "log"
        get = lambda path: subprocess.run([*self.there(), "curl", "-sSfk", f"{URL}/log/{path}"], check=True,
                                          capture_output=True, timeout=cli.SECONDS).stdout
        checkpoint = get("checkpoint")
        size = int(checkpoint.splitlines()[1])
        self.assertLess(size, 256)
        for path, contents in (("checkpoint", checkpoint), *((name, get(name)) for name in
                               (f"tile/0/000.p/{size}", f"tile/entries/000.p/{size}"))):
            (log / path).parent.mkdir(parents=True, exist_ok=True)
            (log / path).write_bytes(contents)
        return log

    def test_every_verb(self):
        hello, spin = cli.example("hello.wasm"), cli.guest("spin")
        # Who is who. The node's own host can't be reached by its loopback from there.
        local = f"https://127.0.0.1:{self.node.port}"
        self.assert_ends(self.try_call("node add", local, "--yes"), 1, "127.0.0.1")
        self.call("node add", URL, "--yes", "--name", "host")
        self.assertEqual(json.loads(self.call("node list", "--json"))[0]["name"], "host")
        fingerprint = self.call("key", "--fingerprint").strip()
        self.assert_ends(self.try_call("run", hello, "x"), cli.NODE_FAILED, "plasmd client add", fingerprint)
        self.assert_ends(self.plasmd("client", "add", "me", fingerprint, "--data-dir", self.data), 0)
        self.node.process.send_signal(signal.SIGHUP)
        self.node.read_until("reloaded")
        self.call("node info")
        self.assertIn("host", self.call("trust list"))
        self.call("trust show", "host")

        # Jobs.
        work = self.folder / "work"
        work.mkdir()
        (work / "in.txt").write_text("some text\n")
        self.call("run", "--input", f"/work={work}", "--output", f"/work/notes={self.folder / 'notes'}",
                  cli.guest("files"))
        self.assertTrue((self.folder / "notes" / "final.txt").exists())
        self.assertEqual(self.call("run", "--node", "host", hello, "Hello, World!"), "!dlroW ,olleH")
        job = self.call("submit", "--idempotency-key", "k", hello, "abc").strip()
        self.assertEqual(self.call("run", "--detach", "--idempotency-key", "k", hello, "abc").strip(), job)
        self.call("wait", job)
        self.assertEqual(self.call("output", job), "cba")
        self.assertEqual(self.call("logs", "-f", job), "cba")
        self.assertEqual(json.loads(self.call("show", "--json", job))["state"], "exited")
        self.assertIn(job, self.call("jobs"))
        forever = self.call("submit", spin).strip()
        self.call("cancel", forever)
        self.assert_ends(self.try_call("wait", forever), 130, "cancelled")

        # What they are worth.
        receipts = self.folder / "receipts"
        receipts.mkdir()
        copy = receipts / "r.json"
        self.assertIn("VALID", self.call("receipt", job, "-o", copy))
        self.assertIn("identical", self.call("verify", "--replay", copy))
        self.call("audit", "--all", receipts)
        log = self.fetch_log()
        self.call("log show", "--log", log)
        self.call("log fsck", "--log", log)
        self.call("log check", "--log", log, f"{copy}.tlog-proof")
        self.call("log prove", "--log", log, copy)
        self.call("log witness-key")
        self.call("log cosign", "--log", log)

        self.call("node remove", "host")
        self.assertEqual(self.call("node list"), "")
        self.call("trust level", "host", "logged")
        self.call("trust remove", "host")


def main():
    if INSIDE in os.environ:
        cli.main()
        return
    try:
        probe = subprocess.run([*ENTER, "unshare", "--net", "ip", "link", "add", "cable", "type", "veth", "peer", "name",
                                "end"],
                               capture_output=True, check=False)
        reason = probe.stderr.decode().strip() if probe.returncode else None
    except OSError as error:
        reason = str(error)
    if reason is not None:
        print(f"skipped: no network namespaces here: {reason}", flush=True)
        sys.exit(77)
    done = subprocess.run([*ENTER, sys.executable, *sys.argv], check=False, env={**os.environ, INSIDE: "yes"})
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
