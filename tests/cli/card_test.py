"""The node's card: shown, and changed by new and revoked keys. What a verifier makes of it."""
import json
import os
import pathlib
import subprocess

import cli

VALID, UNKNOWN_KEY, KEY_REVOKED = 0, 12, 16


class CardTest(cli.CliTest):
    def setUp(self):
        super().setUp()
        self.data = self.folder / "node"
        self.verifier_data = self.folder / "verifier"
        self.made = 0

    def node(self, verb, *words):
        done = self.plasmd(verb, "--data-dir", self.data, *words)
        self.assert_ends(done, 0)
        return done.stdout.decode()

    def node_fails(self, verb, *words, saying):
        done = self.plasmd(verb, "--data-dir", self.data, *words)
        self.assert_ends(done, cli.NODE_FAILED, *saying)
        self.assert_one_sentence(done)
        self.assertEqual(done.stdout, b"")

    def verifier(self, *words, data=None):
        """plasm by somebody else, or on the node's own data folder."""
        command = [os.environ["PLASM"], *map(str, words), "--data-dir",
                   str(data or self.verifier_data)]
        return subprocess.run(command, capture_output=True, env=self.environment(),
                              timeout=cli.SECONDS, check=False)

    def receipt(self):
        self.made += 1
        file = self.folder / f"receipt{self.made}.json"
        self.node("execute-job", "-o", file, cli.example("hello.wasm"), str(self.made))
        return file

    def card(self):
        file = self.folder / "card.json"
        self.node("card", "show", "-o", file)
        return file

    def give_card(self):
        self.assert_ends(self.verifier("trust", "add", "node", self.card()), 0)

    def verdict(self, receipt, status, data=None):
        done = self.verifier("verify", receipt, data=data)
        self.assert_ends(done, status)
        return done.stdout.decode()

    def key(self, which="receipt"):
        return self.node("key", "show", "--fingerprint", which).strip()

    # card show

    def test_a_card_is_issued_by_showing_it_and_stays(self):
        first = self.node("card", "show", "--json")
        envelope = json.loads(first)
        self.assertEqual(envelope["payloadType"], "application/vnd.plasm.card.v1+json")
        self.assertEqual(self.node("card", "show", "--json"), first)
        self.assertEqual(self.card().read_text().strip(), first.strip())

    def test_people_see_name_fingerprint_version_validity_and_keys(self):
        text = self.node("card", "show")
        for word in ("node-", self.key("identity"), self.key(), self.key("log"), "version 1",
                     "issued 2", "expires 2", "plasm.invalid/"):
            self.assertIn(word, text)

    def test_a_damaged_card_is_refused_and_left_alone(self):
        self.receipt()
        card = self.data / "card.json"
        whole = card.read_bytes()
        for damage in (b"", b"{}", whole[:-20], whole.replace(b"SHA256:", b"SHA256;")):
            card.write_bytes(damage)
            for words in (("card", "show"), ("key", "rotate"), ("key", "revoke", self.key()),
                          ("execute-job", "--receipt", "v2", cli.example("hello.wasm"))):
                self.node_fails(*words, saying=[str(card), "Restore it"])
            self.assertEqual(card.read_bytes(), damage)
        card.write_bytes(whole)
        self.receipt()

    def test_a_card_that_cannot_be_written_is_one_clear_sentence(self):
        self.node_fails("card", "show", "-o", self.folder / "missing" / "card",
                        saying=["missing"])

    # key show

    def test_every_key_is_shown_by_its_name(self):
        keys = [self.key(which) for which in ("identity", "receipt", "log")]
        self.assertEqual(len(set(keys)), 3)
        self.assertEqual(self.node("key", "show", "--fingerprint").strip(), keys[1])
        shown = json.loads(self.node("key", "show", "log", "--json"))
        self.assertEqual(shown["key"], "log")
        self.assertEqual(shown["fingerprint"], keys[2])
        self.assertEqual(shown["file"], str(self.data / "log.key"))
        self.assertNotIn("node_pubkey", shown)

    def test_a_key_that_there_is_not_is_wrong_usage(self):
        for words in (("show", "other"), ("rotate", "identity")):
            done = self.plasmd("key", *words, "--data-dir", self.data)
            self.assertEqual(done.returncode, cli.USAGE)

    # key rotate

    def test_old_and_new_receipts_count_after_a_rotation(self):
        old = self.receipt()
        self.give_card()
        self.verdict(old, VALID)
        before = self.key()
        said = self.node("key", "rotate")
        self.assertIn(before, said)
        self.assertIn(self.key(), said)
        self.assertNotEqual(self.key(), before)
        new = self.receipt()
        self.verdict(old, VALID)
        self.assertIn("UNKNOWN_KEY", self.verdict(new, UNKNOWN_KEY))
        self.give_card()
        self.verdict(old, VALID)
        self.verdict(new, VALID)

    def test_the_nodes_own_folder_knows_the_new_key_by_itself(self):
        old = self.receipt()
        self.assert_ends(self.verifier("trust", "add", "me", "--self", data=self.data), 0)
        self.node("key", "rotate")
        new = self.receipt()
        self.verdict(old, VALID, data=self.data)
        self.verdict(new, VALID, data=self.data)

    def test_rotating_as_json_names_both_keys(self):
        before = self.key()
        said = json.loads(self.node("key", "rotate", "--json"))
        self.assertEqual(said["old"], before)
        self.assertEqual(said["new"], self.key())
        self.assertGreaterEqual(said["card_version"], 2)

    def test_a_new_log_key_begins_another_log(self):
        old = self.receipt()
        self.node("key", "rotate", "log")
        new = self.receipt()
        self.assertNotIn("log-2", os.listdir(self.data / "log"))
        self.assertTrue((self.data / "log-2" / "checkpoint").exists())
        self.give_card()
        self.assert_ends(self.verifier("trust", "level", "node", "logged"), 0)
        self.verdict(old, VALID)
        self.verdict(new, VALID)

    def test_an_old_key_that_was_put_back_signs_nothing(self):
        self.receipt()
        old = (self.data / "receipt.key").read_bytes()
        self.node("key", "rotate")
        (self.data / "receipt.key").write_bytes(old)
        self.node_fails("execute-job", "--receipt", "v2", cli.example("hello.wasm"),
                        saying=["plasmd key rotate receipt"])
        self.node("key", "rotate", "receipt")
        self.receipt()

    def test_rotations_at_once_leave_a_node_that_works(self):
        self.receipt()
        processes = [self.start("key", "rotate", "--data-dir", self.data) for _ in range(4)]
        statuses = [process.wait(cli.SECONDS) for process in processes]
        for process in processes:
            process.communicate()
        self.assertIn(0, statuses)
        new = self.receipt()
        self.give_card()
        self.verdict(new, VALID)

    # key revoke

    def test_receipts_that_were_logged_before_a_revocation_count_on(self):
        logged = self.receipt()
        alone = self.receipt()
        pathlib.Path(f"{alone}.tlog-proof").unlink()
        self.give_card()
        self.verdict(alone, VALID)
        revoked = self.key()
        said = self.node("key", "revoke", revoked)
        self.assertIn(revoked, said)
        self.assertIn("first 2 ", said)
        self.assertIn(self.key(), said)
        self.assertNotEqual(self.key(), revoked)
        new = self.receipt()
        self.give_card()
        self.verdict(logged, VALID)
        self.assertIn("KEY_REVOKED", self.verdict(alone, KEY_REVOKED))
        self.verdict(new, VALID)

    def test_a_smaller_log_size_lets_fewer_receipts_count(self):
        first, second = self.receipt(), self.receipt()
        said = json.loads(self.node("key", "revoke", self.key(), "--log-size", "1", "--json"))
        self.assertEqual(said["log_size"], "1")
        self.give_card()
        self.verdict(first, VALID)
        self.verdict(second, KEY_REVOKED)

    def test_a_revoked_log_key_proves_nothing(self):
        old = self.receipt()
        self.node("key", "revoke", self.key("log"))
        new = self.receipt()
        self.give_card()
        self.assert_ends(self.verifier("trust", "level", "node", "logged"), 0)
        self.verdict(old, KEY_REVOKED)
        self.verdict(new, VALID)

    def test_the_card_before_a_revocation_is_refused_as_a_rollback(self):
        self.receipt()
        before = self.folder / "before.json"
        before.write_bytes(self.card().read_bytes())
        self.node("key", "revoke", self.key())
        self.give_card()
        done = self.verifier("trust", "add", "node", before)
        self.assertEqual(done.returncode, 1)
        self.assertIn("version", done.stderr.decode())

    def test_what_cannot_be_revoked_changes_nothing(self):
        self.receipt()
        before = self.node("card", "show", "--json")
        key = self.key()
        for words, saying in [(["SHA256:" + "A" * 43], "lists no key"), ([self.key("identity")], "lists no key"),
                              (["me"], "SHA256:"), ([key, "--at", "yesterday"], "--at"),
                              ([key, "--at", "2999-01-01T00:00:00Z"], "yet to come"),
                              ([key, "--log-size", "many"], "--log-size"),
                              ([key, "--log-size", "2"], "1 entries")]:
            with self.subTest(words=words):
                self.node_fails("key", "revoke", *words, saying=[saying])
        self.assertEqual(self.node("card", "show", "--json"), before)
        self.assertEqual(self.key(), key)

    def test_a_key_is_revoked_once(self):
        self.receipt()
        key = self.key()
        self.node("key", "revoke", key)
        self.node_fails("key", "revoke", key, saying=["already"])


if __name__ == "__main__":
    cli.main()
