"""Eight hosts, a network that delays, loses and is cut, nodes that come, go, are killed and lie: every
job ends with a verified receipt or a named error, none is lost, and none is reported twice.

PLASM_NAMESPACE_JOBS is the number of jobs. What happens on the way hangs on how many have begun.
"""
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import signal
import subprocess
import threading
import time

import cli
import hosts

JOBS = int(os.environ.get("PLASM_NAMESPACE_JOBS", "24"))
AT_A_TIME = 4
DELAY_MS, JITTER_MS, LOSS_PERCENT = 10, 4, 1
NODES = ("alpha", "beta", "gamma", "delta", "epsilon")
NAMES = ("client", *NODES, "liar", "cards")
OPEN = "delta"  # has never heard of the client
EVERY_QUORUM = 5  # one job in so many asks three nodes, of which one lies
EVERY_LONG = 3  # of the others one in so many takes a third of a second, on a machine that is idle
ROUNDS = "100000000"
NO_QUORUM = "NO_QUORUM"


class Ended:
    """What became of one job."""

    def __init__(self, expected, done, quorum):
        self.expected, self.status, self.quorum = expected, done.returncode, quorum
        self.said = done.stderr
        self.document = json.loads(done.stdout) if done.stdout else {}
        self.error = "" if done.returncode == 0 else self.said.strip().splitlines()[-1]
        self.retried = "going on with" in self.said or bool(self.document.get("failed"))

    @property
    def name(self):
        """What the client calls the job: of several nodes' answers, the bundle's file."""
        if self.quorum:
            return pathlib.Path(self.document["quorum"]["bundle"]).name if self.document else None
        return f"{self.document['job_id']}.json" if self.document else None


