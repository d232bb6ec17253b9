"""plasmd verify-receipt: verdicts and exit statuses."""
import json

import cli

VALID, UNKNOWN_KEY, WRONG_KEY = "VALID_LEGACY_UNBOUND", "UNKNOWN_KEY", "WRONG_KEY"
BAD_SIGNATURE, MALFORMED = "BAD_SIGNATURE", "MALFORMED"


class ReceiptsTest(cli.CliTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        made = cls().run_guest(cli.guest("exit_code"), "3", verb="execute-job")
        cls.receipt = json.loads(made.stdout)["receipt"]

    def runTest(self):  # lets setUpClass use the helpers
        pass

    def verify(self, receipt, *flags, data=None):
        path = self.folder / "receipt.json"
        path.write_bytes(receipt if isinstance(receipt, bytes) else json.dumps(receipt).encode())
        return self.plasmd("verify-receipt", path, "--data-dir", data or self.data, *flags)

    def assert_verdict(self, done, verdict):
        self.assertTrue(done.stdout.decode().startswith(verdict + "\n"), done.stdout + done.stderr)
        if verdict == VALID:
            self.assertEqual(done.returncode, 0)
        else:
            self.assertGreater(done.returncode, 2)

    def test_the_nodes_own_receipt_is_valid(self):
        self.assert_verdict(self.verify(self.receipt), VALID)

    def test_without_knowing_the_key_a_receipt_is_worth_nothing(self):
        done = self.verify(self.receipt, data=self.folder / "other")
        self.assert_verdict(done, UNKNOWN_KEY)
        self.assertFalse((self.folder / "other").exists())

    def test_another_nodes_receipt_is_of_an_unknown_key(self):
        self.plasmd("key", "show", "--data-dir", self.folder / "other")
        self.assert_verdict(self.verify(self.receipt, data=self.folder / "other"), UNKNOWN_KEY)

    def test_a_given_key_is_the_only_one_that_counts(self):
        key = self.receipt["node_pubkey"]
        self.assert_verdict(self.verify(self.receipt, "--pubkey", key, data=self.folder / "no"), VALID)
        other = self.plasmd("key", "show", "--data-dir", self.folder / "o").stdout.decode().strip()
        self.assert_verdict(self.verify(self.receipt, "--pubkey", other), WRONG_KEY)

    def test_a_key_that_is_none_is_wrong_usage(self):
        for key in ("12", "z" * 64, ""):
            done = self.verify(self.receipt, f"--pubkey={key}")
            if key:
                self.assert_ends(done, 2, "--pubkey")

    def test_every_changed_field_shows(self):
        changes = {"exit_code": 0, "wall_time_ms": self.receipt["wall_time_ms"] + 1,
                   "timestamp": self.receipt["timestamp"] + 1, "version": "0.2",
                   "module_hash": "sha256:" + "0" * 64,
                   "signature": self.receipt["signature"][:-2] +
                                ("00" if not self.receipt["signature"].endswith("00") else "01")}
        for field, value in changes.items():
            with self.subTest(field=field):
                self.assert_verdict(self.verify({**self.receipt, field: value}), BAD_SIGNATURE)
        other = self.plasmd("key", "show", "--data-dir", self.folder / "o").stdout.decode().strip()
        self.assert_verdict(self.verify({**self.receipt, "node_pubkey": other}), BAD_SIGNATURE)

    def test_what_is_no_receipt_is_malformed(self):
        text = json.dumps(self.receipt)
        for bad in (b"", b"garbage", b"{}", b"[]", text[:-1].encode(), text.encode() + b"x",
                    json.dumps({**self.receipt, "more": 1}).encode(),
                    json.dumps({**self.receipt, "exit_code": "3"}).encode(),
                    json.dumps({**self.receipt, "exit_code": 256}).encode(),
                    json.dumps({**self.receipt, "exit_code": 3.0}).encode(),
                    text.replace('"exit_code"', '"exit_code": 3, "exit_code"').encode(),
                    json.dumps({**self.receipt, "node_pubkey": "local_execution"}).encode(),
                    b"\xef\xbb\xbf" + text.encode(), b"\0" * 100, b" " * (1 << 20)):
            with self.subTest(bad=bad[:80]):
                self.assert_verdict(self.verify(bad), MALFORMED)
        for field in self.receipt:
            rest = {key: value for key, value in self.receipt.items() if key != field}
            self.assert_verdict(self.verify(rest), MALFORMED)

    def test_all_of_it_as_json(self):
        shown = json.loads(self.verify(self.receipt, "--json").stdout)
        self.assertEqual((shown["verdict"], shown["node_pubkey"]),
                         (VALID, self.receipt["node_pubkey"]))
        done = self.verify(b"garbage", "--json")
        shown = json.loads(done.stdout)
        self.assertEqual(shown["verdict"], MALFORMED)
        self.assertTrue(shown["reason"])
        self.assertGreater(done.returncode, 2)

    def test_each_verdict_has_a_status_of_its_own(self):
        statuses = [self.verify(self.receipt).returncode,
                    self.verify(self.receipt, data=self.folder / "none").returncode,
                    self.verify(b"garbage").returncode,
                    self.verify({**self.receipt, "exit_code": 0}).returncode,
                    self.verify(self.receipt, "--pubkey", "d75a980182b10ab7d54bfed3c964073a"
                                "0ee172f3daa62325af021a68f707511a").returncode]
        self.assertEqual(len(set(statuses)), 5, statuses)

    def test_a_file_that_is_missing_is_named(self):
        done = self.plasmd("verify-receipt", self.folder / "missing", "--data-dir", self.data)
        self.assert_ends(done, 1, str(self.folder / "missing"))
        self.assert_one_sentence(done)


if __name__ == "__main__":
    cli.main()
