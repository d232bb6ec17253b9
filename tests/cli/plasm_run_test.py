"""plasm run without a node: the same as with one, in a worker of this machine."""
import hashlib
import json
import os
import pty
import re
import signal
import subprocess

import cli


class PlasmRunTest(cli.CliTest):
    def run_here(self, *words, verb="run", stdin=b"", **popen):
        command = (verb, "--data-dir", self.data, *words)
        process = self.start(*command, program=cli.plasm(), stdin=subprocess.PIPE, **popen)
        return self.finish(process, ("plasm", *command), stdin)

    def run_json(self, *words, **options):
        done = self.run_here("--json", *words, **options)
        return done, json.loads(done.stdout)

    def test_prints_what_the_guest_prints_and_nothing_else(self):
        done = self.run_here(cli.example("hello.wasm"), "Hello, World!")
        self.assert_ends(done, 0)
        self.assertEqual((done.stdout, done.stderr), (b"!dlroW ,olleH", b""))

    def test_ends_with_the_guests_status(self):
        self.assert_ends(self.run_here(cli.guest("exit_code"), "7"), 7)

    def test_says_why_a_guest_was_ended(self):
        self.assert_ends(self.run_here(cli.guest("trap"), "unreachable"), cli.TRAPPED, "plasm: guest trapped: unreachable")
        self.assert_ends(self.run_here("--fuel", "1000000", cli.guest("fuel_burner")), cli.OUT_OF_FUEL, "--fuel")
        self.assert_ends(self.run_here("--timeout", "0.3", cli.guest("spin")), cli.TIMED_OUT, "--timeout")
        quiet = self.run_here("-q", cli.guest("trap"), "unreachable")
        self.assert_ends(quiet, cli.TRAPPED)
        self.assertNotIn(b"plasm:", quiet.stderr)

    def test_a_module_that_cannot_be_run(self):
        bad = self.folder / "bad.wasm"
        bad.write_bytes(b"not wasm")
        self.assert_ends(self.run_here(bad), cli.MODULE_BAD, "the module cannot be run")
        self.assert_ends(self.run_here(self.folder / "none.wasm"), cli.MODULE_MISSING)

    def test_saves_a_receipt_that_verifies_and_replays(self):
        done, result = self.run_json(cli.example("hello.wasm"), "abc")
        self.assert_ends(done, 0)
        self.assertEqual((result["stdout"], result["exit_code"], result["verdict"]), ("cba", 0, "VALID"))
        self.assertEqual(result["receipt"], str(self.data / "receipts" / (result["job_id"] + ".json")))
        verified = self.plasm("verify", "--replay", result["receipt"])
        self.assert_ends(verified, 0)
        self.assertIn(b"(logged)", verified.stdout)
        self.assertIn(b"replay    identical", verified.stdout)

    def test_receipts_can_be_audited_as_they_are(self):
        data = self.folder / "data"  # others here have been timed out, which no audit confirms
        command = ("run", "--data-dir", data, cli.example("hello.wasm"), "abc")
        self.assert_ends(self.finish(self.start(*command, program=cli.plasm()), command, None), 0)
        audited = self.plasm("audit", "--all", data / "receipts", "-o", self.folder / "audit.json", data=data)
        self.assert_ends(audited, 0)
        self.assertEqual(audited.stderr, b"")

    def test_the_receipt_names_who_asked_and_a_nonce_of_its_own(self):
        manifests = []
        for _ in range(2):
            _, result = self.run_json(cli.example("hello.wasm"))
            with open(result["receipt"] + ".manifest.json", encoding="utf-8") as file:
                manifests.append(json.load(file))
        fingerprint = self.plasm("key", "--fingerprint").stdout.decode().strip()
        self.assertEqual([manifest["requester"] for manifest in manifests], [fingerprint] * 2)
        self.assertNotEqual(manifests[0]["nonce"], manifests[1]["nonce"])

    def test_reads_a_pipe_and_files(self):
        self.assertEqual(self.run_here(cli.example("hello.wasm"), stdin=b"pipe").stdout, b"epip")
        text = self.folder / "in.txt"
        text.write_bytes(b"file")
        self.assertEqual(self.run_here("--stdin", text, cli.example("hello.wasm")).stdout, b"elif")

    def test_gives_folders_and_takes_outputs(self):
        work = self.folder / "work"
        work.mkdir()
        (work / "in.txt").write_text("some text\n")
        done = self.run_here("--input", f"/work={work}", "--output", f"/work/notes/final.txt={self.folder / 'final.txt'}",
                             cli.guest("files"))
        self.assert_ends(done, 0)
        self.assertIn(b"some text", done.stdout)
        self.assertEqual((self.folder / "final.txt").read_text(), "first line\nsecond line\n")
        self.assert_ends(self.run_here("--input", "nonsense", cli.guest("files")), cli.USAGE, "GUEST=HOST")

    def test_a_dry_run_prints_the_manifest_and_runs_nothing(self):
        done = self.run_here("--dry-run", "--nonce", "00" * 16, "--start-time", "1700000000",
                             cli.guest("exit_code"), "7")
        self.assert_ends(done, 0)
        manifest = json.loads(done.stdout)
        self.assertEqual(manifest["args"], ["exit_code.wasm", "7"])
        self.assertEqual(manifest["nonce"], "00" * 16)
        self.assertEqual(manifest["startTime"], "1700000000000000000")

    def test_what_needs_a_node_says_so(self):
        for words in (("--detach",), ("--idempotency-key", "k")):
            self.assert_ends(self.run_here(*words, cli.example("hello.wasm")), cli.USAGE, "plasm node add")
        self.assert_ends(self.run_here(cli.example("hello.wasm"), verb="submit"), cli.USAGE, "plasm node add")
        self.assert_ends(self.run_here("--node", "far", cli.example("hello.wasm")), cli.USAGE, '"far"')
        job = "job-1b4e28ba-2fa1-41d2-883f-0016d3cca427"
        for verb in ("show", "wait", "cancel", "logs", "output", "receipt"):
            self.assertIn(b"needs a node", self.plasm(verb, job).stderr, verb)

    def test_an_own_node_that_is_blocked_gives_no_valid_receipt(self):
        data = self.folder / "blocked"
        command = ("run", "--data-dir", data, cli.example("hello.wasm"), "ab")
        self.assert_ends(self.finish(self.start(*command, program=cli.plasm()), command, None), 0)
        self.assert_ends(self.plasm("trust", "level", "local", "blocked", data=data), 0)
        done = self.finish(self.start(*command, program=cli.plasm()), command, None)
        self.assert_ends(done, cli.NODE_FAILED, "does not verify", "NODE_BLOCKED")

    def test_a_signal_cancels_a_run_here(self):
        command = ("run", "--data-dir", self.data, cli.guest("spin"))
        process = self.start(*command, program=cli.plasm())
        self.assertEqual(process.stdout.read(1), b"s")  # it runs
        process.send_signal(signal.SIGINT)
        self.assert_ends(self.finish(process, command, None), 130)

    def test_a_terminal_sees_receipt_and_verdict(self):
        leader, terminal = pty.openpty()
        command = ("run", "--data-dir", self.data, cli.example("hello.wasm"), "ab")
        environment = {**self.environment(), "NO_COLOR": "1"}
        process = self.start(*command, program=cli.plasm(), stderr=terminal, env=environment)
        os.close(terminal)
        self.assertEqual(process.communicate(timeout=cli.SECONDS)[0], b"ba")
        shown = os.read(leader, 4096).decode().replace("\r\n", "\n")
        os.close(leader)
        found = re.fullmatch(r"receipt  sha256:([0-9a-f]{64}) saved to (\S+)\nverdict  VALID \(pinned, logged\)\n", shown)
        self.assertTrue(found, shown)
        with open(found[2], "rb") as file:
            self.assertEqual(hashlib.sha256(file.read()).hexdigest(), found[1])

    def test_words_behind_the_module_are_the_guests(self):
        done = self.run_here("--", cli.guest("env_args"), "--json", "--", "-x")
        self.assert_ends(done, 0)
        for word in (b"--json", b"--", b"-x"):
            self.assertIn(word, done.stdout)


