"""plasm verify: every verdict, with its exit status, and what may be given beside the receipt."""
import base64
import json
import os
import shutil

import cli
import dsse
import receipt_files

PAST, FUTURE = "2020-01-01T00:00:00Z", "9999-01-01T00:00:00Z"
NONCE = "0123456789abcdef" * 2


class VerifyTest(receipt_files.ReceiptTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        maker = cls()
        cls.host = cls.home / "host"
        (cls.host / "sub").mkdir(parents=True)
        (cls.host / "in.txt").write_bytes(b"from the host\n")
        (cls.host / "sub" / "deep.txt").write_bytes(b"deep\n")
        cls.out = cls.home / "out"
        cls.files = maker.issue("--dir", f"{cls.host}::/work", "--output", f"/work={cls.out}",
                                cli.guest("files"), folder=cls.home)
        cls.streams = maker.issue("--nonce", NONCE, cli.guest("exit_code"), "3", folder=cls.home)
        done = maker.run_guest(cli.example("hello.wasm"), "x", verb="execute-job")
        cls.legacy = json.loads(done.stdout)["receipt"]

    # The verdicts, in the order of their exit statuses.

    def test_a_receipt_of_a_trusted_node_is_valid(self):
        self.assert_verified(self.streams, "VALID", says=[
            "node      me SHA256:", "(signed)", "ended     exited 3, fuel ", "stdout 4 bytes, stderr 4 bytes",
            "log       entry "])

    def test_a_receipt_may_come_through_a_pipe(self):
        reader, writer = os.pipe()
        os.write(writer, self.streams.file.read_bytes())
        os.close(writer)
        with open(reader, "rb") as pipe:
            done = self.plasm("verify", "/dev/stdin", "--proof", f"{self.streams.file}.tlog-proof", stdin=pipe)
        self.assert_verdict(done, "VALID")

    def test_what_is_no_receipt_is_malformed(self):
        text = self.streams.file.read_bytes()
        whole = self.streams.envelope
        unsigned = {**whole, "signatures": []}
        cut = json.loads(base64.b64decode(whole["payload"]))
        del cut["predicate"]["observed"]
        for bad in (b"", b"{}", b"[]", b"garbage", text[:-3], text + b"x", b"\xef\xbb\xbf" + text,
                    text.replace(b'"payloadType"', b'"payloadType":"x","payloadType"'), unsigned,
                    {**whole, "more": 1}, {**whole, "payloadType": "application/json"},
                    {**whole, "payload": whole["payload"].rstrip("=") + "!"},
                    {**whole, "signatures": whole["signatures"] * 2},
                    dsse.sign(cut, self.key_of("receipt")), dsse.sign(b"{}", self.key_of("receipt")),
                    b"\0" * 1000, b"[" * 100000):
            with self.subTest(bad=str(bad)[:80]):
                self.assert_verified(self.write("bad.json", bad), "MALFORMED")

    def test_a_file_that_is_too_large_for_a_receipt_is_malformed(self):
        blanks = self.streams.file.read_bytes() + b" " * (20 << 20)
        self.assert_verified(self.write("large.json", blanks), "MALFORMED")

    def test_every_change_of_the_payload_breaks_the_signature(self):
        statement = self.streams.statement
        for edit in (lambda p: p["result"].update(exitCode=0),
                     lambda p: p["job"].update(nonce="f" * 32),
                     lambda p: p["observed"].update(attempts=2),
                     lambda p: p["limits"].update(fuel="1")):
            changed = json.loads(json.dumps(statement))
            edit(changed["predicate"])
            envelope = self.streams.envelope
            envelope["payload"] = base64.b64encode(dsse.compact(changed)).decode()
            self.assert_verified(self.write("r.json", envelope), "BAD_SIGNATURE")

    def test_another_signature_is_a_bad_one(self):
        envelope = self.streams.envelope
        signature = bytearray(base64.b64decode(envelope["signatures"][0]["sig"]))
        for place in (0, 31, 32, 63):
            changed = bytearray(signature)
            changed[place] ^= 1
            envelope["signatures"][0]["sig"] = base64.b64encode(changed).decode()
            self.assert_verified(self.write("r.json", envelope), "BAD_SIGNATURE")
        other = dsse.sign(self.streams.statement, self.key_of("log"))
        self.assert_verified(self.write("r.json", other), "BAD_SIGNATURE")

    def test_blanks_and_hints_in_the_envelope_change_nothing(self):
        envelope = self.streams.envelope
        envelope["signatures"][0]["keyid"] = "SHA256:" + "A" * 43
        loose = self.write("r.json", json.dumps(envelope, indent=3) + "\n\n")
        self.assert_verified(loose, "VALID")

    def test_nobody_who_is_trusted_answers_for_it(self):
        done = self.assert_verified(self.streams, "UNKNOWN_KEY", data=self.folder / "nobody")
        identity = self.streams.predicate["node"]["identity"]
        self.assertIn(f"{identity} is the node that you mean: plasm trust add", done.stderr.decode())
        self.assertFalse((self.folder / "nobody").exists())

    def test_a_card_that_no_longer_lists_the_key_leaves_it_unknown(self):
        data = self.verifier()
        def replace(card):
            card["keys"] = [key for key in card["keys"] if key["use"] != "receipt"]
        self.assert_verified(self.streams, "UNKNOWN_KEY", "--card", self.new_card(replace), data=data)
        self.assert_verified(self.streams, "UNKNOWN_KEY", data=data)

    def test_a_given_key_is_the_only_one_that_counts(self):
        nobody = self.folder / "nobody"
        self.assert_verified(self.streams, "VALID", "--key", self.public_key(), data=nobody)
        self.assert_verified(self.streams, "WRONG_KEY", "--key", self.public_key("identity"))
        self.assert_verified(self.streams, "WRONG_KEY", "--key", self.public_key("log"))
        self.assertFalse(nobody.exists())

    def test_a_given_key_says_nothing_about_the_logs_key(self):
        self.assert_verified(self.streams, "VALID", "--key", self.public_key(),
                             says=["note      the proof was not looked at"])

    def test_a_blocked_node(self):
        self.assert_verified(self.streams, "NODE_BLOCKED", data=self.verifier("--level", "blocked"))

    def test_a_key_that_had_ended(self):
        def end(card):
            for key in card["keys"]:
                if key["use"] == "receipt":
                    key["from"], key["to"] = PAST, PAST
        self.assert_verified(self.streams, "KEY_NOT_VALID", "--card", self.new_card(end), data=self.verifier())

    def test_a_key_that_had_not_begun(self):
        def begin(card):
            for key in card["keys"]:
                key["from"] = FUTURE
        self.assert_verified(self.streams, "KEY_NOT_VALID", "--card", self.new_card(begin), data=self.verifier())

    def test_a_receipt_from_after_the_cards_end(self):
        def later(statement):
            statement["predicate"]["observed"]["end"] = "2998-01-01T00:00:00.000Z"
        self.assert_verified(self.lie(self.streams, later), "KEY_NOT_VALID", says=["a newer one is needed"])

    def test_a_key_that_the_verifier_has_revoked(self):
        data = self.verifier()
        key = self.streams.predicate["node"]["key"]
        self.assert_ends(self.plasm("trust", "revoke", "node", key, data=data), 0)
        self.assert_verified(self.streams, "KEY_REVOKED", data=data)

    def revoking(self, **options):
        key = dsse.public_bytes(self.public_key().read_bytes()).hex()
        def revoke(card):
            card["revoked"] = [{"key": key, "at": PAST, **options}]
        return self.new_card(revoke)

    def test_a_key_that_the_node_has_revoked(self):
        self.assert_verified(self.streams, "KEY_REVOKED", "--card", self.revoking(), data=self.verifier())

    def test_a_receipt_that_was_logged_before_the_revocation_counts_on(self):
        data = self.verifier()
        index = int(self.streams.proof.read_text().splitlines()[1].split()[1])
        begun = self.new_card(lambda card: [key.update({"from": PAST}) for key in card["keys"]], name="c.json")
        document = dsse.payload(json.loads(begun.read_bytes()))
        key = dsse.public_bytes(self.public_key().read_bytes()).hex()
        for version, size, verdict in ((10, index, "KEY_REVOKED"), (11, index + 1, "VALID")):
            document["version"] = version
            document["revoked"] = [{"key": key, "at": FUTURE, "logSize": str(size)}]
            card = self.write("card.json", dsse.sign(document, self.key_of("identity"), dsse.CARD))
            self.assert_verified(self.streams, verdict, "--card", card, data=data)
        alone = self.folder / "alone.json"
        shutil.copy(self.streams.file, alone)
        self.assert_verified(alone, "KEY_REVOKED", data=data)

    def test_a_receipt_that_must_be_in_a_log_and_is_not(self):
        data = self.verifier("--level", "logged")
        self.assert_verified(self.streams, "VALID", data=data)
        alone = self.folder / "alone.json"
        shutil.copy(self.streams.file, alone)
        self.assert_verified(alone, "NOT_LOGGED", data=data)
        policy = self.write("policy", f"log {self.log_key()}\nquorum none\n")
        self.assert_verified(alone, "NOT_LOGGED", "--policy", policy)
        self.assert_verified(alone, "VALID")
        self.assert_verified(alone, "VALID", "--proof", self.streams.proof, "--policy", policy, says=["log  "])

    def test_a_proof_of_something_else(self):
        alone = self.folder / "alone.json"
        shutil.copy(self.streams.file, alone)
        self.assert_verified(alone, "BAD_LOG_PROOF", "--proof", self.files.proof)
        lines = self.streams.proof.read_text().splitlines(keepends=True)
        for changed in (["c2sp.org/tlog-proof@v2\n"] + lines[1:], lines[:1] + ["index 0\n"] + lines[2:],
                        lines[:2] + lines[3:], lines[:-1], [""], ["garbage\n"]):
            proof = self.write("p.tlog-proof", "".join(changed))
            self.assert_verified(alone, "BAD_LOG_PROOF", "--proof", proof)

    def test_a_policy_without_the_log_takes_none_of_its_proofs(self):
        other = self.folder / "other"
        self.issue(cli.example("hello.wasm"), "x", data=other)
        policy = self.write("policy", f"log {self.log_key(other)}\nquorum none\n")
        self.assert_verified(self.streams, "BAD_LOG_PROOF", "--policy", policy)

    def test_a_policy_whose_witnesses_have_not_seen_it(self):
        witness = self.plasm("log", "witness-key", data=self.folder / "w").stdout.decode().strip()
        policy = self.write("policy", f"log {self.log_key()}\nwitness w {witness}\nquorum w\n")
        self.assert_verified(self.streams, "NOT_WITNESSED", "--policy", policy)
        data = self.verifier("--level", "witnessed")
        self.assert_verified(self.streams, "NOT_WITNESSED", data=data)
        shutil.copy(policy, data / "policy")
        self.assert_verified(self.streams, "NOT_WITNESSED", data=data)
        self.assert_ends(self.plasm("trust", "level", "node", "logged", data=data), 0)
        self.assert_verified(self.streams, "VALID", data=data)

    def test_parts_that_contradict_each_other(self):
        for edit in (lambda s: s["predicate"]["resultDigest"].update(sha256="0" * 64),
                     lambda s: s["predicate"]["observed"].update(end="1999-01-01T00:00:00.000Z",
                                                                 start="1999-01-01T00:00:00.001Z"),
                     lambda s: s["predicate"]["result"].update(truncated=True),
                     lambda s: s["predicate"]["result"].update(stdoutBytes="0"),
                     lambda s: s["predicate"]["module"].update(size="0")):
            key = self.public_key()  # an end in the past is before the key's begin
            self.assert_verified(self.lie(self.streams, edit), "INCONSISTENT", "--key", key)

    def test_a_receipt_for_another_job(self):
        self.assert_verified(self.streams, "VALID", "--manifest", self.streams.manifest, says=["manifest  is the job's"])
        self.assert_verified(self.streams, "WRONG_JOB", "--manifest", self.files.manifest)
        text = self.streams.manifest.read_bytes()
        self.assert_verified(self.streams, "WRONG_JOB", "--manifest", self.write("m.json", text + b"\n"))
        self.assert_verified(self.streams, "WRONG_JOB", "--manifest", self.write("m.json", b""))

    def test_a_receipt_that_does_not_keep_to_its_manifest(self):
        for edit in (lambda s: s["predicate"]["module"].update(sha256="1" * 64),
                     lambda s: s["predicate"]["input"].update(stdin="1" * 64),
                     lambda s: s["predicate"]["limits"].update(fuel="5"),
                     lambda s: s["predicate"]["job"].pop("nonce")):
            self.assert_verified(self.lie(self.streams, edit), "WRONG_JOB", "--manifest", self.streams.manifest)

    def test_a_receipt_for_another_request(self):
        self.assert_verified(self.streams, "VALID", "--nonce", NONCE)
        self.assert_verified(self.streams, "WRONG_JOB", "--nonce", NONCE[::-1])
        self.assert_verified(self.files, "WRONG_JOB", "--nonce", NONCE, says=["without a nonce"])

    def test_a_job_that_was_started_too_late(self):
        late = self.lie(self.streams, lambda s: s["predicate"]["job"].update(notAfter=PAST))
        self.assert_verified(late, "TOO_LATE", says=["after 2020-01-01T00:00:00.000Z"])

    def test_of_two_faults_the_first_in_the_order_of_the_steps_is_told(self):
        wrong = self.lie(self.streams, lambda s: s["predicate"]["resultDigest"].update(sha256="0" * 64))
        self.assert_verified(wrong, "INCONSISTENT", "--nonce", "f" * 32)
        self.assert_verified(wrong, "WRONG_KEY", "--key", self.public_key("log"))
        self.assert_verified(self.streams, "WRONG_JOB", "--nonce", "f" * 32, "--output", self.files.manifest)
        self.assert_verified(wrong, "NODE_BLOCKED", data=self.verifier("--level", "blocked"))

    # Outputs.

    def test_outputs_under_their_names(self):
        final = self.out / "notes" / "final.txt"
        deep = self.out / "sub" / "deep.txt"
        self.assert_verified(self.files, "VALID", "--output", f"/work/notes/final.txt={final}",
                             "--output", f"/work/sub/deep.txt={deep}", says=[
                                 'at hand   file:"/work/notes/final.txt", file:"/work/sub/deep.txt"'])
        self.assert_verified(self.files, "WRONG_OUTPUT", "--output", f"/work/notes/final.txt={deep}")
        self.assert_verified(self.files, "WRONG_OUTPUT", "--output", f"/work/notes/other.txt={final}",
                             says=["the receipt has no output"])

    def test_outputs_by_the_names_of_their_files(self):
        self.assert_verified(self.files, "VALID", "--output", self.out / "notes" / "final.txt",
                             says=['file:"/work/notes/final.txt"'])
        changed = self.write("final.txt", b"first line\nsecond lime\n")
        self.assert_verified(self.files, "WRONG_OUTPUT", "--output", changed)
        renamed = self.write("result.bin", b"first line\nsecond line\n")
        self.assert_verified(self.files, "VALID", "--output", renamed)
        self.assert_verified(self.files, "WRONG_OUTPUT", "--output", self.write("x", b"never written"))

    def test_streams(self):
        out, err = self.write("stdout.txt", b"out\n"), self.write("stderr.txt", b"err\n")
        self.assert_verified(self.streams, "VALID", "--output", out, "--output", err, says=["at hand   stdout, stderr"])
        self.assert_verified(self.streams, "VALID", "--output", f"stdout={out}", "--output", f"stderr={err}")
        self.assert_verified(self.streams, "VALID", "--output", self.write("anything", b"err\n"), says=["at hand   stderr"])

    def test_standard_error_does_not_pass_for_standard_output(self):
        err = self.write("err", b"err\n")
        self.assert_verified(self.streams, "WRONG_OUTPUT", "--output", f"stdout={err}")
        self.assert_verified(self.streams, "WRONG_OUTPUT", "--output", self.write("stdout.txt", b"err\n"))
        self.assert_verified(self.streams, "WRONG_OUTPUT", "--output", self.write("stderr", b"out\n"))

    def test_folders(self):
        self.assert_verified(self.files, "VALID", "--output", self.out, says=['at hand   folder "/work"'])
        self.assert_verified(self.files, "VALID", "--output", f"/work={self.out}")
        self.assert_verified(self.files, "VALID", "--output", f"/work/sub/={self.out / 'sub'}")
        self.assert_verified(self.files, "WRONG_OUTPUT", "--output", f"/work/sub={self.out}")
        self.assert_verified(self.files, "WRONG_OUTPUT", "--output", f"/nowhere={self.out}")

    def test_a_folder_has_exactly_the_receipts_files(self):
        for name, change in (("more", lambda folder: (folder / "more.txt").write_bytes(b"")),
                             ("less", lambda folder: (folder / "in.txt").unlink()),
                             ("other", lambda folder: (folder / "in.txt").write_bytes(b"from the hose\n"))):
            copy = self.folder / name
            shutil.copytree(self.out, copy, symlinks=True)
            self.assert_verified(self.files, "VALID", "--output", f"/work={copy}")
            change(copy)
            self.assert_verified(self.files, "WRONG_OUTPUT", "--output", f"/work={copy}")
            self.assert_verified(self.files, "WRONG_OUTPUT", "--output", copy)

    def test_a_file_with_an_equals_sign_in_its_name(self):
        odd = self.write("a=b", b"out\n")
        self.assert_verified(self.streams, "VALID", "--output", odd)
        self.assert_verified(self.streams, "VALID", "--output", f"stdout={odd}")

    def test_an_output_that_is_missing_is_no_verdict(self):
        done = self.verify(self.streams, "--output", f"stdout={self.folder / 'missing'}")
        self.assert_ends(done, 1, str(self.folder / "missing"))
        self.assert_one_sentence(done)
        self.assertEqual(done.stdout, b"")

    # Receipts v0.1.

    def test_a_receipt_of_version_0_1_is_never_more_than_unbound(self):
        old = self.write("old.json", self.legacy)
        key = self.public_key()
        self.assert_verified(old, "VALID_LEGACY_UNBOUND", "--key", key, says=["proves nothing about input and output"])
        self.assert_verified(old, "UNKNOWN_KEY")
        self.assert_verified(old, "WRONG_KEY", "--key", self.public_key("log"))
        changed = self.write("changed.json", {**self.legacy, "exit_code": 1})
        self.assert_verified(changed, "BAD_SIGNATURE", "--key", key)
        self.assert_verified(self.write("more.json", {**self.legacy, "more": 1}), "MALFORMED", "--key", key)

    def test_a_receipt_of_version_0_1_answers_no_further_question(self):
        old, key = self.write("old.json", self.legacy), self.public_key()
        policy = self.write("policy", f"log {self.log_key()}\nquorum none\n")
        for verdict, *flags in (("NOT_LOGGED", "--policy", policy), ("WRONG_JOB", "--nonce", NONCE),
                                ("WRONG_JOB", "--manifest", self.streams.manifest),
                                ("WRONG_OUTPUT", "--output", self.write("stdout", b"x")),
                                ("REPLAY_IMPOSSIBLE", "--replay")):
            self.assert_verified(old, verdict, "--key", key, *flags)

    # What is printed.

    def test_all_of_it_as_json(self):
        out = self.write("stdout", b"out\n")
        report = self.shown(self.streams, "--manifest", self.streams.manifest, "--output", out)
        predicate = self.streams.predicate
        self.assertEqual(report["verdict"], "VALID")
        self.assertNotIn("reason", report)
        self.assertEqual(report["node"], {"identity": predicate["node"]["identity"],
                                          "key": predicate["node"]["key"], "signing": "each",
                                          "name": "me", "level": "signed"})
        self.assertEqual(report["job"], {"id": predicate["job"]["id"],
                                         "manifest": predicate["job"]["manifest"]["sha256"]})
        self.assertEqual(report["result"], {"status": "exited", "exit_code": 3,
                                            "fuel_used": predicate["result"]["fuelUsed"],
                                            "digest": predicate["resultDigest"]["sha256"]})
        self.assertEqual(report["subjects"], {"stdout": dsse.sha256(b"out\n"), "stderr": dsse.sha256(b"err\n")})
        self.assertEqual((report["outputs"], report["notes"]), (["stdout"], []))
        self.assertEqual(report["log"]["origin"], predicate["node"]["log"])
        self.assertEqual(self.shown(self.files)["subjects"]["file:/work/in.txt"], dsse.sha256(b"from the host\n"))

    def test_a_refusal_as_json_has_its_reason(self):
        for receipt, verdict in ((self.write("bad.json", b"{}"), "MALFORMED"),
                                 (self.lie(self.streams, lambda s: s["predicate"]["result"].update(truncated=True)),
                                  "INCONSISTENT")):
            report = self.shown(receipt)
            self.assertEqual(report["verdict"], verdict)
            self.assertEqual(report["exit_status"], receipt_files.VERDICTS[verdict])
            self.assertTrue(report["reason"])

    def test_no_colours_where_nobody_sees_them(self):
        bad = self.write("bad.json", b"\x1b[31m")
        for done in (self.verify(self.streams), self.verify(bad), self.verify(self.streams, "--json")):
            self.assertNotIn(b"\x1b", done.stdout + done.stderr)

    def test_names_from_a_receipt_cannot_draw_on_the_terminal(self):
        def draw(statement):
            statement["subject"].append({"name": "file:/a\x1b[2J\n", "digest": {"sha256": "0" * 64}})
        lie = self.lie(self.streams, draw)
        for flags in ((), ("--output", f"/x={self.write('x', b'x')}"), ("--output", self.folder)):
            done = self.verify(lie, *flags)
            self.assertNotIn(b"\x1b", done.stdout + done.stderr)

    # What could not be read is no verdict.

    def test_files_that_cannot_be_read_are_named(self):
        missing = self.folder / "missing"
        key = self.streams.file
        for words in ((missing,), (self.folder,), (self.streams.file, "--proof", missing),
                      (self.streams.file, "--manifest", missing), (self.streams.file, "--key", missing),
                      (self.streams.file, "--key", key), (self.streams.file, "--card", missing),
                      (self.streams.file, "--policy", missing),
                      (self.streams.file, "--card", self.streams.file)):
            done = self.plasm("verify", *words)
            with self.subTest(words=words):
                self.assert_ends(done, 1)
                self.assert_one_sentence(done)
                self.assertEqual(done.stdout, b"")

    def test_a_policy_that_is_none_is_no_verdict(self):
        for bad in ("quorum x\n", "garbage\n", f"log {self.log_key()}\nquorum none", "log x\nquorum none\n"):
            done = self.verify(self.streams, "--policy", self.write("policy", bad))
            self.assert_ends(done, 1, str(self.folder / "policy"))
            self.assertEqual(done.stdout, b"")

    def test_wrong_usage(self):
        for words in ((), (self.streams.file, "--engine", "magic"), (self.streams.file, "--what"),
                      (self.streams.file, self.streams.file), (self.streams.file, "--timeout", "-1")):
            self.assert_ends(self.plasm("verify", *words), cli.USAGE)

    def test_a_verifier_of_somebody_else_needs_no_key_of_the_nodes(self):
        data = self.verifier()
        self.assert_verified(self.streams, "VALID", data=data, says=["node      node SHA256:"])
        self.assertEqual(sorted(os.listdir(data)), ["cards", "trusted_nodes", "trusted_nodes.lock"])


if __name__ == "__main__":
    cli.main()
