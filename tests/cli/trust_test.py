"""plasm trust: the list of nodes whose receipts count here."""
import json
import os
import stat

import cli
import dsse
import receipt_files

AT = "2024-05-06T07:08:09.125Z"


class TrustTest(receipt_files.ReceiptTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        maker = cls()
        cls.other = cls.home / "other"
        cls.receipt = maker.issue(cli.example("hello.wasm"), "x", folder=cls.home)
        maker.issue(cli.example("hello.wasm"), "x", data=cls.other, folder=cls.home)
        cls.card = cls.data / "card.json"
        cls.identity = dsse.fingerprint(dsse.public_pem(cls.data / "identity.key"))

    def setUp(self):
        super().setUp()
        self.mine = self.folder / "mine"

    def trust(self, *words, status=0, says=()):
        done = self.plasm("trust", *words, data=self.mine)
        self.assert_ends(done, status, *says)
        if status == 1:
            self.assert_one_sentence(done)
        return done.stdout.decode()

    def node(self, name):
        return json.loads(self.trust("show", name, "--json"))

    def lines(self):
        return (self.mine / "trusted_nodes").read_text().splitlines()

    def test_the_data_folders_own_node_is_added_like_any_other(self):
        data = self.folder / "data"
        issued = self.issue(cli.example("hello.wasm"), "x", data=data)
        self.assert_verified(issued, "UNKNOWN_KEY", data=data)
        done = self.plasm("trust", "add", "me", "--self", data=data)
        self.assert_ends(done, 0)
        self.assertIn(f"me  {issued.predicate['node']['identity']}  signed\n", done.stdout.decode())
        self.assert_verified(issued, "VALID", data=data)

    def test_a_folder_without_a_node_has_none_to_add(self):
        self.trust("add", "me", "--self", status=1, says=["card.json is not there"])
        self.assertFalse(self.mine.exists())

    def test_a_card_shows_its_fingerprint_and_what_to_do_about_it(self):
        said = self.trust("add", "alpha", self.card)
        self.assertIn(f"alpha  {self.identity}  signed\n", said)
        self.assertIn("Whoever runs the node can tell you", said)
        self.assertNotIn("Whoever", self.trust("add", "alpha", self.card))

    def test_a_card_of_the_expected_node(self):
        said = self.trust("add", "alpha", self.card, "--fingerprint", self.identity, "--level", "logged")
        self.assertNotIn("Whoever", said)
        self.assertEqual(self.node("alpha")["level"], "logged")

    def test_a_card_of_another_node_than_expected_is_refused(self):
        for wrong in (self.identity[:-1] + ("A" if self.identity[-1] != "A" else "B"), "SHA256:", "x",
                      self.receipt.predicate["node"]["key"]):
            self.trust("add", "alpha", self.card, "--fingerprint", wrong, status=1, says=[self.identity])
        self.assertFalse((self.mine / "trusted_nodes").exists())

    def test_all_nodes_and_each_of_them(self):
        self.trust("add", "alpha", self.card)
        self.trust("add", "b", self.other / "card.json", "--level", "blocked")
        listed = self.trust("list").splitlines()
        self.assertRegex(listed[0], rf"^alpha  {self.identity.replace('+', '[+]')}  signed     card 1 until 20")
        self.assertRegex(listed[1], r"^b      SHA256:\S{43}  blocked    card 1 until 20")
        nodes = json.loads(self.trust("list", "--json"))
        self.assertEqual([node["name"] for node in nodes], ["alpha", "b"])
        self.assertEqual(nodes[0], self.node("alpha"))
        card = dsse.payload(json.loads(self.card.read_bytes()))
        shown = nodes[0]
        self.assertEqual((shown["fingerprint"], shown["level"], shown["revoked_here"]), (self.identity, "signed", []))
        self.assertEqual((shown["card"]["version"], shown["card"]["expires"]), (1, card["expires"]))
        self.assertEqual([key["use"] for key in shown["card"]["keys"]], [key["use"] for key in card["keys"]])
        self.assertIn(self.receipt.predicate["node"]["key"], [key["fingerprint"] for key in shown["card"]["keys"]])
        text = self.trust("show", "alpha")
        for part in (self.identity, shown["identity"], "signed", self.receipt.predicate["node"]["log"]):
            self.assertIn(part, text)

    def test_an_empty_list_is_one(self):
        self.assertEqual(self.trust("list"), "")
        self.assertEqual(json.loads(self.trust("list", "--json")), [])
        self.assertFalse(self.mine.exists())

    def test_names_and_nodes_stand_once(self):
        self.trust("add", "alpha", self.card)
        before = self.lines()
        self.trust("add", "alpha", self.other / "card.json", status=1, says=["alpha"])
        self.trust("add", "beta", self.card, status=1, says=['under the name "alpha"'])
        self.trust("add", "two words", self.other / "card.json", status=1)
        self.trust("add", "", self.other / "card.json", status=1)
        self.trust("add", "a#b", self.other / "card.json", status=1)
        self.assertEqual(self.lines(), before)
        self.assertEqual(os.listdir(self.mine / "cards"), [self.node_file()])

    def node_file(self):
        return dsse.public_bytes(dsse.public_pem(self.data / "identity.key")).hex() + ".json"

    def test_the_level_can_be_changed(self):
        self.trust("add", "alpha", self.card)
        for level, verdict in (("blocked", "NODE_BLOCKED"), ("witnessed", "NOT_WITNESSED"),
                               ("logged", "VALID"), ("signed", "VALID")):
            self.trust("level", "alpha", level)
            self.assertEqual(self.node("alpha")["level"], level)
            self.assert_verified(self.receipt, verdict, data=self.mine)
        self.trust("level", "alpha", "more", status=cli.USAGE)
        self.trust("level", "beta", "logged", status=1, says=["beta"])

    def test_adding_again_does_not_change_the_level(self):
        self.trust("add", "alpha", self.card, "--level", "blocked")
        self.trust("add", "alpha", self.card, "--level", "signed")
        self.assertEqual(self.node("alpha")["level"], "blocked")

    def test_a_key_can_be_revoked_here(self):
        self.trust("add", "alpha", self.card)
        key = self.receipt.predicate["node"]["key"]
        self.trust("revoke", "alpha", key, "--at", AT)
        self.assertEqual(self.node("alpha")["revoked_here"], [{"fingerprint": key, "at": AT}])
        self.assertIn(f"revoked here {key} since {AT}", self.trust("show", "alpha"))
        self.assert_verified(self.receipt, "KEY_REVOKED", data=self.mine)
        before = self.lines()
        self.trust("revoke", "alpha", self.identity, status=1)
        self.trust("revoke", "alpha", "SHA256:x", status=1)
        self.trust("revoke", "alpha", key, "--at", "yesterday", status=1)
        self.trust("revoke", "beta", key, status=1)
        self.assertEqual(self.lines(), before)

    def test_a_node_can_be_forgotten(self):
        self.trust("add", "alpha", self.card)
        self.trust("remove", "alpha")
        self.assertEqual((self.lines(), os.listdir(self.mine / "cards")), ([], []))
        self.assert_verified(self.receipt, "UNKNOWN_KEY", data=self.mine)
        self.trust("show", "alpha", status=1, says=["alpha"])
        self.trust("remove", "alpha", status=1, says=["alpha"])

    def test_a_newer_card_takes_the_place_of_the_older(self):
        self.trust("add", "alpha", self.card)
        newer = self.new_card(lambda card: card.update(name="renamed"))
        self.assertIn("accepted in place of an older one", self.trust("add", "alpha", newer))
        self.assertEqual(self.node("alpha")["card"]["version"], 2)
        self.assertTrue(self.lines()[0].endswith(" card=2"), self.lines())

    def test_an_older_card_is_a_rollback_and_refused(self):
        newer = self.new_card(lambda card: None)
        self.trust("add", "alpha", newer)
        self.trust("add", "alpha", self.card, status=1, says=["1", "2"])
        done = self.verify(self.receipt, "--card", self.card, data=self.mine)
        self.assert_ends(done, 1)
        self.assertEqual(self.node("alpha")["card"]["version"], 2)

    def test_a_rollback_is_noticed_without_the_kept_card(self):
        self.trust("add", "alpha", self.new_card(lambda card: None))
        kept = self.mine / "cards" / self.node_file()
        kept.unlink()
        self.trust("add", "alpha", self.card, status=1)
        self.assert_verified(self.receipt, "UNKNOWN_KEY", data=self.mine)
        kept.write_bytes(self.card.read_bytes())  # somebody puts the old one there
        os.chmod(kept, 0o600)
        self.assert_verified(self.receipt, "UNKNOWN_KEY", data=self.mine)

    def test_two_cards_of_one_version_are_a_conflict(self):
        self.trust("add", "alpha", self.new_card(lambda card: None))
        other = self.new_card(lambda card: card.update(name="changed"), name="other.json")
        self.trust("add", "alpha", other, status=1)
        self.assertEqual(self.node("alpha")["card"]["version"], 2)

    def test_a_card_by_another_key_is_refused(self):
        document = dsse.payload(json.loads(self.card.read_bytes()))
        forged = self.write("forged.json", dsse.sign(document, self.other / "identity.key", dsse.CARD))
        self.trust("add", "alpha", forged, status=1, says=[str(forged)])
        receipt_for_card = self.write("r.json", dsse.sign(document, self.data / "identity.key"))
        self.trust("add", "alpha", receipt_for_card, status=1)
        for bad in (b"", b"garbage", self.card.read_bytes()[:-4], b"x" * 70000):
            self.trust("add", "alpha", self.write("bad.json", bad), status=1, says=["bad.json"])
        self.trust("add", "alpha", self.folder / "missing", status=1, says=["missing"])
        self.assertFalse((self.mine / "trusted_nodes").exists())

    def test_a_file_that_others_can_write_is_refused(self):
        self.trust("add", "alpha", self.card)
        file = self.mine / "trusted_nodes"
        self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)
        for mode in (0o602, 0o620, 0o666):
            os.chmod(file, mode)
            for words in (("list",), ("level", "alpha", "logged"), ("add", "b", self.other / "card.json")):
                self.trust(*words, status=1, says=[str(file), "chmod go-w"])
            done = self.verify(self.receipt, data=self.mine)
            self.assert_ends(done, 1, str(file))
            self.assertEqual(done.stdout, b"")
        os.chmod(file, 0o644)
        self.assert_verified(self.receipt, "VALID", data=self.mine)
        self.trust("level", "alpha", "logged")
        self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o644)

    def test_a_kept_card_that_others_can_write_counts_as_not_there(self):
        self.trust("add", "alpha", self.card)
        os.chmod(self.mine / "cards" / self.node_file(), 0o622)
        done = self.assert_verified(self.receipt, "UNKNOWN_KEY", data=self.mine)
        self.assertIn("chmod go-w", done.stderr.decode())

    def test_a_line_that_is_not_understood_refuses_the_whole_file(self):
        self.trust("add", "alpha", self.card)
        file = self.mine / "trusted_nodes"
        good = file.read_text()
        for bad in ("beta\n", good, good.replace("signed", "adored"), good.replace("\n", " maybe=1\n"), "\ufeff",
                    "a\rb\n"):
            file.write_text(good + bad)
            done = self.verify(self.receipt, data=self.mine)
            with self.subTest(bad=bad):
                self.assert_ends(done, 1, str(file))
        file.write_text("# a comment\n\n" + good.replace("\n", "  # and another\n"))
        self.assert_verified(self.receipt, "VALID", data=self.mine)

    def test_wrong_usage(self):
        for words in ((), ("add", "alpha"), ("add", "alpha", self.card, "--self"), ("level", "alpha"),
                      ("add", "alpha", self.card, "--level", "much"), ("revoke", "alpha"), ("sing",)):
            self.trust(*words, status=cli.USAGE)


if __name__ == "__main__":
    cli.main()
