"""plasm and three nodes: a job on all of them, and what they agree on."""
import json

import cli
import node
from several import Several


class SeveralTest(Several):
    def bundle(self):
        found = list((self.client / "receipts").glob("*.quorum.json"))
        self.assertEqual(len(found), 1)
        return found[0]

    def agreement(self, bundle, *flags, status=0):
        return json.loads(self.call("verify", "--json", *flags, bundle, status=status))

    # Quorum.

    def test_nodes_agree_and_their_answers_are_one_document(self):
        kept = self.folder / "kept"
        out = self.call("run", "--replicas", "3", "--output", f"/tmp/none={kept}",
                        cli.example("hello.wasm"), "abc", status=cli.NODE_FAILED)  # makes no such file
        self.assertEqual(out, "cba")
        bundle = self.bundle()
        told = self.agreement(bundle)
        self.assertEqual((told["verdict"], told["agree"], told["agreeing"]), ("VALID", 2, 3))
        self.assertEqual([answer["node"] for answer in told["answers"]], list(self.names))
        self.assertTrue(all(answer["agrees"] for answer in told["answers"]))
        answer = self.folder / "stdout"
        answer.write_text("cba")
        self.agreement(bundle, "--output", f"stdout={answer}", "--agree", "3")
        answer.write_text("xyz")
        self.assertEqual(self.agreement(bundle, "--output", f"stdout={answer}", status=23)["verdict"],
                         "WRONG_OUTPUT")
        # Each receipt is one of its own, too.
        receipts = [path for path in (self.client / "receipts").glob("job-*.json")
                    if path.name.count(".") == 1]
        self.assertEqual(len(receipts), 3)
        for receipt in receipts:
            self.call("verify", receipt)

    def test_an_answer_that_was_changed_does_not_count(self):
        self.call("run", "--replicas", "3", cli.example("hello.wasm"), "abc")
        document = json.loads(self.bundle().read_text())
        changed = self.folder / "changed.json"

        def judged(edit, *flags, status):
            copy = json.loads(json.dumps(document))
            edit(copy)
            changed.write_text(json.dumps(copy))
            return self.agreement(changed, *flags, status=status)

        def swap_proofs(copy):
            one, two = copy["answers"][0], copy["answers"][1]
            one["proof"], two["proof"] = two["proof"], one["proof"]
        told = judged(swap_proofs, status=24)
        self.assertEqual(told["verdict"], "NO_QUORUM")
        self.assertEqual([answer["verdict"] for answer in told["answers"]],
                         ["BAD_LOG_PROOF", "BAD_LOG_PROOF", "VALID"])

        def repeat(copy):
            copy["answers"] = [copy["answers"][0]] * 3
        told = judged(repeat, status=24)
        self.assertEqual([answer["counts"] for answer in told["answers"]], [True, False, False])

        def another_manifest(copy):
            copy["manifest"] = copy["manifest"].replace("abc", "abd")
        self.assertEqual({answer["verdict"] for answer in judged(another_manifest, status=24)["answers"]},
                         {"WRONG_JOB"})
        self.assertEqual(judged(lambda copy: copy.update(more=1), status=10)["verdict"], "MALFORMED")
        self.assertEqual(judged(lambda copy: copy["answers"].pop(), "--agree", "3", status=24)["verdict"],
                         "NO_QUORUM")

    def test_a_dead_node_is_outvoted_and_two_are_not(self):
        self.kill("beta")
        done = self.try_call("run", "--replicas", "3", cli.example("hello.wasm"), "abc")
        self.assert_ends(done, 0, "beta:")
        self.assertEqual(done.stdout, b"cba")
        self.assertEqual(self.agreement(self.bundle())["agreeing"], 2)
        self.bundle().unlink()
        self.kill("gamma")
        done = self.try_call("run", "--replicas", "3", cli.example("hello.wasm"), "abc")
        self.assert_ends(done, cli.NODE_FAILED, "NO_QUORUM")
        self.assertEqual(done.stdout, b"")
        self.assertEqual(self.agreement(self.bundle(), status=24)["agreeing"], 1)

    def test_numbers_that_prove_nothing_are_refused(self):
        hello = cli.example("hello.wasm")
        for flags, says in ((("--replicas", "2", "--agree", "1"), "more than half"),
                            (("--replicas", "4"), "found 3 trusted nodes"),
                            (("--agree", "1"), "--replicas"),
                            (("--replicas", "3", "--profile", "live"), "live"),
                            (("--replicas", "3", "--detach"), "--detach"),
                            (("--nodes", "alpha,delta"), "delta")):
            self.assert_ends(self.try_call("run", *flags, hello, "x"), 2, says)
        trusted = self.client / "trusted_nodes"
        lines = trusted.read_text().splitlines()
        trusted.write_text("".join(f"{line} operator=acme\n" for line in lines))
        self.assert_ends(self.try_call("run", "--replicas", "2", hello, "x"), 2, "operators")


if __name__ == "__main__":
    node.main()
