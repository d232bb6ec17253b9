"""plasmd execute-job --receipt v2: what the receipt says of every way in which a job can end."""
import json
import pathlib
import signal
import stat
import subprocess

import cli
import dsse
import receipt_files

NOTHING = dsse.sha256(b"")
FUEL = {"exited", "trapped", "out_of_fuel", "output_limit"}


class ReceiptV2Test(receipt_files.ReceiptTest):
    def assert_says(self, issued, status, **result):
        """What the receipt says about how the job ended, and that nothing else is said."""
        predicate = issued.predicate
        found = dict(predicate["result"])
        if status in FUEL:
            self.assertGreater(int(found.pop("fuelUsed")), 0)
            self.assertEqual(predicate["resultDigest"], {"sha256": dsse.result_digest(issued.statement)})
        else:
            self.assertNotIn("resultDigest", predicate)
        self.assertEqual(found, {"status": status, "truncated": status == "output_limit",
                                 "stdoutBytes": str(len(issued.report["stdout"])),
                                 "stderrBytes": str(len(issued.report["stderr"])), **result})
        for stream in ("stdout", "stderr"):
            self.assertEqual(self.subjects(issued)[stream], dsse.sha256(issued.report[stream].encode()))
        self.assertLessEqual(predicate["observed"]["start"], predicate["observed"]["end"])
        self.assert_verified(issued, "VALID", says=[f"ended     {status}"])

    def subjects(self, issued):
        return {subject["name"]: subject["digest"]["sha256"] for subject in issued.statement["subject"]}

    def test_a_guest_that_exits(self):
        issued = self.issue(cli.guest("exit_code"), "7")
        self.assert_says(issued, "exited", exitCode=7)
        self.assertEqual((issued.report["stdout"], issued.report["stderr"]), ("out\n", "err\n"))
        self.assert_says(self.issue(cli.example("hello.wasm"), "ab"), "exited", exitCode=0)

    def test_a_guest_that_traps(self):
        self.assert_says(self.issue(cli.guest("trap"), "unreachable"), "trapped", trap="unreachable")
        self.assert_says(self.issue(cli.guest("trap"), "stack-overflow"), "trapped", trap="stack_overflow")

    def test_a_guest_that_burns_its_fuel(self):
        issued = self.issue("--fuel", "50000", cli.guest("fuel_burner"))
        self.assert_says(issued, "out_of_fuel")
        self.assertEqual(issued.predicate["result"]["fuelUsed"], "50000")
        self.assertEqual(issued.predicate["limits"]["fuel"], "50000")

    def test_a_guest_that_takes_too_long(self):
        issued = self.issue("--timeout", "0.2", cli.guest("spin"))
        self.assert_says(issued, "timed_out")
        self.assertEqual(issued.predicate["limits"]["wallTimeMs"], "200")

    def test_a_guest_that_writes_too_much(self):
        issued = self.issue("--output-limit", "1000", cli.guest("output_flood"))
        self.assert_says(issued, "output_limit")
        self.assertEqual(issued.predicate["result"]["stdoutBytes"], "1000")

    def test_a_job_that_a_signal_cancels(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            file = self.folder / f"{number}.json"
            process = self.start("execute-job", "--data-dir", self.data, "--tier", "quick", "--timeout", "0",
                                 "-o", file, cli.guest("echo"), stdin=subprocess.PIPE)
            self.addCleanup(process.kill)
            cli.wait_for_signals_held(process.pid)
            process.send_signal(number)
            done = self.finish(process, ("execute-job",), None)
            self.assert_ends(done, 128 + number)
            self.assert_says(receipt_files.Issued(file, json.loads(done.stdout)), "cancelled")

    def test_a_module_that_is_none(self):
        garbage = self.write("garbage.wasm", b"not a module")
        issued = self.issue(garbage, status=cli.MODULE_BAD)
        self.assertIsNone(issued.report["receipt"])
        reason = issued.predicate["result"]["reason"]
        self.assert_says(issued, "rejected", reason=reason)
        self.assertEqual(issued.predicate["module"],
                         {"sha256": dsse.sha256(b"not a module"), "size": "12"})

    def test_a_module_cannot_draw_on_the_terminal_or_spoil_its_receipt(self):
        def section(kind, body):
            return bytes([kind, len(body)]) + body
        name = "x\u0085\u009b2J\x1b\x7f\n".encode()
        export = bytes([len(name)]) + name + b"\0\0"
        twice = (b"\0asm\1\0\0\0" + section(1, b"\x01\x60\0\0") + section(3, b"\x01\0")
                 + section(5, b"\x01\0\x01") + section(7, b"\x02" + export * 2) + section(10, b"\x01\x02\0\x0b"))
        file = self.folder / "r.json"
        done = self.plasmd("execute-job", "--data-dir", self.data, "-o", file, self.write("twice.wasm", twice))
        self.assert_ends(done, cli.MODULE_BAD, "duplicate export name")
        self.assert_one_sentence(done)
        self.assert_verified(file, "VALID")

    def test_a_module_without_bytes(self):
        issued = self.issue(self.write("empty.wasm", b""), status=cli.MODULE_BAD)
        self.assertEqual(issued.predicate["module"], {"sha256": NOTHING, "size": "0"})
        self.assert_verified(issued, "VALID")

    def test_a_module_that_does_not_fit_its_limits(self):
        issued = self.issue("--memory", "65536", cli.example("hello.wasm"), "x", status=cli.MODULE_BAD)
        self.assert_says(issued, "rejected", reason=issued.predicate["result"]["reason"])
        self.assertEqual(issued.predicate["limits"]["memoryBytes"], "65536")

    def test_no_receipt_for_what_never_ran(self):
        before = self.assert_sound_log()
        file = self.folder / "none.json"
        done = self.plasmd("execute-job", "--data-dir", self.data, "-o", file, self.folder / "no.wasm")
        self.assert_ends(done, cli.MODULE_MISSING)
        self.assertEqual((done.stdout, sorted(self.folder.iterdir())), (b"", []))
        self.assertEqual(self.assert_sound_log(), before)

    def test_the_files_are_what_the_json_says(self):
        issued = self.issue(cli.example("hello.wasm"), "x")
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()),
                         sorted(path.name for path in (issued.file, issued.proof, issued.manifest)))
        self.assertEqual(issued.report["receipt_v2"], issued.envelope)
        self.assertEqual(issued.report["tlog_proof"], issued.proof.read_text())
        self.assertEqual(issued.report["manifest"], issued.manifest.read_text())
        self.assertEqual(issued.report["job_id"], issued.predicate["job"]["id"])
        self.assertEqual(issued.predicate["job"]["manifest"]["sha256"],
                         dsse.sha256(issued.manifest.read_bytes()))

    def test_the_json_alone_has_it_too(self):
        done = self.run_guest("--receipt", "v2", cli.example("hello.wasm"), "x", verb="execute-job")
        self.assert_ends(done, 0)
        report = json.loads(done.stdout)
        receipt = self.write("r.json", report["receipt_v2"])
        self.write("r.json.tlog-proof", report["tlog_proof"])
        manifest = self.write("m.json", report["manifest"])
        self.assert_verified(receipt, "VALID", "--manifest", manifest, says=["log  ", "manifest"])

    def test_receipts_v1_stay_as_they_are(self):
        done = self.run_guest(cli.example("hello.wasm"), "x", verb="execute-job")
        report = json.loads(done.stdout)
        for key in ("receipt_v2", "tlog_proof", "manifest"):
            self.assertNotIn(key, report)

    def test_the_signature_and_the_entry_are_what_openssl_and_the_specification_say(self):
        issued = self.issue(cli.example("hello.wasm"), "x")
        self.assertTrue(dsse.is_signed_by(issued.envelope, self.public_key().read_bytes()))
        self.assertFalse(dsse.is_signed_by(issued.envelope, self.public_key("log").read_bytes()))
        index = issued.proof.read_text().splitlines()[1].split()[1]
        shown = self.plasm("log", "show", index)
        self.assert_ends(shown, 0)
        self.assertEqual(shown.stdout.decode(), dsse.log_entry(issued.envelope))

    def test_the_input_is_named_by_digests(self):
        host = self.folder / "host"
        host.mkdir()
        (host / "in.txt").write_bytes(b"hello\n")
        out = self.folder / "out.txt"
        issued = self.issue("--env", "A=b", "--dir", f"{host}::/work", "--output", f"/work/notes/final.txt={out}",
                            cli.guest("files"), "/work", stdin=b"not asked for")
        given = issued.predicate["input"]
        self.assertEqual(given["args"], dsse.sha256(b"files.wasm\0/work\0"))
        self.assertEqual(given["env"], dsse.sha256(b"A=b\0"))
        line = f"{dsse.sha256(b'hello' + bytes([10]))}  in.txt\n"
        self.assertEqual(given["trees"], [{"guest": "/work", "tree": dsse.sha256(line.encode())}])
        self.assertEqual(self.subjects(issued)["file:/work/notes/final.txt"], dsse.sha256(out.read_bytes()))
        self.assertEqual(out.read_bytes(), b"first line\nsecond line\n")
        self.assert_says(issued, "exited", exitCode=0)

    def test_standard_input_that_was_read_is_named(self):
        issued = self.issue(cli.guest("echo"), stdin=b"abc" * 1000)
        self.assertEqual(issued.predicate["input"]["stdin"], dsse.sha256(b"abc" * 1000))
        self.assertEqual(self.issue(cli.guest("echo")).predicate["input"]["stdin"], NOTHING)

    def test_batch_leaves_the_signing_to_the_logs_checkpoint(self):
        issued = self.issue("--signing", "batch", cli.example("hello.wasm"), "x")
        self.assertEqual(issued.envelope["signatures"], [])
        self.assertEqual(issued.predicate["node"]["signing"], "batch")
        log_key = self.public_key("log")
        self.assertEqual(issued.predicate["node"]["key"], dsse.fingerprint(log_key.read_bytes()))
        self.assert_verified(issued, "VALID", says=["by the log's checkpoint"])
        self.assert_verified(issued, "VALID", "--key", log_key)
        issued.proof.unlink()
        self.assert_verified(issued, "NOT_LOGGED")

    def test_each_start_of_the_node_is_told_from_the_others(self):
        nodes = [self.issue(cli.example("hello.wasm"), "x").predicate["node"] for _ in range(2)]
        self.assertNotEqual(nodes[0]["boot"], nodes[1]["boot"])
        self.assertEqual([node["sequence"] for node in nodes], ["0", "0"])
        self.assertEqual({node["identity"] for node in nodes},
                         {dsse.fingerprint(self.public_key("identity").read_bytes())})

    def test_a_nonce_and_a_deadline_are_answered(self):
        nonce = "00112233445566778899aabbccddeeff"
        issued = self.issue("--nonce", nonce, "--not-after", "2999-01-01T00:00:00Z",
                            cli.example("hello.wasm"), "x")
        self.assertEqual(issued.predicate["job"]["nonce"], nonce)
        self.assertEqual(issued.predicate["job"]["notAfter"], "2999-01-01T00:00:00.000Z")
        manifest = json.loads(issued.manifest.read_bytes())
        self.assertEqual((manifest["nonce"], manifest["notAfter"]), (nonce, "2999-01-01T00:00:00.000Z"))
        self.assert_verified(issued, "VALID", "--nonce", nonce, "--manifest", issued.manifest)

    def test_a_job_is_not_started_after_its_deadline(self):
        before = self.assert_sound_log()
        done = self.plasmd("execute-job", "--data-dir", self.data, "-o", self.folder / "r.json",
                           "--not-after", "2020-01-01T00:00:00Z", cli.example("hello.wasm"), "x")
        self.assert_ends(done, cli.NODE_FAILED, "--not-after")
        self.assertEqual((done.stdout, list(self.folder.iterdir())), (b"", []))
        self.assertEqual(self.assert_sound_log(), before)

    def test_flags_that_make_no_sense_are_named(self):
        for flag, value in (("--nonce", "0011"), ("--nonce", "A" * 32), ("--nonce", "0" * 33),
                            ("--nonce", "0" * 130), ("--not-after", "tomorrow"),
                            ("--not-after", "2024-02-30T00:00:00Z"), ("--signing", "never"), ("--receipt", "v3")):
            done = self.plasmd("execute-job", "--data-dir", self.data, "-o", self.folder / "r.json",
                               flag, value, cli.example("hello.wasm"), "x")
            with self.subTest(flag=flag, value=value):
                self.assert_ends(done, cli.USAGE, flag)
                self.assertEqual((done.stdout, list(self.folder.iterdir())), (b"", []))
        done = self.plasmd("execute-job", "--data-dir", self.data, "--nonce", "0" * 32,
                           cli.example("hello.wasm"), "x")
        self.assert_ends(done, cli.USAGE, "--receipt v2")

    def blobs(self, data):
        folder = data / "blobs"
        return {path.parent.name + path.name for path in folder.rglob("*") if path.is_file()}

    def test_what_a_replay_needs_is_kept(self):
        data = self.folder / "data"
        issued = self.issue(cli.guest("echo"), stdin=b"abc", data=data)
        module = dsse.sha256(pathlib.Path(cli.guest("echo")).read_bytes())
        self.assertEqual(self.blobs(data), {module, dsse.sha256(b"abc"), dsse.sha256(issued.manifest.read_bytes())})

    def test_nothing_is_kept_when_that_is_not_wanted(self):
        data = self.folder / "data"
        issued = self.issue("--no-keep", cli.guest("echo"), stdin=b"abc", data=data)
        self.assertEqual(self.blobs(data), set())
        self.assertEqual(issued.predicate["input"]["stdin"], dsse.sha256(b"abc"))

    def test_private_keys_are_private_and_the_log_is_public(self):
        data = self.folder / "data"
        self.issue(cli.example("hello.wasm"), "x", data=data)
        self.assertEqual(stat.S_IMODE(data.stat().st_mode), 0o700)
        for name in ("identity", "receipt", "log"):
            self.assertEqual(stat.S_IMODE((data / f"{name}.key").stat().st_mode), 0o600, name)
        self.assertEqual(stat.S_IMODE((data / "log" / "checkpoint").stat().st_mode), 0o644)

    def test_a_receipt_that_cannot_be_written_is_an_error(self):
        done = self.plasmd("execute-job", "--data-dir", self.data, "-o", self.folder / "no" / "r.json",
                           cli.example("hello.wasm"), "x")
        self.assert_ends(done, cli.NODE_FAILED, str(self.folder / "no"))
        self.assert_one_sentence(done)
        self.assertEqual(done.stdout, b"")

    def test_a_log_that_is_gone_is_not_begun_again(self):
        data = self.folder / "data"
        self.issue(cli.example("hello.wasm"), "x", data=data)
        (data / "log").rename(data / "elsewhere")
        done = self.plasmd("execute-job", "--data-dir", data, "-o", self.folder / "r.json",
                           cli.example("hello.wasm"), "x")
        self.assert_ends(done, cli.NODE_FAILED, "log is gone")
        self.assertEqual(done.stdout, b"")

    def test_jobs_at_once_on_one_folder_all_end_in_the_log(self):
        for data in (self.folder / "new", self.data):  # one where nobody has made a key yet, too
            before = self.assert_sound_log(data) if data.exists() else 0
            files = [self.folder / f"{data.name}{number}.json" for number in range(20)]
            processes = [self.start("execute-job", "--data-dir", data, "--tier", "quick", "-o", file,
                                    cli.example("hello.wasm"), file.name) for file in files]
            issued = []
            for file, process in zip(files, processes, strict=True):
                done = self.finish(process, ("execute-job",), None)
                self.assert_ends(done, 0)
                issued.append(receipt_files.Issued(file, json.loads(done.stdout)))
            self.assertEqual(self.assert_sound_log(data), before + 20)
            entries = {self.plasm("log", "show", str(index), data=data).stdout.decode()
                       for index in range(before, before + 20)}
            self.assertEqual(entries, {dsse.log_entry(one.envelope) for one in issued})
            self.assertEqual(len({one.predicate["node"]["key"] for one in issued}), 1)
            self.plasm("trust", "add", "me", "--self", data=data)
            for one in issued:
                self.assert_verified(one, "VALID", data=data, says=["log  "])


if __name__ == "__main__":
    cli.main()