class NamespacesTest(cli.CliTest):
    def setUp(self):
        super().setUp()
        self.client = self.folder / "client"
        self.network = hosts.Network(NAMES, DELAY_MS, JITTER_MS, LOSS_PERCENT, addresses=4)
        self.addCleanup(self.network.end)
        self.meeting = f"{self.network.address('alpha')}:{hosts.DHT_PORT}"  # where the DHT begins
        self.key = self.plasm_here("key").stdout
        self.long_result = self.run_guest(cli.guest("fuel_burner"), ROUNDS).stdout.decode()
        self.nodes = {}
        self.known = set()  # to the client

    def plasm_here(self, verb, *words, data=None):
        return subprocess.run(
            [*self.network.on("client"), cli.plasm(), *verb.split(), "--data-dir", data or self.client,
             *map(str, words)],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=cli.SECONDS,
            env=self.environment())

    def start_node(self, name, program=None):
        bootstrap = "" if name == "alpha" else self.meeting
        node = hosts.Host(self.network, name, self.folder / name, program or cli.plasmd(), bootstrap,
                          None if name == OPEN else self.key)
        self.nodes[name] = node
        self.addCleanup(node.end)
        return node.start()

    def look(self, *flags, data=None):
        return self.plasm_here("nodes", "--json", "--bootstrap", self.meeting, *flags, data=data)

    def found(self, *flags, data=None):
        done = self.look(*flags, data=data)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return {node["name"]: node for node in json.loads(done.stdout)} if done.stdout else {}

    def until_found(self, names, *flags, data=None):
        for _ in range(20):
            found = self.found(*flags, data=data)
            if found and set(names) <= set(found):
                return found
        raise AssertionError(f"found {sorted(found)}, expected {sorted(names)}")

    def until_refused(self, *flags):
        """Looks until all three card servers have been asked: none of them is found."""
        for _ in range(20):
            done = self.look(*flags)
            self.assertEqual((done.returncode, done.stdout), (1, "[]\n"), done.stderr)
            if all(why in done.stderr for why in ("may be another machine", "changed since", "expired at")):
                return
        raise AssertionError(done.stderr)

    def get_to_know(self, name):
        done = self.plasm_here("node add", self.nodes[name].url, "--name", name, "--yes")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.known.add(name)

    def start_card_servers(self):
        """Three that are no nodes, and announce themselves as what they are not."""
        card = self.nodes["alpha"].card()
        wrong = self.folder / "wrong.json"
        wrong.write_text(card)
        forged = self.folder / "forged.json"
        forged.write_text(hosts.with_label(card, "gpu", "yes"))
        servers = [hosts.CardServer(self.network, "cards", host, *words) for host, words in enumerate(
            (("shown", wrong), ("shown", forged), ("own", -3600, "gpu=yes")), 1)]
        for host, server in enumerate(servers, 1):
            self.addCleanup(server.end)
            announcer = hosts.Announcer(self.network, "cards", host, self.meeting, ("node", "label.gpu=yes"))
            self.addCleanup(announcer.end)
        return {server.url for server in servers}

    def run_job(self, number):
        text = f"job {number:05}"
        quorum = number % EVERY_QUORUM == 0
        job, expected = ((cli.guest("fuel_burner"), ROUNDS), self.long_result) if (
            not quorum and number % EVERY_LONG == 0) else ((cli.example("hello.wasm"), text), text[::-1])
        chosen = ("--replicas", 3, "--agree", 2, "--nodes", "alpha,beta,liar") if quorum else (
            "--nodes", ",".join(sorted(self.known - {"liar"})))
        return Ended(expected, self.plasm_here("run", "--json", *chosen, *job), quorum)

    def happen(self, number):
        """What happens when so many jobs have begun."""
        at = {JOBS * share // 100: what for share, what in (
            (15, self.join), (30, self.kill_beta), (50, self.start_beta), (60, self.cut), (67, self.heal),
            (85, self.leave))}
        if number in at:
            at[number]()

    def join(self):
        self.start_node("epsilon")
        self.get_to_know("epsilon")

    def kill_beta(self):
        self.nodes["beta"].kill_with_next_job()

    def start_beta(self):
        self.nodes["beta"].end()
        self.nodes["beta"].start()

    def cut(self):
        self.network.tell("cut client,alpha,beta,liar gamma,delta")

    def heal(self):
        self.network.tell("heal")

    def leave(self):
        self.assertEqual(self.nodes["delta"].kill(signal.SIGTERM), 0)

    def run_jobs(self):
        """All of them, some at a time; events happen between two."""
        free = threading.Semaphore(AT_A_TIME)
        with concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as pool:
            futures = []
            for number in range(JOBS):
                free.acquire()
                self.happen(number)
                future = pool.submit(self.run_job, number)
                future.add_done_callback(lambda _: free.release())
                futures.append(future)
            return [future.result() for future in futures]

    def judge(self, ended):
        """Each job alone."""
        if ended.status != 0:
            self.assertEqual(ended.status, cli.NODE_FAILED, ended.said)
            self.assertTrue(ended.error.startswith("plasm: ") and ended.error.isprintable(), ended.said)
            self.assertEqual(ended.document.get("stdout", ""), "", "an error, and output all the same")
            return "named error"
        self.assertEqual(ended.document["stdout"], ended.expected)
        if not ended.quorum:
            self.assertEqual(ended.document["verdict"], "VALID")
            return "verified"
        told = ended.document["quorum"]
        self.assertEqual(told["verdict"], "VALID")
        for answer in told["answers"]:
            self.assertEqual(answer["agrees"], answer["node"] != "liar", told)
        return "agreed"

    def test_every_job_ends_well_or_with_a_named_error(self):
        for name in ("alpha", "beta", "gamma", "delta"):
            self.start_node(name)
        begin = time.monotonic()
        self.until_found([], "--timeout", "10", data=self.folder / "cold")
        cold = time.monotonic() - begin
        self.start_node("liar", hosts.make_liar(self.folder / "lying"))
        lies = self.start_card_servers()
        first = time.monotonic()
        found = self.until_found(["alpha", "beta", "gamma", "delta", "liar"])
        looked = time.monotonic() - first
        self.assertEqual(sorted(found), ["alpha", "beta", "delta", "gamma", "liar"])
        for name, node in found.items():
            self.assertFalse(lies & set(node["endpoints"]), node)
            self.assertEqual(node["policy"], self.nodes[name].policy)
        self.until_refused("--select", "label.gpu=yes")
        for name in found:
            self.get_to_know(name)

        begin = time.monotonic()
        jobs = self.run_jobs()
        took = time.monotonic() - begin
        ends = collections.Counter(self.judge(job) for job in jobs)
        self.assertEqual(sum(ends.values()), JOBS)
        names = collections.Counter(job.name for job in jobs if job.status == 0)
        self.assertEqual(set(names.values()), {1}, "a job is told twice")
        for name in names:
            done = self.plasm_here("verify", self.client / "receipts" / name)
            self.assertEqual(done.returncode, 0, f"{name}: {done.stderr}")
        self.judge_quorums(jobs)
        retried = sum(job.retried for job in jobs)
        errors = collections.Counter(re.sub(r"job-[0-9a-f-]{36}|/\S*/", "…", job.error) for job in jobs if job.error)
        print(f"{JOBS} jobs in {took:.0f} s: {dict(ends)}; {retried} ({100 * retried / JOBS:.1f} %) needed a retry; "
              f"nothing lost, nothing told twice; delay {DELAY_MS} to {DELAY_MS + JITTER_MS} ms each way, "
              f"{LOSS_PERCENT} % lost (router of the test's own, no netem needed); {self.network.tell('heal')}; "
              f"first node of a cold start after {cold:.1f} s, five among liars after {looked:.1f} s", flush=True)
        for error, count in errors.most_common():
            print(f"  {count}: {error[:300]}", flush=True)

    def judge_quorums(self, jobs):
        """The liar was outvoted, and what it signed is kept."""
        agreed = [job for job in jobs if job.quorum and job.status == 0]
        self.assertTrue(agreed)
        dissent = [answer for job in agreed for answer in job.document["quorum"]["answers"]
                   if answer["node"] == "liar"]
        self.assertTrue(dissent, "the liar never answered")
        for answer in dissent:
            self.assertEqual(answer["verdict"], "VALID", "it signs what it says, rightly")
        for job in jobs:
            if job.quorum and job.status != 0:
                self.assertIn(NO_QUORUM, job.said)


if __name__ == "__main__":
    hosts.run_inside(cli.main)
