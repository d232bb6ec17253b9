"""CPython 3.12 runs scripts, sees its files and replays."""
import hashlib
import json
import os
import pathlib
import tempfile

import plasmd
import wheel

# One of everything that could differ between two runs: clock, random, hashing, the order of a
# folder, floats, object identity.
MIXED = """
import hashlib, json, math, os, random, sys, time, uuid
print(json.dumps({
    "digest": hashlib.sha256(b"plasm").hexdigest(),
    "hash": hash("plasm"),
    "id": id(object()),
    "now": time.time(),
    "random": random.random(),
    "sine": [math.sin(i / 7).hex() for i in range(5)],
    "urandom": os.urandom(8).hex(),
    "uuid": str(uuid.uuid4()),
    "set": list({"a", "b", "c", "d", "e"}),
}, sort_keys=True))
before = time.monotonic(); time.sleep(3600); print(round(time.monotonic() - before, 1))
print(sum(i * i % 7 for i in range(2000)), file=sys.stderr)
sys.exit(3)
"""

REPORT = """
import csv, json, pathlib, sys
rows = list(csv.DictReader(open("/work/input/prices.csv")))
total = sum(float(row["price"]) for row in rows)
out = pathlib.Path("/work/out"); out.mkdir()
(out / "total.json").write_text(json.dumps({"rows": len(rows), "total": total, "argv": sys.argv[1:]}))
pathlib.Path("/work/input/prices.csv").write_text("overwritten")
print(sorted(p.name for p in pathlib.Path("/work").iterdir()))
"""


class CPythonTest(plasmd.ProgramTest):
    @classmethod
    def setUpClass(cls):
        cls.python = wheel.program("python.wasm")
        plasmd.compile_fully(cls.python)

    def test_runs_a_line_of_python(self):
        line = 'import json,hashlib; print(json.dumps({"x": hashlib.sha256(b"x").hexdigest()}))'
        job = plasmd.execute_job(self.python, "-c", line)
        self.assertEqual(job["status"], "exited", job)
        self.assertEqual(json.loads(job["stdout"]), {"x": hashlib.sha256(b"x").hexdigest()})
        self.assertEqual((job["exit_code"], job["stderr"]), (0, ""))

    def test_replays_bit_for_bit_in_every_tier(self):
        seen = self.assert_replays(self.python, "-c", MIXED)
        self.assertEqual((seen["status"], seen["exit_code"]), ("exited", 3))
        first, slept = seen["stdout"].splitlines()
        answer = json.loads(first)
        self.assertEqual(answer["digest"], hashlib.sha256(b"plasm").hexdigest())
        # 2024-02-29T12:34:56Z, and a little for the calls before.
        self.assertAlmostEqual(answer["now"], 1709210096, delta=1)
        self.assertEqual(float(slept), 3600.0)
        self.assertEqual(seen["stderr"], f"{sum(i * i % 7 for i in range(2000))}\n")

    def test_a_receipt_is_confirmed_by_a_second_run(self):
        with tempfile.TemporaryDirectory() as work:
            host = pathlib.Path(work) / "host"
            (host / "input").mkdir(parents=True)
            (host / "report.py").write_text(REPORT, encoding="utf-8")
            (host / "input" / "prices.csv").write_text("item,price\ntea,2.5\n", encoding="utf-8")
            back = pathlib.Path(work) / "out"
            job = self.assert_verifies_and_replays(
                self.python, "/work/report.py", "ä", outputs=[f"/work/out={back}"],
                flags=["--dir", f"{host}::/work", "--output", f"/work/out={back}"])
            self.assertEqual(json.loads((back / "total.json").read_text(encoding="utf-8"))["total"], 2.5)
            self.assertEqual(job["exit_code"], 0)

    def test_another_seed_gives_other_random_numbers(self):
        line = "import os; print(os.urandom(16).hex())"
        one, other = (plasmd.execute_job(self.python, "-c", line, flags=["--seed", seed * 64])
                      for seed in "12")
        self.assertEqual(len(one["stdout"]), 33)
        self.assertNotEqual(one["stdout"], other["stdout"])

    def test_runs_a_script_from_a_mounted_folder_and_brings_its_files_back(self):
        with tempfile.TemporaryDirectory() as work:
            host = pathlib.Path(work) / "host"
            (host / "input").mkdir(parents=True)
            (host / "report.py").write_text(REPORT, encoding="utf-8")
            prices = "item,price\ntea,2.5\nmilk,1.25\n"
            (host / "input" / "prices.csv").write_text(prices, encoding="utf-8")
            back = pathlib.Path(work) / "total.json"
            done = plasmd.run("run", self.python, "/work/report.py", "one", "two words",
                              flags=["--dir", f"{host}::/work", "--output", f"/work/out/total.json={back}"])
            self.assertEqual((done.returncode, done.stderr), (0, b""))
            self.assertEqual(done.stdout, b"['input', 'out', 'report.py']\n")
            self.assertEqual(json.loads(back.read_text(encoding="utf-8")),
                             {"rows": 2, "total": 3.75, "argv": ["one", "two words"]})
            self.assertEqual((host / "input" / "prices.csv").read_text(encoding="utf-8"), prices)
            self.assertEqual(sorted(os.listdir(host)), ["input", "report.py"])

    def test_reads_its_script_from_standard_input(self):
        done = plasmd.run("run", self.python, "-", "arg", stdin=b"import sys; print(sys.argv)\n")
        self.assertEqual((done.returncode, done.stdout), (0, b"['-', 'arg']\n"))

    def test_an_uncaught_exception_is_the_guests_own_failure(self):
        done = plasmd.run("run", self.python, "-c", "1 / 0")
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertTrue(done.stderr.endswith(b"ZeroDivisionError: division by zero\n"), done.stderr)

    def test_a_list_beyond_the_memory_limit_is_a_memory_error(self):
        line = ("try:\n  x = bytearray(200 << 20)\nexcept MemoryError:\n  print('refused')\n")
        job = plasmd.execute_job(self.python, "-c", line, flags=["--memory", "128MiB"])
        self.assertEqual((job["stdout"], job["exit_code"]), ("refused\n", 0))

    def test_files_are_listed_in_the_same_order_on_every_machine(self):
        with tempfile.TemporaryDirectory() as work:
            for name in ("b", "a", "C", "ä", "10", "9"):
                (pathlib.Path(work) / name).touch()
            job = plasmd.execute_job(self.python, "-c", "import os; print(*os.listdir('/d'))",
                                     flags=["--dir", f"{work}::/d"])
        self.assertEqual(job["stdout"], "10 9 C a b ä\n")


if __name__ == "__main__":
    plasmd.main(lambda: wheel.program("python.wasm"))
