"""plasm audit with its replays on other nodes."""
import json
import pathlib
import shutil

import cli
import node
from several import Several


class RemoteAuditTest(Several):
    names = ("alpha", "beta")

    def run_on_alpha(self, *words):
        """A job's receipt, with what belongs to it in a folder of its own."""
        told = json.loads(self.call("run", "--json", "--node", "alpha", *words))
        receipts = self.folder / "receipts"
        receipts.mkdir(exist_ok=True)
        for file in pathlib.Path(told["receipt"]).parent.glob(f"{told['job_id']}.json*"):
            shutil.copy(file, receipts)
        return receipts, told["job_id"]

    def audit(self, receipts, *flags, status=0):
        statement = self.folder / "statement.json"
        done = self.try_call("audit", "--json", "-o", statement, *flags, receipts)
        self.assert_ends(done, status)
        return json.loads(done.stdout), done.stderr.decode()

    def test_another_node_confirms_what_a_node_has_answered_for(self):
        work = self.folder / "work"
        work.mkdir()
        (work / "in.txt").write_text("some text\n")
        self.run_on_alpha(cli.example("hello.wasm"), "abc")
        receipts, _ = self.run_on_alpha("--input", f"/work={work}", cli.guest("files"))
        told, _ = self.audit(receipts, "--node", "beta")
        self.assertEqual((told["conclusion"], told["audited"]), ("confirmed", 2))
        self.assertEqual(sorted(self.jobs_on("beta").values()), ["exited", "exited"])
        told, _ = self.audit(receipts, "--select", "profile=plasm-det-1")
        self.assertEqual(told["conclusion"], "confirmed")
        self.assertEqual(len(self.jobs_on("beta")), 4, "never on the node that issued them")

    def test_what_the_auditor_has_in_the_folder_is_enough(self):
        receipts, _ = self.run_on_alpha("--stdin", cli.example("hello.wasm"), cli.example("hello.wasm"))
        other = self.folder / "auditor"
        self.client, asker = other, self.client
        key = self.call("key", "--fingerprint").strip()
        self.assert_ends(self.plasmd("client", "add", "auditor", key, "--data-dir",
                                     self.folder / "beta"), 0)
        for name in self.names:
            self.call("node add", f"https://127.0.0.1:{self.nodes[name].port}", "--yes", "--name", name)
        told, _ = self.audit(receipts, "--node", "beta", status=31)
        self.assertEqual(told["results"][0]["verdict"], "REPLAY_IMPOSSIBLE")
        shutil.copy(cli.example("hello.wasm"), receipts)
        told = self.until(lambda: (a := self.audit_anyhow(receipts))["conclusion"] == "confirmed" and a,
                          "beta knows the auditor, and confirms")
        self.assertEqual(told["results"][0]["verdict"], "VALID")
        self.assertFalse((asker / "audit.key").exists())

    def audit_anyhow(self, receipts):
        statement = self.folder / "statement.json"
        return json.loads(self.try_call("audit", "--json", "-o", statement, "--node", "beta",
                                        receipts).stdout)

    def test_a_node_cannot_confirm_itself(self):
        receipts, _ = self.run_on_alpha(cli.example("hello.wasm"), "abc")
        told, _ = self.audit(receipts, "--node", "alpha", status=31)
        self.assertEqual(told["results"][0]["verdict"], "REPLAY_IMPOSSIBLE")
        self.assertIn("no trusted node but the one", told["results"][0]["reason"])
        told, _ = self.audit(receipts, "--node", "local")
        self.assertEqual(told["conclusion"], "confirmed")

    def test_a_node_that_is_away_confirms_nothing(self):
        receipts, _ = self.run_on_alpha(cli.example("hello.wasm"), "abc")
        self.kill("beta")
        told, _ = self.audit(receipts, "--node", "beta", status=31)
        self.assertEqual((told["conclusion"], told["results"][0]["verdict"]),
                         ("inconclusive", "REPLAY_IMPOSSIBLE"))
        self.assertIn("beta", told["results"][0]["reason"])

    def test_flags_that_make_no_sense_are_refused(self):
        receipts, _ = self.run_on_alpha(cli.example("hello.wasm"), "abc")
        for flags in (("--node", "beta", "--engine", "pulley"), ("--node", "beta", "--select", ""),
                      ("--lan",), ("--node", "nobody"), ("--select", "", "--trust", "any")):
            self.assertNotEqual(self.try_call("audit", *flags, receipts).returncode, 0, flags)
        self.assertEqual(list(receipts.glob("audit-*")), [])


if __name__ == "__main__":
    node.main()
