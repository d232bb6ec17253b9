"""plasmd start is killed at any moment while clients submit, wait and cancel, and started again on
the same data folder.

Whatever it acknowledged is there and ends, under one id, with one end and one receipt however
often one asks; its log is sound, and its receipts are valid.

PLASM_KILL_SECONDS: for how long it is killed (15 when it is not set).
"""
import collections
import http.client
import os
import random
import threading
import time

import cli
import node
import receipt_files

BUDGET = float(os.environ.get("PLASM_KILL_SECONDS", "15"))
CLIENTS = 4
VERIFIED_AT_MOST = 40
# A job that was begun ten times, each time with a kill, is taken for one that takes the node along.
BEGUN_AT_MOST = 10
ENDED = {"exited", "trapped", "out_of_fuel", "timed_out", "output_limit", "cancelled"}
GONE = (OSError, http.client.HTTPException)


class Promises:
    """What clients were told; thread-safe. A contradiction is kept for the test to report."""

    def __init__(self):
        self.lock = threading.Lock()
        self.ids = {}  # by the name that the client gave: "Header: value"
        self.ends = {}  # by id
        self.broken = []

    def acknowledged(self, name, job):
        with self.lock:
            if self.ids.setdefault(name, job) != job:
                self.broken.append(f"{name} is {self.ids[name]} and {job}")

    def ended(self, job):
        told = {name: job.get(name) for name in ("state", "started", "ended", "exitCode", "attempts",
                                                 "resultDigest", "receipt", "message")}
        with self.lock:
            if self.ends.setdefault(job["id"], told) != told:
                self.broken.append(f"{job['id']}: {self.ends[job['id']]} became {told}")