class ClientVerbsTest(cli.CliTest):
    def test_the_key_is_made_once_and_shown_in_each_form(self):
        shown = json.loads(self.plasm("key", "--json").stdout)
        self.assertEqual(self.plasm("key").stdout.decode().strip(), shown["openssh"])
        self.assertEqual(self.plasm("key", "--fingerprint").stdout.decode().strip(), shown["fingerprint"])
        self.assertEqual(self.plasm("key", "--pem").stdout.decode(), shown["pem"])
        self.assertEqual((self.data / "client.key").stat().st_mode & 0o777, 0o600)
        self.assertIn(b"BEGIN CERTIFICATE", self.plasm("key", "--certificate").stdout)

    def test_nodes_that_are_not_there(self):
        self.assertEqual(self.plasm("node", "list").stdout, b"")
        self.assertEqual(json.loads(self.plasm("node", "list", "--json").stdout), [])
        self.assert_ends(self.plasm("node", "remove", "far"), 1, '"far"')
        self.assert_ends(self.plasm("node", "info"), 1, "plasm node add")
        for url in ("http://h", "https://", "ftp://h", "unix:relative"):
            self.assert_ends(self.plasm("node", "add", url), 1)
        done = self.plasm("node", "add", "https://127.0.0.1:1")  # nobody listens there
        self.assert_ends(done, 1)
        self.assert_one_sentence(done)

    def test_a_list_of_nodes_that_is_damaged_names_its_line(self):
        data = self.folder / "data"
        data.mkdir(mode=0o700)
        (data / "nodes").write_text("# nodes\nbroken\n")
        (data / "nodes").chmod(0o600)
        self.assert_ends(self.plasm("node", "list", data=data), 1, "line 2")


if __name__ == "__main__":
    cli.main()
