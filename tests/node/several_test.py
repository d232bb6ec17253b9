"""plasm and three nodes: a job on all of them, and one that goes on when a node is gone."""
import json
import subprocess
import time

import cli
import node

NAMES = ("alpha", "beta", "gamma")


class SeveralTest(cli.CliTest):
    """Every test has nodes of its own: most of them lose one."""

    def setUp(self):
        super().setUp()
        self.client = self.folder / "client"
        self.nodes = {}
        self.addCleanup(self.stop_all)
        fingerprint = self.call("key", "--fingerprint").strip()
        for name in NAMES:
            data = self.folder / name
            data.mkdir()
            self.assert_ends(self.plasmd("client", "add", "me", fingerprint, "--data-dir", data), 0)
            self.nodes[name] = node.Node(data)
            self.call("node add", f"https://127.0.0.1:{self.nodes[name].port}", "--yes", "--name", name)

    def stop_all(self):
        for running in self.nodes.values():
            if running.process.poll() is None:
                running.process.kill()
            running.wait()

    def kill(self, name):
        self.nodes[name].process.kill()

    def try_call(self, verb, *words):
        command = [cli.plasm(), *verb.split(), "--data-dir", self.client, *words]
        return subprocess.run([str(word) for word in command], check=False, capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=cli.SECONDS, env=self.environment())

    def call(self, verb, *words, status=0):
        done = self.try_call(verb, *words)
        self.assert_ends(done, status)
        return done.stdout.decode()

    def bundle(self):
        found = list((self.client / "receipts").glob("*.quorum.json"))
        self.assertEqual(len(found), 1)
        return found[0]

    def agreement(self, bundle, *flags, status=0):
        return json.loads(self.call("verify", "--json", *flags, bundle, status=status))

    def jobs_on(self, name):
        return {job["id"]: job["state"]
                for job in json.loads(self.call("jobs", "--json", "--node", name))}

    # Quorum.

    def test_nodes_agree_and_their_answers_are_one_document(self):
        kept = self.folder / "kept"
        out = self.call("run", "--replicas", "3", "--output", f"/tmp/none={kept}",
                        cli.example("hello.wasm"), "abc", status=cli.NODE_FAILED)  # makes no such file
        self.assertEqual(out, "cba")
        bundle = self.bundle()
        told = self.agreement(bundle)
        self.assertEqual((told["verdict"], told["agree"], told["agreeing"]), ("VALID", 2, 3))
        self.assertEqual([answer["node"] for answer in told["answers"]], list(NAMES))
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

    # Fail-over.

    def test_a_node_that_is_gone_is_passed_over(self):
        self.kill("alpha")
        self.kill("gamma")
        done = self.try_call("run", "--nodes", "alpha,beta,gamma", cli.example("hello.wasm"), "abc")
        self.assert_ends(done, 0)
        self.assertEqual(done.stdout, b"cba")

    def test_a_node_that_dies_with_the_job_is_noticed_and_another_does_it(self):
        command = [cli.plasm(), "run", "--data-dir", self.client, "--nodes", "all", "--timeout", "4",
                   cli.guest("spin")]
        running = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env=self.environment())
        first = self.until_it_runs()
        self.kill(first)
        out, err = running.communicate(timeout=cli.SECONDS)
        self.assertEqual(running.returncode, 124, err)
        self.assertIn(b"going on with", err)
        ended = {name: self.jobs_on(name) for name in NAMES if name != first}
        states = [state for jobs in ended.values() for state in jobs.values()]
        self.assertEqual(states, ["timed_out"])

    def until_it_runs(self):
        deadline = time.monotonic() + cli.SECONDS
        while time.monotonic() < deadline:
            for name in NAMES:
                if "running" in self.jobs_on(name).values():
                    return name
        raise AssertionError("the job runs nowhere")

    def test_nobody_left_is_an_error_that_names_each(self):
        for name in NAMES:
            self.kill(name)
        done = self.try_call("run", "--nodes", "alpha,beta", cli.example("hello.wasm"), "abc")
        self.assert_ends(done, cli.NODE_FAILED, "going on with")


if __name__ == "__main__":
    node.main()