class KilledNodeTest(node.NodeTest, receipt_files.ReceiptTest):
    @classmethod
    def setUpClass(cls):
        cli.CliTest.setUpClass.__func__(cls)
        cls.node = node.Node(cls.data)
        cls.up = threading.Event()
        cls.up.set()
        cls.over = threading.Event()
        for module in ("hello.wasm", "guests/exit_code.wasm", "guests/spin.wasm"):
            cls("runTest").put_module(module)

    def some_job(self, rng):
        """A manifest, and what it can end as when nobody cancels it."""
        word = str(rng.randrange(10**9))
        kind = rng.random()
        if kind < 0.7:
            return self.manifest("hello.wasm", word)
        if kind < 0.85:
            return self.manifest("guests/exit_code.wasm", str(rng.randrange(256)))
        return self.manifest("guests/spin.wasm", word, limits={"fuel": str(2**63 - 1), "wallTimeMs": "200"})

    def insist(self, method, path, body=None, headers=None):
        """Asks until there is an answer; a node that is not there comes back."""
        while True:
            self.up.wait(cli.SECONDS)
            try:
                answer = self.ask(method, path, body, headers)
            except GONE:
                if self.over.is_set():
                    self.assert_runs()
                continue
            if answer.status in (429, 503):
                continue
            return answer

    def assert_runs(self):
        """That the node has not ended by itself; otherwise with its last words."""
        status = self.node.process.poll()
        if status is not None:
            self.fail(f"plasmd ended by itself with {status}: {self.node.process.stderr.read()[-2000:]!r}")

    def client(self, seed, promises):
        rng = random.Random(seed)
        while not self.over.is_set():
            header = rng.choice(("Plasm-Job-Id", "Idempotency-Key"))
            value = f"job-{node.uuid.UUID(int=rng.getrandbits(128), version=4)}"
            manifest = self.some_job(rng)
            for _ in range(rng.randrange(1, 3)):
                query = rng.choice(("", "?wait=1&include=receipt"))
                answer = self.insist("POST", f"/v1/jobs{query}", manifest,
                                     {"Content-Type": node.JOB_TYPE, header: value})
                if answer.status not in (200, 201):
                    promises.broken.append(f"{value}: {answer}")
                    return
                job = answer.json()
                promises.acknowledged(f"{header}: {value}", job["id"])
            path = f"/v1/jobs/{job['id']}"
            if rng.random() < 0.2:
                self.insist("POST", f"{path}/cancel")
            for _ in range(rng.randrange(3)):
                job = self.insist("GET", f"{path}?include=receipt&wait={rng.randrange(2)}").json()
                if job["state"] not in ("queued", "running"):
                    promises.ended(job)

    def guarded_client(self, seed, promises):
        try:
            self.client(seed, promises)
        except Exception as error:  # the thread's end must not hide it
            promises.broken.append(repr(error))

    def all_jobs(self):
        cursor, jobs = "", []
        while True:
            page = self.ask("GET", f"/v1/jobs?limit=1000{cursor}").json()
            jobs += page["jobs"]
            if "next" not in page:
                return jobs
            cursor = f"&cursor={page['next']}"

    def kill_and_start(self, rng):
        time.sleep(rng.uniform(0, 0.6))  # the moment is the test's input
        self.up.clear()
        self.assert_runs()
        self.node.process.kill()
        self.node.wait()
        type(self).node = node.Node(self.data)
        self.up.set()

    def assert_verifies(self, job):
        told = self.ask("GET", f"/v1/jobs/{job}?include=receipt").json()
        file = self.write(f"{job}.json", node.json.dumps(told["receipt"]))
        receipt_files.beside(file, ".tlog-proof").write_text(told["proof"])
        manifest = self.write(f"{job}.manifest", self.ask("GET", f"/v1/jobs/{job}/manifest").body.decode())
        self.assert_verified(file, "VALID", "--manifest", manifest, data=self.data, says=["log  "])

    def test_nothing_that_was_acknowledged_is_lost_or_told_twice(self):
        seed = random.SystemRandom().randrange(10**6)
        print(f"seed {seed}", flush=True)
        rng = random.Random(seed)
        promises = Promises()
        clients = [threading.Thread(target=self.guarded_client, args=(rng.random(), promises))
                   for _ in range(CLIENTS)]
        for client in clients:
            client.start()
        kills = 0
        deadline = time.monotonic() + BUDGET
        try:
            while time.monotonic() < deadline:
                self.kill_and_start(rng)
                kills += 1
        finally:
            self.over.set()
            self.up.set()
            for client in clients:
                client.join()
        self.assertEqual(promises.broken, [])

        for job in set(promises.ids.values()):
            told = self.ask("GET", f"/v1/jobs/{job}?include=receipt&wait=60").json()
            if told["state"] != "failed" or told["attempts"] < BEGUN_AT_MOST:
                self.assertIn(told["state"], ENDED, told)
            promises.ended(told)
        self.kill_and_start(rng)
        for job in set(promises.ids.values()):
            promises.ended(self.ask("GET", f"/v1/jobs/{job}?include=receipt").json())
        self.assertEqual(promises.broken, [])

        listed = collections.Counter(job["id"] for job in self.all_jobs())
        self.assertEqual(listed, collections.Counter(set(promises.ids.values())))
        states = collections.Counter(end["state"] for end in promises.ends.values())
        print(f"{kills} kills, {len(listed)} jobs: {dict(states)}", flush=True)
        self.assertGreater(kills, 2)
        self.assertGreater(states["exited"], 10)
        self.assertEqual([end for end in promises.ends.values() if end["state"] == "exited"
                          and not (end["exitCode"] is not None and end["resultDigest"])], [])
        self.assertEqual([end for end in promises.ends.values()
                          if (end["receipt"] is None) != (end["state"] == "failed")], [])

        self.assert_ends(self.plasm("trust", "add", "me", "--self", "--level", "logged", data=self.data), 0)
        # One entry is the job's own; a kill between log and store leaves another behind.
        self.assertGreaterEqual(self.assert_sound_log(self.data), len(listed) - states["failed"])
        receipted = sorted(job for job, end in promises.ends.items() if end["receipt"])
        for job in rng.sample(receipted, min(VERIFIED_AT_MOST, len(receipted))):
            self.assert_verifies(job)


if __name__ == "__main__":
    cli.main()
