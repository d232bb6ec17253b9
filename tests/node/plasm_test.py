"""plasm and a node, each with a data folder of its own, over TLS."""
import json
import os
import pty
import signal
import subprocess
import time

import cli
import node

FOREVER = "guests/spin.wasm"


class PlasmTest(node.NodeTest):
    """The client knows the node as "host", and the node knows the client."""

    @classmethod
    def get_to_know(cls):
        cls.client = cls.home / "client"
        cls.url = f"https://127.0.0.1:{cls.node.port}"
        cls.call("node", "add", cls.url, "--yes", "--name", "host")
        cls.let_in("me", cls.call("key", "--fingerprint").decode().strip(),
                   lambda: cls.try_call("node", "info").returncode == 0)

    @classmethod
    def try_call(cls, verb, *words, data=None, **options):
        """plasm with the flag behind the verb, since words behind a module are the guest's."""
        verbs = verb.split()
        if verb in ("node", "trust"):
            verbs, words = [verb, words[0]], words[1:]
        command = [cli.plasm(), *verbs, "--data-dir", data or cls.client, *words]
        options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE,
                   "timeout": cli.SECONDS, "env": {"HOME": str(cls.home), "PATH": os.environ["PATH"]}, **options}
        if "input" in options:
            del options["stdin"]
        return subprocess.run([str(word) for word in command], check=False, **options)

    @classmethod
    def call(cls, *words, **options):
        done = cls.try_call(*words, **options)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def call_json(self, verb, *words, **options):
        return json.loads(self.call(verb, "--json", *words, **options))

    # Getting to know a node.

    def test_a_stranger_is_not_trusted_in_a_pipe(self):
        done = self.try_call("node", "add", self.url, data=self.folder / "new")
        self.assert_ends(done, 1, "--fingerprint", "SHA256:")
        self.assertEqual(self.call("node", "list", data=self.folder / "new"), b"")

    def test_the_right_fingerprint_is_enough_and_a_wrong_one_is_refused(self):
        known = json.loads(self.call("node", "list", "--json"))[0]["fingerprint"]
        data = self.folder / "new"
        wrong = self.try_call("node", "add", self.url, "--fingerprint", "SHA256:" + "A" * 43, data=data)
        self.assert_ends(wrong, 1, known)
        self.call("node", "add", self.url, "--fingerprint", known, data=data)
        self.assertIn(known.encode(), self.call("trust", "list", data=data))

    def test_a_terminal_is_asked(self):
        for answer, status in ((b"n\n", 1), (b"y\n", 0)):
            leader, terminal = pty.openpty()
            command = [cli.plasm(), "node", "add", "--data-dir", self.folder / "asked", self.url]
            process = subprocess.Popen([str(word) for word in command], stdin=terminal, stderr=terminal,
                                       stdout=subprocess.PIPE, env=self.environment())
            os.close(terminal)
            os.write(leader, answer)
            process.communicate(timeout=cli.SECONDS)
            os.close(leader)
            self.assertEqual(process.returncode, status)

    def token(self, name):
        done = subprocess.run([cli.plasmd(), "token", "create", name, "--data-dir", self.data],
                              check=True, stdout=subprocess.PIPE, timeout=cli.SECONDS)
        return done.stdout.decode()

    def until_let_in(self, data):
        deadline = time.monotonic() + cli.SECONDS
        while self.try_call("node", "info", data=data).returncode != 0:  # "within a second"
            self.assertLess(time.monotonic(), deadline)

    def test_a_client_without_a_key_comes_by_token(self):
        data, file = self.folder / "by-token", self.folder / "secret"
        secret = self.token("plasm")
        file.write_text(secret)
        self.call("node", "add", self.url, "--yes", "--name", "host", "--token-file", file, data=data)
        self.until_let_in(data)
        job = self.call("submit", cli.example("hello.wasm"), "abc", data=data).decode().strip()
        self.assert_ends(self.try_call("wait", job, data=data), 0)
        self.assertEqual(self.call("output", job, data=data), b"cba")
        self.assertEqual(self.call_json("show", job, data=data)["client"], "token:plasm")
        self.assertIn(job, [other["id"] for other in self.call_json("jobs", data=data)])
        self.assertEqual(self.call("logs", job, data=data), b"cba")
        self.assertIn(b"VALID", self.call("receipt", job, "-o", self.folder / "r.json", data=data))
        self.assertEqual(self.call("run", cli.example("hello.wasm"), "abc", data=data), b"cba")
        # It is a secret, kept in one place.
        kept = [path for path in data.rglob("*") if path.is_file() and secret.strip().encode() in path.read_bytes()]
        self.assertEqual(kept, [data / "node_tokens"])
        self.assertEqual((data / "node_tokens").stat().st_mode & 0o777, 0o600)
        (data / "node_tokens").chmod(0o640)
        self.assert_ends(self.try_call("node", "info", data=data), 1, "chmod 600")

    def test_a_token_is_replaced_and_forgotten(self):
        data = self.folder / "changing"
        self.call("node", "add", self.url, "--yes", "--name", "host", data=data)
        self.assert_ends(self.try_call("node", "token", "other", data=data, input=b"x" * 43), 1, "no node")
        wrong = self.try_call("node", "token", "host", data=data, input=b"secret words")
        self.assert_ends(wrong, 1, "43 characters")
        self.assertNotIn(b"secret words", wrong.stderr)
        self.call("node", "token", "host", data=data, input=b"x" * 43)
        done = self.try_call("node", "info", data=data)
        self.assert_ends(done, 1, "plasm node token")
        self.assertNotIn(b"xxxx", done.stderr)
        self.call("node", "token", "host", data=data, input=self.token("second").encode())
        self.until_let_in(data)
        self.assertIs(json.loads(self.call("node", "list", "--json", data=data))[0]["token"], True)
        self.call("node", "token", "host", "--remove", data=data)
        self.assert_ends(self.try_call("node", "info", data=data), 1, "plasmd client add")
        self.call("node", "token", "host", data=data, input=b"x" * 43)
        self.call("node", "remove", "host", data=data)
        self.assertEqual((data / "node_tokens").read_bytes(), b"")

    def test_a_client_that_the_node_does_not_know_is_told_what_to_do(self):
        data = self.folder / "stranger"
        self.call("node", "add", self.url, "--yes", data=data)
        done = self.try_call("run", cli.example("hello.wasm"), data=data)
        self.assert_ends(done, cli.NODE_FAILED, "plasmd client add")

    # Running.

    def test_a_job_there_is_as_one_here(self):
        done = self.try_call("run", cli.example("hello.wasm"), "Hello, World!")
        self.assert_ends(done, 0)
        self.assertEqual((done.stdout, done.stderr), (b"!dlroW ,olleH", b""))
        self.assert_ends(self.try_call("run", cli.guest("exit_code"), "7"), 7)
        self.assert_ends(self.try_call("run", cli.guest("trap"), "unreachable"), cli.TRAPPED, "unreachable")
        self.assert_ends(self.try_call("run", "--timeout", "0.3", cli.guest("spin")), cli.TIMED_OUT, "--timeout")

    def test_the_receipt_is_saved_and_can_be_replayed_without_the_node(self):
        result = self.call_json("run", cli.example("hello.wasm"), input=b"pipe")
        self.assertEqual((result["stdout"], result["verdict"], result["node"]), ("epip", "VALID", "host"))
        verified = self.call("verify", "--replay", result["receipt"])
        self.assertIn(b"host SHA256:", verified)
        self.assertIn(b"identical", verified)

    def test_folders_go_there_and_files_come_back(self):
        work = self.folder / "work"
        (work / "sub").mkdir(parents=True)
        (work / "in.txt").write_text("some text\n")
        (work / "sub" / "large").write_bytes(os.urandom(20_000_000))  # more than one piece
        done = self.try_call("run", "--input", f"/work={work}", "--output", f"/work/notes={self.folder / 'notes'}",
                             "--output", f"/work/sub/large={self.folder / 'large'}", cli.guest("files"))
        self.assert_ends(done, 0)
        self.assertEqual((self.folder / "notes" / "final.txt").read_text(), "first line\nsecond line\n")
        self.assertEqual((self.folder / "large").read_bytes(), (work / "sub" / "large").read_bytes())

    def test_an_output_that_is_not_there_is_named(self):
        done = self.try_call("run", "--output", f"/none={self.folder / 'x'}", cli.example("hello.wasm"))
        self.assert_ends(done, cli.NODE_FAILED, "/none")

    def test_a_receipt_that_does_not_verify_is_an_error_though_the_output_looks_right(self):
        data = self.folder / "revoking"
        subprocess.run(["cp", "-r", self.client, data], check=True)
        job = self.call("submit", cli.example("hello.wasm"), "ab", data=data).decode().strip()
        self.call("wait", job, data=data)
        with open(data / "receipts" / f"{job}.json.manifest.json", "r+", encoding="utf-8") as file:
            other = file.read().replace('"ab"', '"ac"')
            file.seek(0)
            file.write(other)
        done = self.try_call("output", job, data=data)
        self.assert_ends(done, 1, "does not verify", "WRONG_JOB")
        self.assertEqual(done.stdout, b"")

    # Jobs that outlive a command.

    def submit(self, *words):
        return self.call("submit", *words).decode().strip()

    def test_a_job_can_be_found_again(self):
        job = self.submit(cli.example("hello.wasm"), "abc")
        self.assert_ends(self.try_call("wait", job), 0)
        self.assertEqual(self.call("output", job), b"cba")
        self.assertEqual(self.call("logs", job), b"cba")
        self.assertEqual(self.call("logs", "-f", job), b"cba")
        self.assertEqual(self.call_json("show", job)["state"], "exited")
        self.assertIn(job, [other["id"] for other in self.call_json("jobs", "--state", "exited")])
        copy = self.folder / "copy.json"
        self.assertIn(b"VALID", self.call("receipt", job, "-o", copy))
        self.assertEqual(copy.read_bytes(), (self.client / "receipts" / f"{job}.json").read_bytes())

    def test_a_running_job_is_followed_and_cancelled(self):
        job = self.submit(cli.example(FOREVER))
        command = ("logs", "-f", "--data-dir", self.client, job)
        process = self.start(*command, program=cli.plasm())
        self.assertEqual(process.stdout.read(8), b"spinning")
        self.assert_ends(self.try_call("output", job), 1, "plasm wait")
        self.call("cancel", job)
        self.assert_ends(self.finish(process, command, None), 0)
        self.assert_ends(self.try_call("wait", job), 130, "cancelled")

    def test_ctrl_c_lets_go_and_says_how_to_go_on(self):
        command = ("run", "--data-dir", self.client, cli.example(FOREVER))
        process = self.start(*command, program=cli.plasm())
        self.assertEqual(process.stdout.read(8), b"spinning")
        process.send_signal(signal.SIGINT)
        done = self.finish(process, command, None)
        self.assert_ends(done, 130, "plasm wait job-", "plasm cancel job-")
        job = done.stderr.decode().split("plasm wait ")[1].split()[0]
        self.assertEqual(self.call_json("show", job)["state"], "running")
        self.call("cancel", job)

    def test_the_same_request_under_one_key_is_one_job(self):
        words = ("--idempotency-key", "once", cli.example("hello.wasm"), "abc")
        first = self.submit(*words)
        self.assertEqual(self.submit(*words), first)
        other = self.try_call("submit", *words[:-1], "abd")
        self.assert_ends(other, cli.NODE_FAILED, "another job was submitted under this key")

    def test_a_node_behind_its_socket(self):
        data = self.folder / "local"
        self.call("node", "add", f"unix:{self.node.socket}", "--yes", "--name", "sock", data=data)
        self.assertEqual(self.call("run", cli.example("hello.wasm"), "abc", data=data), b"cba")
        self.assertEqual(self.call("run", "--node", "local", cli.example("hello.wasm"), "abc", data=data), b"cba")


class NodeGoneTest(cli.CliTest):
    def test_the_wrong_node_at_the_right_place_is_refused(self):
        first = node.Node(self.folder / "first")
        self.addCleanup(first.stop)
        client = self.folder / "client"
        PlasmTest.home = self.home
        PlasmTest.call("node", "add", f"https://127.0.0.1:{first.port}", "--yes", "--name", "a", data=client)
        second = node.Node(self.folder / "second")
        self.addCleanup(second.stop)
        (client / "nodes").write_text(f"a https://127.0.0.1:{second.port}\n")
        done = PlasmTest.try_call("node", "info", data=client)
        self.assert_ends(done, 1, "expected SHA256:", "another node")


if __name__ == "__main__":
    cli.main()
