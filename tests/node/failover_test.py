"""plasm and several nodes: a job that goes on when a node is gone, silent, slow or does not want it."""
import json
import os
import pathlib
import signal
import socket

import cli
import node
from several import Several


def workers_of(pid):
    """The worker processes of a node."""
    found = []
    for status in pathlib.Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
        except OSError:
            continue
        if "Name:\tplasm-worker\n" in text and f"PPid:\t{pid}\n" in text:
            found.append(int(status.parent.name))
    return found


class FailoverTest(Several):
    def stop_workers(self, name):
        """Jobs on this node are taken, and never end. The node answers as always."""
        for pid in self.until(lambda: workers_of(self.nodes[name].process.pid), "it has workers"):
            self.addCleanup(self.try_signal, pid, signal.SIGCONT)
            self.try_signal(pid, signal.SIGSTOP)

    @staticmethod
    def try_signal(pid, number):

        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass

    def keep_busy(self, name):
        """Others that have nothing to do come first from now on."""
        self.call("submit", "--node", name, "--timeout", "60", cli.guest("spin"))
        self.until_state(name, "running")

    def ended(self, running):
        out, err = running.communicate(timeout=cli.SECONDS)
        return running.returncode, out, err.decode()

    def until_said(self, running, text):
        """Reads its standard error until a line with the text comes."""
        for line in running.stderr:
            if text in line.decode():
                return line.decode()
        raise AssertionError(f"it never said {text!r}")

    # A node that goes away.

    def test_a_node_that_is_gone_is_passed_over(self):
        self.kill("alpha")
        self.kill("gamma")
        done = self.try_call("run", "--nodes", "alpha,beta,gamma", cli.example("hello.wasm"), "abc")
        self.assert_ends(done, 0)
        self.assertEqual(done.stdout, b"cba")

    def test_a_node_that_is_killed_with_the_job_is_noticed_and_another_does_it(self):
        running = self.begin("--nodes", "all", "--timeout", "4", cli.guest("spin"))
        first = self.until_it_runs()
        self.kill(first)
        status, out, err = self.ended(running)
        self.assertEqual(status, 124, err)
        self.assertIn("going on with", err)
        self.assertEqual(out, b"spinning\n")  # once
        ended = {name: self.jobs_on(name) for name in self.names if name != first}
        jobs = [job for jobs in ended.values() for job in jobs.items()]
        self.assertEqual([state for _, state in jobs], ["timed_out"])
        # It is known here as a job of the node that did it.
        (job, _), = jobs
        self.assertEqual(json.loads(self.call("show", "--json", job))["state"], "timed_out")

    def test_a_node_that_stands_still_is_noticed_and_its_job_is_cancelled_when_it_goes_on(self):
        running = self.begin("--nodes", "all", "--timeout", "60", cli.guest("spin"))
        first = self.until_it_runs()
        self.send(first, signal.SIGSTOP)
        self.assertIn(first, self.until_said(running, "has not answered for"))
        second = self.until_said(running, "going on with").split()[-1]
        self.send(first, signal.SIGCONT)
        self.until_state(first, "cancelled")
        # Both have it under one name.
        (job, _), = self.jobs_on(first).items()
        self.until_state(second, "running")
        self.call("cancel", "--node", second, job)
        status, out, err = self.ended(running)
        self.assertEqual((status, out), (130, b"spinning\n"), err)

    def test_an_answer_that_is_not_valid_is_kept_and_another_node_gives_the_result(self):
        self.call("trust level", "alpha", "witnessed")  # and nobody witnesses anything here
        self.keep_busy("beta")
        running = self.begin("--nodes", "alpha,beta", "--json", cli.example("hello.wasm"), "abc")
        status, out, err = self.ended(running)
        self.assertEqual(status, 0, err)
        self.assertIn("NOT_WITNESSED", err)
        self.assertIn("going on with beta", err)
        told = json.loads(out)
        self.assertEqual((told["node"], told["stdout"], told["verdict"]), ("beta", "cba", "VALID"))
        self.call("verify", told["receipt"])
        evidence = told["receipt"].replace(".json", ".refused-1.json")
        self.assertIn(evidence, err)
        verdict = json.loads(self.call("verify", "--json", evidence, status=19))
        self.assertEqual((verdict["verdict"], verdict["node"]["name"]), ("NOT_WITNESSED", "alpha"))

    def test_files_are_those_of_the_node_that_gave_the_result(self):
        work = self.folder / "work"
        work.mkdir()
        (work / "in.txt").write_text("some text\n")
        self.kill("alpha")
        kept = self.folder / "final.txt"
        self.call("run", "--nodes", "all", "--input", f"/work={work}", "--output",
                  f"/work/notes/final.txt={kept}", cli.guest("files"))
        self.assertEqual(kept.read_text(), "first line\nsecond line\n")

    def test_whoever_is_interrupted_is_told_where_the_job_goes_on(self):
        running = self.begin("--nodes", "all", "--timeout", "60", cli.guest("spin"))
        name = self.until_it_runs()
        running.send_signal(signal.SIGINT)
        status, out, err = self.ended(running)
        self.assertEqual((status, out), (130, b""), err)
        (job, state), = self.jobs_on(name).items()
        self.assertEqual(state, "running")
        self.assertIn(f"let go of {job}, which may go on on {name}", err)
        self.call("cancel", job)

    def test_nobody_left_is_an_error_that_names_each(self):
        for name in self.names:
            self.kill(name)
        done = self.try_call("run", "--nodes", "alpha,beta", cli.example("hello.wasm"), "abc")
        self.assert_ends(done, cli.NODE_FAILED, "no node takes the job", "alpha:", "beta:")
        self.assertEqual(done.stdout, b"")

    def test_silent_nodes_hold_nobody_up(self):
        for name in ("alpha", "gamma"):
            self.send(name, signal.SIGSTOP)
        hello = cli.example("hello.wasm")
        self.assertEqual(self.call("run", "--nodes", "all", hello, "abc"), "cba")
        with socket.create_server(("", 0), backlog=128) as silent:  # nobody ever accepts
            file = self.folder / "list"
            file.write_text("".join(f"https://127.0.0.{i}:{silent.getsockname()[1]}\n"
                                    for i in range(1, 51)))
            found = json.loads(self.call("nodes", "--json", "--list", file))
            self.assertEqual([row["name"] for row in found], ["beta"])
            self.assertEqual(self.call("run", "--select", "", "--list", file, hello, "abc"), "cba")

    # The handshake.

    def test_a_node_that_does_not_take_the_job_never_gets_it(self):
        self.start_node("small", "[limits]\nmemory-bytes = 67108864\n")
        hello = cli.example("hello.wasm")
        done = self.try_call("run", "--nodes", "small", "--memory", "128MiB", hello, "abc")
        self.assert_ends(done, cli.NODE_FAILED, "no node takes the job", "small does not take the job",
                         "memory_mb: asked for 128")
        done = self.try_call("run", "--nodes", "small,beta", "--memory", "128MiB", hello, "abc")
        self.assert_ends(done, 0)
        self.assertEqual(done.stdout, b"cba")
        self.assertEqual(self.jobs_on("small"), {})
        self.assertEqual(self.call("run", "--nodes", "small", "--memory", "64MiB", hello, "abc"), "cba")

    def test_a_full_queue_is_said_when_nobody_else_takes_the_job(self):
        self.start_node("narrow", "workers = 1\nqueue = 1\n")
        self.call("submit", "--node", "narrow", "--timeout", "60", cli.guest("spin"))
        done = self.try_call("run", "--nodes", "narrow", cli.example("hello.wasm"), "abc")
        self.assert_ends(done, cli.NODE_FAILED, "narrow", "queue is full")
        self.assertEqual(self.call("run", "--nodes", "narrow,alpha", cli.example("hello.wasm"), "abc"),
                         "cba")

    def test_a_node_that_does_not_know_this_client_is_named(self):
        self.assert_ends(self.plasmd("client", "remove", "me", "--data-dir", self.folder / "alpha"), 0)
        done = self.until(
            lambda: (d := self.try_call("run", "--nodes", "alpha", cli.example("hello.wasm"), "x"))
            and d.returncode != 0 and d, "it is refused")
        self.assert_ends(done, cli.NODE_FAILED, "alpha:", "plasmd client add")

    # A second node for a job that takes long.

    def test_a_slow_node_is_overtaken_and_its_job_is_cancelled(self):
        hello = cli.example("hello.wasm")
        done = self.try_call("run", "--nodes", "beta", "--hedge", "p95", hello, "abc")
        self.assert_ends(done, 0, "fewer than 5 runs")
        for _ in range(4):
            self.call("run", "--nodes", "beta", hello, "abc")
        # beta has something to do already, so alpha comes first; its workers stand still.
        self.keep_busy("beta")
        self.stop_workers("alpha")
        running = self.begin("--nodes", "alpha,beta", "--hedge", "p95", "--json", hello, "abc")
        status, out, err = self.ended(running)
        self.assertEqual(status, 0, err)
        self.assertIn("alpha takes longer than usual", err)
        told = json.loads(out)  # one result
        self.assertEqual((told["node"], told["stdout"], told["verdict"]), ("beta", "cba", "VALID"))
        self.until(lambda: self.jobs_on("alpha") == {told["job_id"]: "cancelled"},
                   "alpha has cancelled it")
        self.assertEqual(json.loads(self.call("show", "--json", told["job_id"]))["state"], "exited")
        self.call("verify", told["receipt"])

    def test_the_first_of_two_wins_when_it_is_the_first(self):
        running = self.begin("--nodes", "alpha,beta", "--timeout", "3", "--hedge", "0.5",
                             cli.guest("spin"))
        status, out, err = self.ended(running)
        self.assertEqual((status, out), (124, b"spinning\n"), err)
        self.until(lambda: sorted([*self.jobs_on("alpha").values(), *self.jobs_on("beta").values()])
                   == ["cancelled", "timed_out"], "one has ended, and the other is cancelled")

    def test_hedging_that_makes_no_sense_is_refused(self):
        hello = cli.example("hello.wasm")
        for flags, says in ((("--hedge", "2"), "--nodes or --select"),
                            (("--hedge", "2", "--replicas", "3"), "all nodes get the job"),
                            (("--hedge", "0", "--nodes", "all"), "expected p95 or seconds"),
                            (("--hedge", "soon", "--nodes", "all"), "expected p95 or seconds")):
            self.assert_ends(self.try_call("run", *flags, hello, "x"), 2, says)


if __name__ == "__main__":
    node.main()
