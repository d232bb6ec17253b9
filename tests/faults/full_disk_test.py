"""A node whose disk is full refuses what it cannot keep, loses nothing, and goes on by itself when
there is room again.

The data folder is a small file system of its own, in a mount namespace that only this test sees.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import cli
import node
import receipt_files

SIZE = 24 << 20
INSIDE = "PLASM_FULL_DISK"  # where the small file system is


class FullDiskTest(node.NodeTest, receipt_files.ReceiptTest):
    @classmethod
    def setUpClass(cls):
        cli.CliTest.setUpClass.__func__(cls)
        cls.disk = pathlib.Path(os.environ[INSIDE])
        cls.data = cls.disk / "data"
        cls.node = node.Node(cls.data)
        cls.log = threading.Thread(target=cls.node.process.stderr.read)  # it never waits for us
        cls.log.start()
        test = cls("runTest")
        for module in ("hello.wasm", "guests/spin.wasm", "guests/output_flood.wasm"):
            test.put_module(module)
        test.submit(test.manifest("hello.wasm", "warm"))
        cls.ballast = cls.disk / "ballast"

    @classmethod
    def tearDownClass(cls):
        cls.node.process.terminate()
        cls.log.join(cli.SECONDS)
        status = cls.node.process.wait(cli.SECONDS)
        cli.CliTest.tearDownClass.__func__(cls)
        assert status == 0, f"plasmd start ended with {status}"

    def tearDown(self):
        self.ballast.unlink(missing_ok=True)

    def fill(self):
        with open(self.ballast, "ab", buffering=0) as file:
            for size in (1 << 20, 4096):
                try:
                    while True:
                        file.write(b"\0" * size)
                except OSError:
                    pass

    def until_ready(self, status):
        deadline = time.monotonic() + cli.SECONDS
        while True:
            answer = self.ask("GET", "/readyz")
            if answer.status == status:
                return answer
            self.assertLess(time.monotonic(), deadline, answer)

    def assert_all_works(self):
        self.until_ready(200)
        self.put_blob(os.urandom(100_000))
        deadline = time.monotonic() + cli.SECONDS
        while True:  # the log looks again after a while
            job = self.submit(self.manifest("hello.wasm", "abc"), "?wait=60&include=output,receipt").json()
            if job.get("state") == "exited":
                break
            self.assertLess(time.monotonic(), deadline, job)
        self.assertEqual(job["stdoutBytes"], "cba")

    def large_job(self):
        return self.manifest("hello.wasm", "x" * 100_000)

    def submit_until_refused(self):
        """The database may have some room in files that it has. The ids accepted, and the one refused."""
        accepted = []
        while True:
            job = node.new_job_id()
            answer = self.submit(self.large_job(), "", {"Plasm-Job-Id": job})
            if answer.status != 201:
                self.assertEqual(answer.status, 503, answer)
                return accepted, job
            accepted.append(job)
            self.assertLess(len(accepted) * 100_000, SIZE)

    def test_what_cannot_be_kept_is_refused_and_all_works_when_there_is_room(self):
        before = self.submit(self.manifest("hello.wasm", "before"), "?wait=60&include=receipt").json()
        self.fill()
        self.assert_problem(self.until_ready(503), 503, "unavailable", "cannot write")
        contents = os.urandom(1 << 20)
        answer = self.ask("PUT", f"/v1/blobs/{node.hashlib.sha256(contents).hexdigest()}", contents)
        self.assertEqual(answer.status, 503, answer)
        self.assertIn("No space left", answer.json()["detail"])
        accepted, refused = self.submit_until_refused()
        self.assertEqual(self.ask("GET", f"/v1/jobs/{refused}").status, 404)
        # What was there can be read all the time.
        self.assertEqual(self.ask("GET", f"/v1/jobs/{before['id']}?include=receipt").json()["receipt"],
                         before["receipt"])

        self.ballast.unlink()
        self.assert_all_works()
        self.put_blob(contents)
        again = self.submit(self.large_job(), headers={"Plasm-Job-Id": refused})
        self.assertEqual((again.status, again.json()["state"]), (201, "exited"))
        for job in accepted:
            told = self.ask("GET", f"/v1/jobs/{job}?wait=60").json()
            # What it wrote is a blob of its own: when the attempts are over before there is room,
            # that is the job's end, and says why.
            if told["state"] != "failed" or "No space left" not in told["message"]:
                self.assertEqual(told["state"], "exited", told)

    def test_a_job_that_ends_while_the_disk_is_full_ends_once_there_is_room(self):
        forever = {"fuel": str(2**63 - 1)}
        jobs = [self.submit(self.manifest("guests/spin.wasm", str(number), limits=forever), "").json()["id"]
                for number in range(3)]
        self.until(jobs[0], "running")
        self.fill()
        self.until_ready(503)
        # They are wished to end, as far as a wish can be written; their ends cannot.
        for job in jobs:
            self.assertIn(self.ask("POST", f"/v1/jobs/{job}/cancel").status, (200, 503))
        for job in jobs:
            self.assertIn(self.ask("GET", f"/v1/jobs/{job}?wait=1").json()["state"], ("queued", "running"))
        self.ballast.unlink()
        self.until_ready(200)
        for job in jobs:
            self.assertEqual(self.ask("POST", f"/v1/jobs/{job}/cancel").status, 200)
            told = self.ask("GET", f"/v1/jobs/{job}?wait=60&include=receipt").json()
            self.assertEqual(told["state"], "cancelled", told)
            self.assertIn("receipt", told)
        self.assert_all_works()
        self.assert_sound_log(self.data)

    def until(self, job, state):
        deadline = time.monotonic() + cli.SECONDS
        while self.ask("GET", f"/v1/jobs/{job}").json()["state"] != state:
            self.assertLess(time.monotonic(), deadline)

    def test_room_that_comes_and_goes_loses_no_job(self):
        """Submitted all the time, while the disk fills and empties."""
        accepted, refused = set(), 0
        for number in range(12):
            if number % 3 == 1:
                self.fill()
            for word in range(10):
                answer = self.submit(self.manifest("hello.wasm", f"{number} {word}"), "")
                if answer.status == 201:
                    accepted.add(answer.json()["id"])
                else:
                    self.assertEqual(answer.status, 503, answer)
                    refused += 1
            self.ballast.unlink(missing_ok=True)
        self.until_ready(200)
        for job in accepted:
            told = self.ask("GET", f"/v1/jobs/{job}?wait=60&include=receipt").json()
            self.assertEqual((told["state"], "receipt" in told), ("exited", True), told)
        self.assertGreater(refused, 0)
        self.assert_all_works()
        self.assert_sound_log(self.data)


def main():
    if INSIDE in os.environ:
        cli.main()
        return
    folder = tempfile.mkdtemp(prefix="plasm-full-")
    script = f'mount -t tmpfs -o size={SIZE},mode=0700 none "$1" && shift && exec "$@"'
    enter = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
    try:
        probe = subprocess.run([*enter, script, "sh", folder, "true"], capture_output=True, check=False)
        if probe.returncode != 0:
            print(f"skipped: no mount namespace here: {probe.stderr.decode().strip()}", flush=True)
            sys.exit(77)
        sys.exit(subprocess.run([*enter, script, "sh", folder, sys.executable, *sys.argv], check=False,
                                env={**os.environ, INSIDE: folder}).returncode)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
