"""plasm log: looks at a node's log, checks that it keeps its word, stands witness for it."""
import json
import shutil

import cli
import dsse
import receipt_files

LOG_BAD = receipt_files.LOG_BAD


class LogTest(receipt_files.ReceiptTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        maker = cls()
        cls.before = cls.home / "before"
        shutil.copytree(cls.data, cls.before)
        cls.issued = [maker.issue(cli.example("hello.wasm"), str(number), folder=cls.home) for number in range(5)]
        cls.size = 6  # with the one that ReceiptTest has made

    def log(self, *words, status=0, says=(), data=None):
        done = self.plasm("log", *words, data=data)
        self.assert_ends(done, status, *says)
        return done.stdout.decode()

    def grown(self, name, *words, of=None):
        """A copy of a data folder whose log has gone on with one more receipt."""
        data = self.copy_of(of or self.data, name)
        issued = self.issue(cli.example("hello.wasm"), *words, data=data)
        return data, issued

    def checkpoint(self, data, name="older"):
        return self.write(name, (data / "log" / "checkpoint").read_bytes())

    def test_shows_the_checkpoint(self):
        shown = json.loads(self.log("show", "--json"))
        self.assertEqual(shown["size"], str(self.size))
        self.assertEqual(shown["origin"], self.issued[0].predicate["node"]["log"])
        self.assertEqual(shown["signatures"], [shown["origin"]])
        self.assertEqual(shown["checkpoint"], (self.data / "log" / "checkpoint").read_text())
        self.assertTrue(shown["vkey"].startswith(shown["origin"] + "+"))
        text = self.log("show")
        for part in (shown["origin"], f"size    {self.size}\n", shown["root"], shown["vkey"]):
            self.assertIn(part, text)

    def test_shows_each_entry(self):
        for number, issued in enumerate(self.issued):
            self.assertEqual(self.log("show", number + 1), dsse.log_entry(issued.envelope))
        for bad in (str(self.size), "01", "-1", "x", "18446744073709551616"):
            done = self.plasm("log", "show", "--", bad)
            self.assertNotEqual(done.returncode, 0)
            self.assertEqual(done.stdout, b"")

    def test_proves_a_receipt_by_its_number_and_by_its_file(self):
        for number, issued in enumerate(self.issued):
            by_number = self.log("prove", number + 1)
            self.assertEqual(self.log("prove", issued.file), by_number)
            self.assertEqual(by_number.splitlines()[1], f"index {number + 1}")
            file = self.folder / "proof"
            self.assertEqual(self.log("prove", issued.file, "-o", file), "")
            self.assertEqual(file.read_text(), by_number)
            self.assert_verified(issued, "VALID", "--proof", file, says=[f"entry {number + 1} of {self.size} in"])

    def test_what_is_not_in_the_log_is_not_proved(self):
        _, foreign = self.grown("fork", "never here")
        self.log("prove", foreign.file, status=1, says=["is not in the log"])
        self.log("prove", self.size, status=1)
        self.log("prove", self.folder / "missing", status=1, says=["missing"])
        self.log("prove", self.issued[0].manifest, status=1)

    def test_a_log_elsewhere_needs_its_key(self):
        copy = self.copy_of(self.data / "log", "served")
        key = self.log_key()
        nobody = self.folder / "nobody"
        self.log("fsck", "--log", copy, status=1, says=["--vkey"], data=nobody)
        self.log("fsck", "--log", copy, "--vkey", key, data=nobody)
        self.log("fsck", "--log", copy, data=self.verifier())
        other = self.folder / "other"
        self.issue(cli.example("hello.wasm"), "x", data=other)
        self.log("fsck", "--log", copy, "--vkey", self.log_key(other), status=LOG_BAD, data=nobody)
        self.log("fsck", "--log", copy, "--vkey", "garbage", status=1, data=nobody)
        self.log("fsck", "--log", self.folder / "missing", status=1, data=nobody)

    # An older checkpoint.

    def test_a_log_that_has_only_grown_is_consistent(self):
        older = self.checkpoint(self.before)
        self.assertEqual(self.log("check", older), f"consistent: 1 entries have become {self.size}\n")
        for number, issued in enumerate(self.issued):
            self.assertIn(f"consistent: {number + 2} entries", self.log("check", issued.proof))
        self.assertIn("consistent: 6 entries have become 6", self.log("check", self.data / "log" / "checkpoint"))

    def test_an_older_copy_of_the_log_is_no_contradiction(self):
        self.log("check", self.checkpoint(self.data), status=1, says=["this copy of the log is older"], data=self.before)
        self.assertFalse((self.before / "evidence").exists())

    def test_two_histories_of_one_length_are_evidence(self):
        one, _ = self.grown("one", "1")
        two, _ = self.grown("two", "2")
        self.assert_contradicts(self.checkpoint(one), two, "two roots at size 7")

    def test_a_history_that_was_replaced_is_evidence(self):
        one, _ = self.grown("one", "1")
        two, _ = self.grown("two", "2")
        two, _ = self.grown("three", "3", of=two)
        self.assert_contradicts(self.checkpoint(one), two, "the first 7 entries are others now")

    def assert_contradicts(self, older, data, what):
        self.log("check", older, status=LOG_BAD, says=["contradicts itself", what], data=data)
        (evidence,) = (data / "evidence").iterdir()
        text = evidence.read_text()
        self.assertIn(what, text)
        self.assertIn(older.read_text(), text)
        self.assertIn((data / "log" / "checkpoint").read_text(), text)

    def test_a_checkpoint_that_the_log_did_not_sign_proves_nothing(self):
        text = self.checkpoint(self.before).read_text()
        lines = text.splitlines(keepends=True)
        for bad in ("".join([lines[0], "2\n"] + lines[2:]), text.replace("plasm.invalid", "plasm.example"),
                    "", "garbage\n", lines[0]):
            self.log("check", self.write("bad", bad), status=1)
        other = self.folder / "other"
        self.issue(cli.example("hello.wasm"), "x", data=other)
        self.log("check", other / "log" / "checkpoint", status=1)
        self.assertFalse((self.data / "evidence").exists())

    # Damage.

    def damaged(self, name, damage):
        data = self.copy_of(self.data, name)
        damage(data / "log")
        return data

    def flip(self, path, place):
        data = bytearray(path.read_bytes())
        data[place] ^= 1
        path.write_bytes(data)

    def test_a_sound_log_is_sound(self):
        self.assertEqual(self.assert_sound_log(), self.size)
        self.assertIn(json.loads(self.log("show", "--json"))["root"], self.log("fsck"))

    def test_every_damage_is_found_and_named(self):
        tile, bundle = f"tile/0/000.p/{self.size}", f"tile/entries/000.p/{self.size}"
        for number, (named, damage) in enumerate((
                (tile, lambda log: self.flip(log / tile, 0)), (tile, lambda log: self.flip(log / tile, -1)),
                (tile, lambda log: (log / tile).unlink()), (tile, lambda log: (log / tile).write_bytes(b"")),
                ("", lambda log: self.flip(log / bundle, 70)), ("", lambda log: self.flip(log / bundle, -5)),
                (bundle, lambda log: self.flip(log / bundle, 0)), (bundle, lambda log: (log / bundle).unlink()),
                ("checkpoint", lambda log: self.flip(log / "checkpoint", -5)),
                ("checkpoint", lambda log: self.flip(log / "checkpoint", 50)))):
            data = self.damaged(str(number), damage)
            with self.subTest(number=number, named=named):
                self.log("fsck", "--vkey", self.log_key(), status=LOG_BAD, says=[named], data=data)

    def test_a_damaged_log_signs_nothing_more(self):
        bundle = f"tile/entries/000.p/{self.size}"
        data = self.damaged("damaged", lambda log: self.flip(log / bundle, 70))
        before = (data / "log" / "checkpoint").read_bytes()
        done = self.plasmd("execute-job", "--data-dir", data, "-o", self.folder / "r.json",
                           cli.example("hello.wasm"), "x")
        self.assert_ends(done, cli.NODE_FAILED, bundle)
        self.assertEqual((data / "log" / "checkpoint").read_bytes(), before)
        self.assertFalse((self.folder / "r.json").exists())

    def test_a_damaged_log_proves_nothing(self):
        tile = f"tile/0/000.p/{self.size}"
        data = self.damaged("damaged", lambda log: self.flip(log / tile, 0))
        self.log("prove", "3", status=1, says=["do not lead to the checkpoint's root"], data=data)

    # Witnesses.

    def witnessed(self, data, name="w", quorum="w"):
        """A witness's data folder, and the policy that asks for it."""
        witness = self.folder / name
        key = self.log("witness-key", "--name", name, data=witness).strip()
        policy = self.write("policy", f"log {self.log_key(data)}\nwitness {name} {key}\nquorum {quorum}\n")
        return witness, policy

    def cosign(self, data, witness, *words, **expected):
        return self.log("cosign", "--name", witness.name, "--log", data / "log", "--vkey", self.log_key(data),
                        *words, data=witness, **expected)

    def test_a_cosigned_proof_satisfies_the_policy(self):
        witness, policy = self.witnessed(self.data)
        issued = self.issued[2]
        self.assert_verified(issued, "NOT_WITNESSED", "--policy", policy)
        cosigned = self.folder / "cosigned"
        self.assertEqual(self.cosign(self.data, witness, "-o", cosigned), "")
        self.assertEqual(cosigned.read_text().splitlines()[:-1],
                         (self.data / "log" / "checkpoint").read_text().splitlines())
        proof = self.folder / "proof"
        self.log("prove", issued.file, "--cosigned", cosigned, "-o", proof)
        self.assert_verified(issued, "VALID", "--policy", policy, "--proof", proof, says=["seen by w"])
        report = self.shown(issued, "--policy", policy, "--proof", proof)
        self.assertEqual(report["log"]["witnesses"], ["w"])
        self.log("prove", issued.file, "-o", proof)
        self.assert_verified(issued, "NOT_WITNESSED", "--policy", policy, "--proof", proof)

    def test_a_quorum_of_two_needs_both(self):
        one, two = self.folder / "one", self.folder / "two"
        keys = [self.log("witness-key", "--name", data.name, data=data).strip() for data in (one, two)]
        policy = self.write("policy", f"log {self.log_key()}\nwitness one {keys[0]}\nwitness two {keys[1]}\n"
                                      "group both 2 one two\nquorum both\n")
        files = []
        for witness, verdict in ((one, "NOT_WITNESSED"), (two, "VALID")):
            files += ["--cosigned", self.folder / f"by-{witness.name}"]
            self.cosign(self.data, witness, "-o", files[-1])
            proof = self.folder / "proof"
            self.log("prove", "1", *files, "-o", proof)
            self.assert_verified(self.issued[0], verdict, "--policy", policy, "--proof", proof)

    def test_a_cosignature_that_was_tampered_with_spoils_the_proof(self):
        witness, policy = self.witnessed(self.data)
        line = self.cosign(self.data, witness)
        self.assertTrue(line.startswith("— w "), line)
        place = len(line) - 10
        changed = line[:place] + ("A" if line[place] != "A" else "B") + line[place + 1:]
        file = self.write("cosigned", (self.data / "log" / "checkpoint").read_text() + changed)
        proof = self.folder / "proof"
        self.log("prove", "1", "--cosigned", file, "-o", proof)
        self.assert_verified(self.issued[0], "BAD_LOG_PROOF", "--policy", policy, "--proof", proof)
        self.assert_verified(self.issued[0], "VALID", "--proof", proof)

    def test_a_cosignature_of_another_checkpoint_does_not_fit(self):
        witness, _ = self.witnessed(self.before)
        cosigned = self.folder / "cosigned"
        self.cosign(self.before, witness, "-o", cosigned)
        self.log("prove", "0", "--cosigned", cosigned, status=1, says=["of 6 entries: have that one cosigned"])

    def test_a_witness_goes_along_with_a_log_that_grows(self):
        witness, _ = self.witnessed(self.data)
        self.cosign(self.before, witness)
        self.cosign(self.data, witness)
        self.cosign(self.data, witness)
        grown, _ = self.grown("grown", "more")
        self.cosign(grown, witness)

    def test_a_witness_refuses_a_log_that_was_rolled_back(self):
        witness, _ = self.witnessed(self.data)
        self.cosign(self.data, witness)
        self.assertEqual(self.cosign(self.before, witness, status=1, says=["has cosigned 6 entries of this log, which has 1 now"]), "")
        self.cosign(self.data, witness)

    def test_a_witness_never_cosigns_two_histories(self):
        witness, _ = self.witnessed(self.data)
        one, _ = self.grown("one", "1")
        two, _ = self.grown("two", "2")
        self.cosign(one, witness)
        self.assertEqual(self.cosign(two, witness, status=LOG_BAD, says=["evidence"]), "")
        kept = "".join(path.read_text() for path in (witness / "witness").rglob("*") if path.is_file())
        for data in (one, two):
            self.assertIn((data / "log" / "checkpoint").read_text().split("\n\n")[0], kept)
        self.assertEqual(self.cosign(one, witness, status=LOG_BAD), "")

    def test_a_witness_sees_a_history_that_was_replaced_and_went_on(self):
        witness, _ = self.witnessed(self.data)
        one, _ = self.grown("one", "1")
        two, _ = self.grown("two", "2")
        three, _ = self.grown("three", "3", of=two)
        self.cosign(one, witness)
        self.assertEqual(self.cosign(three, witness, status=LOG_BAD), "")

    def test_a_witness_has_a_key_of_its_own(self):
        witness, _ = self.witnessed(self.data)
        key = self.log("witness-key", "--name", "w", data=witness)
        self.assertEqual(self.log("witness-key", "--name", "w", data=witness), key)
        self.assertTrue((witness / "witness.key").exists())
        self.assertNotEqual(self.log("witness-key", "--name", "w", data=self.folder / "another"), key)
        for name in ("with blank", "a+b", ""):
            self.log("witness-key", "--name", name, data=witness, status=1, says=["--name"])

    def test_wrong_usage(self):
        for words in ((), ("prove",), ("check",), ("show", "1", "2"), ("sing",)):
            self.log(*words, status=cli.USAGE)


if __name__ == "__main__":
    cli.main()
