"""plasm audit: runs the jobs of a folder again, and signs what came of it (spec/audit.md)."""
import json
import re
import stat

import cli
import dsse
import receipt_files

MEMBERS = {"auditor", "time", "engine", "receipts", "conclusion"}
STATUSES = {"confirmed": 0, "contradicted": 30, "inconclusive": 31}


class AuditTest(receipt_files.ReceiptTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        maker = cls()
        cls.made_before = cls.home / "receipts"
        cls.made_before.mkdir()
        for words in ((cli.example("hello.wasm"), "a"), (cli.guest("random"),), (cli.guest("clock"),),
                      (cli.guest("trap"), "unreachable"), ("--fuel", "50000", cli.guest("fuel_burner")),
                      ("--signing", "batch", cli.guest("exit_code"), "3")):
            maker.issue(*words, folder=cls.made_before)

    def receipts(self):
        """A folder of the test's own with the class's receipts."""
        return self.copy_of(self.made_before, "receipts")

    def audit(self, folder, conclusion, *flags, data=None, says=()):
        """The signed statement, which is checked by the specification's rules."""
        statement_file = self.folder / "statement.json"
        done = self.plasm("audit", folder, "-o", statement_file, *flags, data=data)
        self.assert_ends(done, STATUSES[conclusion], *says)
        self.assertNotIn(b"\x1b", done.stdout)
        return self.checked(statement_file, folder, conclusion, data)

    def checked(self, file, folder, conclusion, data=None):
        envelope = json.loads(file.read_bytes())
        self.assertEqual(envelope["payloadType"], dsse.IN_TOTO)
        public = dsse.public_pem(self.key_of("audit", data))
        self.assertEqual(len(envelope["signatures"]), 1)
        self.assertTrue(dsse.is_signed_by(envelope, public))
        statement = dsse.payload(envelope)
        self.assertEqual(set(statement), {"_type", "subject", "predicateType", "predicate"})
        self.assertEqual((statement["_type"], statement["predicateType"]),
                         ("https://in-toto.io/Statement/v1", "urn:plasm:audit:v1"))
        predicate = statement["predicate"]
        self.assertEqual(set(predicate), MEMBERS)
        self.assertEqual(predicate["auditor"], dsse.fingerprint(public))
        self.assertRegex(predicate["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertEqual(set(predicate["engine"]), {"engine", "version", "configuration", "target"})
        digests = [subject["digest"]["sha256"] for subject in statement["subject"]]
        self.assertEqual(digests, [finding["receipt"] for finding in predicate["receipts"]])
        self.assertEqual(len(set(digests)), len(digests))
        for subject, finding in zip(statement["subject"], predicate["receipts"], strict=True):
            receipt = json.loads((folder / subject["name"]).read_bytes())
            self.assertEqual(subject["digest"]["sha256"], dsse.pae_digest(receipt))
            self.assertEqual(set(finding) - {"difference"}, {"receipt", "verdict"})
            self.assertEqual("difference" in finding, finding["verdict"] == "REPLAY_DIFFERS")
        verdicts = {finding["verdict"] for finding in predicate["receipts"]}
        expected = ("contradicted" if verdicts & {"REPLAY_DIFFERS", "INCONSISTENT"}
                    else "confirmed" if verdicts == {"VALID"} else "inconclusive")
        self.assertEqual((predicate["conclusion"], conclusion), (expected, expected))
        return statement

    def verdicts(self, statement):
        return {subject["name"]: finding["verdict"] for subject, finding in
                zip(statement["subject"], statement["predicate"]["receipts"], strict=True)}

    def names(self, folder):
        return sorted(path.name for path in folder.iterdir() if re.fullmatch(r"r\d+\.json", path.name))

    def test_honest_receipts_are_confirmed_in_both_engines(self):
        folder = self.receipts()
        for engine, target in (("jit", None), ("pulley", "pulley64")):
            statement = self.audit(folder, "confirmed", "--all", "--engine", engine)
            self.assertEqual(self.verdicts(statement), {name: "VALID" for name in self.names(folder)})
            runtime = json.loads((folder / self.names(folder)[0]).read_bytes())
            runtime = dsse.payload(runtime)["predicate"]["runtime"]
            engine = statement["predicate"]["engine"]
            self.assertEqual(engine, {**{key: runtime[key] for key in ("engine", "version", "configuration")},
                                      "target": target or runtime["target"]})

    def test_the_statement_ends_up_in_the_folder(self):
        folder = self.receipts()
        done = self.plasm("audit", folder, "--all")
        self.assert_ends(done, 0)
        self.assertIn("confirmed: 6 of 6 run again gave the same, out of 6 receipts\n", done.stdout.decode())
        (file,) = folder.glob("audit-*.json")
        self.assertRegex(file.name, r"^audit-\d{8}T\d{6}Z\.json$")
        self.assertIn(str(file), done.stdout.decode())
        self.checked(file, folder, "confirmed")
        # And is not taken for a receipt by the next audit.
        self.assertNotIn("audit-", self.plasm("audit", folder, "--all", "-o", self.folder / "s").stderr.decode())

    def test_the_auditors_key_is_its_own_and_stays(self):
        folder = self.receipts()
        one, two = (self.audit(folder, "confirmed", "--sample", "1") for _ in range(2))
        self.assertEqual(one["predicate"]["auditor"], two["predicate"]["auditor"])
        file = self.key_of("audit")
        self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)
        self.assertNotIn(dsse.public_pem(file),
                         [dsse.public_pem(self.key_of(name)) for name in ("identity", "receipt", "log")])

    def lying(self, folder, edit, name="z.json"):
        honest = receipt_files.Issued(folder / self.names(folder)[0], None)
        return self.lie(honest, edit, name=folder / name)

    def test_one_lie_contradicts(self):
        folder = self.receipts()
        self.lying(folder, lambda s: s["predicate"]["result"].update(exitCode=1))
        statement = self.audit(folder, "contradicted", "--all")
        self.assertEqual(self.verdicts(statement)["z.json"], "REPLAY_DIFFERS")
        self.assertEqual(list(self.verdicts(statement).values()).count("VALID"), 6)
        (finding,) = [f for f in statement["predicate"]["receipts"] if f["verdict"] != "VALID"]
        self.assertEqual(finding["difference"], "exit code: the receipt has 1, the replay 0")
        done = self.plasm("audit", folder, "--all", "-o", self.folder / "s")
        self.assertIn('REPLAY_DIFFERS       "z.json": exit code', done.stdout.decode())
        self.assertIn("contradicted: 6 of 7 run again gave the same", done.stdout.decode())

    def test_a_receipt_that_contradicts_itself_contradicts(self):
        folder = self.receipts()
        self.lying(folder, lambda s: s["predicate"]["resultDigest"].update(sha256="0" * 64))
        self.assertEqual(self.verdicts(self.audit(folder, "contradicted", "--all"))["z.json"], "INCONSISTENT")

    def test_a_receipt_with_a_wrong_signature_contradicts_nothing(self):
        folder = self.receipts()
        honest = receipt_files.Issued(folder / self.names(folder)[0], None)
        forged = honest.statement
        forged["predicate"]["result"]["exitCode"] = 1
        self.write(folder / "z.json", dsse.sign(forged, self.key_of("log")))
        self.assertEqual(self.verdicts(self.audit(folder, "inconclusive", "--all"))["z.json"], "BAD_SIGNATURE")

    def test_receipts_of_nobody_who_is_trusted_are_inconclusive(self):
        folder, data = self.receipts(), self.folder / "nobody"
        self.assertEqual(set(self.verdicts(self.audit(folder, "inconclusive", "--all", data=data)).values()),
                         {"UNKNOWN_KEY"})

    def test_jobs_that_cannot_be_run_again_are_inconclusive(self):
        folder, data = self.receipts(), self.verifier()
        statement = self.audit(folder, "inconclusive", "--all", data=data)
        self.assertEqual(set(self.verdicts(statement).values()), {"REPLAY_IMPOSSIBLE"})

    def test_a_given_key_and_a_policy_count_here_too(self):
        folder = self.receipts()
        batch = folder / self.names(folder)[-1]
        verdicts = self.verdicts(self.audit(folder, "inconclusive", "--all", "--key", self.public_key()))
        self.assertEqual(verdicts.pop(batch.name), "WRONG_KEY")
        self.assertEqual(set(verdicts.values()), {"VALID"})
        policy = self.write("policy", f"log {self.log_key()}\nquorum none\n")
        self.audit(folder, "confirmed", "--all", "--policy", policy)
        receipt_files.beside(batch, ".tlog-proof").unlink()
        verdicts = self.verdicts(self.audit(folder, "inconclusive", "--all", "--policy", policy))
        self.assertEqual(verdicts.pop(batch.name), "NOT_LOGGED")

    def test_a_sample_is_taken_at_random(self):
        folder = self.receipts()
        seen = set()
        for _ in range(200):  # a receipt that is never chosen would fail this once in 10^15 times
            statement = self.audit(folder, "confirmed", "--sample", "2")
            self.assertEqual(len(statement["subject"]), 2)
            seen |= set(self.verdicts(statement))
            if len(seen) == 6:
                break
        self.assertEqual(sorted(seen), self.names(folder))
        self.assertEqual(len(self.audit(folder, "confirmed", "--sample", "100")["subject"]), 6)
        self.assertEqual(len(self.audit(folder, "confirmed")["subject"]), 6)

    def test_what_is_no_receipt_is_named_and_left_out(self):
        folder = self.receipts()
        (folder / "broken.json").write_bytes(b"{")
        (folder / "note.txt").write_bytes(b"not looked at")
        (folder / "folder.json").mkdir()
        statement = self.audit(folder, "confirmed", "--all", says=['"broken.json" is not a receipt v2'])
        self.assertEqual(sorted(self.verdicts(statement)), self.names(folder))

    def test_a_receipt_that_lies_there_twice_is_audited_once(self):
        folder = self.receipts()
        first = self.names(folder)[0]
        copy = json.loads((folder / first).read_bytes())
        (folder / "z.json").write_text(json.dumps(copy, indent=2))
        statement = self.audit(folder, "confirmed", "--all", says=[f'"z.json" is the same receipt as "{first}"'])
        self.assertEqual(sorted(self.verdicts(statement)), self.names(folder))

    def test_a_name_that_a_statement_cannot_hold_is_left_out(self):
        folder = self.receipts()
        name = self.names(folder)[0]
        for bad in ("a\nb.json", "a\u0085b.json"):
            (folder / name).rename(folder / bad)
            statement = self.audit(folder, "confirmed", "--all", says=["is no name for a statement"])
            self.assertEqual(len(statement["subject"]), 5)
            (folder / bad).rename(folder / name)

    def test_all_of_it_as_json(self):
        folder = self.receipts()
        self.lying(folder, lambda s: s["predicate"]["result"].update(exitCode=1))
        file = self.folder / "s.json"
        done = self.plasm("audit", folder, "--all", "--json", "-o", file)
        self.assert_ends(done, 30)
        report = json.loads(done.stdout)
        results = report.pop("results")
        self.assertEqual(report, {"conclusion": "contradicted", "audited": 7, "receipts": 7,
                                  "auditor": dsse.fingerprint(dsse.public_pem(self.key_of("audit"))),
                                  "statement": str(file)})
        self.assertEqual(results[-1], {"name": "z.json", "verdict": "REPLAY_DIFFERS",
                                       "reason": "exit code: the receipt has 1, the replay 0"})

    def test_what_cannot_be_done_is_one_sentence(self):
        empty = self.folder / "empty"
        empty.mkdir()
        folder = self.receipts()
        for words in ((empty,), (self.folder / "missing",), (folder, "--key", self.folder / "missing"),
                      (folder, "--policy", self.folder / "missing"), (folder, "-o", self.folder / "no" / "s.json"),
                      (folder / self.names(folder)[0],)):
            done = self.plasm("audit", *words)
            with self.subTest(words=words):
                self.assert_ends(done, 1)
                self.assert_one_sentence(done)
                self.assertEqual(done.stdout, b"")
        for words in ((), (folder, "--sample", "0"), (folder, "--sample", "4097"), (folder, "--all", "--sample", "1")):
            self.assert_ends(self.plasm("audit", *words), cli.USAGE)


if __name__ == "__main__":
    cli.main()
