"""plasm run --select: jobs on nodes that are looked for, trusted or not, and what is said of each."""
import json
import subprocess

import cli
import discovering


class SelectTest(discovering.Discovering):
    def setUp(self):
        super().setUp()
        self.key = self.plasm("key", "--fingerprint").stdout.decode().strip()
        self.list = self.folder / "list"
        self.list.write_text("")

    def plasm(self, *words, status=0):
        done = self.try_plasm(*words)
        self.assert_ends(done, status)
        return done

    def try_plasm(self, verb, *words):
        command = [cli.plasm(), *verb.split(), "--data-dir", self.client, *words]
        return subprocess.run([str(word) for word in command], capture_output=True,
                              stdin=subprocess.DEVNULL, env=self.environment(), timeout=cli.SECONDS)

    def node(self, name, zone, knows_me=True, trusted=True):
        """A node with the label zone; the list has it."""
        config = self.folder / f"{name}.toml"
        config.write_text(f'[labels]\nzone = "{zone}"\n')
        if knows_me:
            data = self.folder / name
            data.mkdir()
            self.assert_ends(self.plasmd("client", "add", "me", self.key, "--data-dir", data), 0)
        running = self.start_node(name, "static", "-c", config)
        url = f"https://127.0.0.1:{running.port}"
        with self.list.open("a") as file:
            file.write(url + "\n")
        if trusted:
            self.plasm("node add", url, "--yes", "--name", name)
        return running

    def run_hello(self, *flags):
        return self.try_plasm("run", "--json", "--list", self.list, *flags,
                              cli.example("hello.wasm"), "abc")

    def ended(self, *flags):
        done = self.run_hello(*flags)
        self.assert_ends(done, 0)
        return json.loads(done.stdout), done.stderr.decode()

    def verify(self, told, status):
        return self.plasm("verify", "--json", told["receipt"], status=status)

    def test_a_job_goes_to_a_node_that_fits(self):
        self.node("alpha", "north")
        self.node("beta", "south")
        for zone, name in (("north", "alpha"), ("south", "beta")):
            told, _ = self.ended("--select", f"label.zone={zone}")
            self.assertEqual((told["node"], told["verdict"], told["stdout"]), (name, "VALID", "cba"))
            self.verify(told, 0)

    def test_nobody_who_fits_is_an_error_that_says_what_was_found(self):
        self.node("alpha", "north")
        done = self.run_hello("--select", "label.zone=west")
        self.assert_ends(done, cli.NODE_FAILED, "no such node was found", "1 of another kind")
        self.assertEqual(done.stdout, b"")

    def test_only_trusted_nodes_are_taken_unless_any_will_do(self):
        self.node("stranger", "north", trusted=False)
        self.assert_ends(self.run_hello("--select", "label.zone=north"), cli.NODE_FAILED,
                         "no such node")
        told, said = self.ended("--select", "label.zone=north", "--trust", "any")
        self.assertEqual(told["stdout"], "cba")
        # It is not called valid, nor by a name, here or later.
        self.assertEqual(told["verdict"], "UNKNOWN_KEY")
        self.assertTrue(told["node"].startswith("SHA256:"), told["node"])
        self.assertIn("is not trusted here", told["verdict_reason"])
        self.assertIn("is not trusted here", said)
        self.verify(told, 12)
        plain = self.try_plasm("run", "--list", self.list, "--select", "", "--trust", "any",
                               cli.example("hello.wasm"), "abc")
        self.assert_ends(plain, 0, "is not trusted here")
        self.assertEqual(plain.stdout, b"cba")
        self.assertNotIn(b"VALID", plain.stderr)

    def test_strangers_who_fit_do_not_end_the_look_for_trusted_ones(self):
        for name in ("one", "two", "three"):
            self.node(name, "north", trusted=False)
        self.node("alpha", "north")
        told, _ = self.ended("--select", "label.zone=north")
        self.assertEqual((told["node"], told["verdict"]), ("alpha", "VALID"))

    def test_a_blocked_node_is_never_taken(self):
        self.node("alpha", "north")
        self.plasm("trust level", "alpha", "blocked")
        for trust in ("pinned", "any"):
            self.assert_ends(self.run_hello("--select", "", "--trust", trust), cli.NODE_FAILED,
                             "no such node")

    def test_a_stranger_that_does_not_know_this_client_is_an_error(self):
        self.node("stranger", "north", knows_me=False, trusted=False)
        done = self.run_hello("--select", "", "--trust", "any")
        self.assert_ends(done, cli.NODE_FAILED, "SHA256:", "plasmd client add")

    def test_an_open_node_takes_a_job_of_somebody_whom_it_does_not_know(self):
        config = self.folder / "open.toml"
        config.write_text('policy = "open"\n')
        if b"policy" not in self.plasmd("start", "--print-config").stdout:
            self.skipTest("this plasmd knows no open nodes")
        running = self.start_node("open", "static", "-c", config)
        self.list.write_text(f"https://127.0.0.1:{running.port}\n")
        told, _ = self.ended("--select", "policy=open", "--trust", "any")
        self.assertEqual((told["stdout"], told["verdict"]), ("cba", "UNKNOWN_KEY"))

    def test_replicas_are_found(self):
        for name in ("alpha", "beta", "gamma"):
            self.node(name, "north")
        self.node("delta", "south")
        done = self.run_hello("--select", "label.zone=north", "--replicas", "3")
        self.assert_ends(done, 0)
        told = json.loads(done.stdout)
        self.assertEqual(sorted(answer["node"] for answer in told["quorum"]["answers"]),
                         ["alpha", "beta", "gamma"])
        self.assert_ends(self.run_hello("--select", "label.zone=north", "--replicas", "4"), 2,
                         "found 3 trusted nodes")

    def test_flags_that_contradict_each_other_are_refused(self):
        for flags, says in (
                (("--select", "", "--nodes", "all"), "--select looks"),
                (("--select", "", "--node", "alpha"), "--select"),
                (("--select", "", "--detach"), "--detach"),
                (("--select", "zone"), "expected terms"),
                (("--select", "", "--replicas", "3", "--trust", "any"), "stranger"),
                ((), "--select")):
            self.assert_ends(self.run_hello(*flags), 2, says)


if __name__ == "__main__":
    discovering.main()
