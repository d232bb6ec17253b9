"""plasmd execute-job: the JSON object and the receipt in it."""
import base64
import hashlib
import json
import pathlib
import re
import subprocess
import time

import cli

SEED = "0123456789abcdef" * 4


class ExecuteJobTest(cli.CliTest):
    def job(self, *words, **options):
        done = self.run_guest(*words, verb="execute-job", **options)
        self.assert_ends(done, 0)
        return json.loads(done.stdout)

    def test_reports_the_result_and_a_receipt(self):
        before = int(time.time())
        job = self.job(cli.example("hello.wasm"), "Hello, World!")
        after = int(time.time())
        self.assertRegex(job["job_id"], r"^job-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")
        self.assertEqual(job["exit_code"], 0)
        self.assertEqual(job["stdout"], "!dlroW ,olleH")
        self.assertEqual(job["stderr"], "")
        self.assertEqual((job["status"], job["trap"]), ("exited", None))
        self.assertGreater(int(job["fuel_used"]), 0)
        self.assertIsInstance(job["fuel_used"], str)
        self.assertEqual((job["profile"], job["tier"], job["engine"]),
                         ("plasm-det-1", "quick", "native"))
        self.assertTrue(before <= job["start_time"] <= after)
        self.assertRegex(job["seed"], r"^[0-9a-f]{64}$")
        self.assertNotIn("stdout_base64", job)
        receipt = job["receipt"]
        self.assertEqual(sorted(receipt), ["exit_code", "module_hash", "node_pubkey", "signature",
                                           "timestamp", "version", "wall_time_ms"])
        module = pathlib.Path(cli.example("hello.wasm")).read_bytes()
        self.assertEqual(receipt["module_hash"], "sha256:" + hashlib.sha256(module).hexdigest())
        self.assertEqual((receipt["version"], receipt["exit_code"]), ("0.1", 0))
        self.assertTrue(before <= receipt["timestamp"] <= after)
        self.assertIsInstance(receipt["wall_time_ms"], int)

    def test_each_job_has_a_name_of_its_own(self):
        names = {self.job(cli.example("hello.wasm"), "x")["job_id"] for _ in range(5)}
        self.assertEqual(len(names), 5)

    def test_carries_the_guests_exit_code(self):
        for code in (0, 1, 7, 125, 255):
            job = self.job(cli.guest("exit_code"), str(code))
            self.assertEqual(job["exit_code"], code)
            self.assertEqual(job["receipt"]["exit_code"], code)
            self.assertEqual((job["stdout"], job["stderr"]), ("out\n", "err\n"))

    def test_a_guest_that_did_not_exit_has_a_receipt_with_1(self):
        for words, status, trap in [((cli.guest("trap"), "unreachable"), "trapped", "unreachable"),
                                    (("--fuel", "50000", cli.guest("fuel_burner")), "out_of_fuel", None),
                                    (("--timeout", "0.2", cli.guest("spin")), "timed_out", None),
                                    (("--output-limit", "1000", cli.guest("output_flood")),
                                     "output_limit", None)]:
            job = self.job(*words)
            self.assertEqual((job["status"], job["trap"]), (status, trap))
            self.assertEqual((job["exit_code"], job["receipt"]["exit_code"]), (1, 1))

    def test_every_trap_has_its_name(self):
        traps = {"unreachable": "unreachable", "div-by-zero": "integer_division_by_zero",
                 "integer-overflow": "integer_overflow",
                 "bad-conversion": "bad_conversion_to_integer",
                 "memory-out-of-bounds": "memory_out_of_bounds",
                 "table-out-of-bounds": "table_out_of_bounds",
                 "indirect-call-to-null": "indirect_call_to_null",
                 "bad-signature": "bad_signature", "stack-overflow": "stack_overflow"}
        for mode, name in traps.items():
            job = self.job(cli.guest("trap"), mode)
            self.assertEqual(job["trap"], name)
            self.assertEqual(job["stdout"], "before\n")

    def test_output_that_is_not_text_stands_in_base64(self):
        job = self.job(cli.guest("echo"), stdin=b"\xff\x00plain\n")
        self.assertEqual(base64.b64decode(job["stdout_base64"]), b"\xff\x00plain\n")
        self.assertEqual(job["stdout"], "\ufffd\x00plain\n")
        job = self.job(cli.guest("echo"), stdin="\u00e4\u0000\U0001f600".encode())
        self.assertEqual(job["stdout"], "\u00e4\u0000\U0001f600")
        self.assertNotIn("stdout_base64", job)

    def test_same_seed_and_time_give_the_same_result(self):
        fixed = ["--seed", SEED, "--start-time", "2024-02-29T12:34:56Z"]
        for name in ("clock", "random", "env_args"):
            seen = []
            for tier, engine in (("quick", "native"), ("quick", "native"), ("full", "native"),
                                 ("full", "pulley")):
                job = self.job(*fixed, "--engine", engine, cli.guest(name), tier=tier)
                self.assertEqual((job["start_time"], job["seed"]), (1709210096, SEED))
                seen.append({key: job[key] for key in ("stdout", "stderr", "fuel_used", "exit_code")})
            self.assertEqual(seen, [seen[0]] * len(seen), name)

    def test_another_seed_gives_other_random_bytes(self):
        one = self.job("--seed", SEED, cli.guest("random"))
        two = self.job("--seed", SEED[::-1], cli.guest("random"))
        self.assertNotEqual(one["stdout"], two["stdout"])

    def test_the_default_seed_depends_on_the_job_alone(self):
        when = ["--start-time", "0"]
        one = self.job(*when, cli.guest("random"))
        self.assertEqual(one["stdout"], self.job(*when, cli.guest("random"))["stdout"])
        again = self.job(*when, "--seed", one["seed"], cli.guest("random"))
        self.assertEqual(one["stdout"], again["stdout"])
        for other in (["--start-time", "1"], [*when, "--env", "A=B"], [*when, "--fuel", "1000000"]):
            self.assertNotEqual(one["seed"], self.job(*other, cli.guest("random"))["seed"])
        self.assertNotEqual(one["seed"], self.job(*when, cli.guest("random"), "32")["seed"])

    def test_virtual_time_takes_no_real_time(self):
        job = self.job("--start-time", "1700000000", cli.guest("clock"), "31536000")
        clocks = [int(n) for n in re.findall(r"realtime: (\d+)", job["stdout"])]
        self.assertEqual(clocks[0] // 10**9, 1700000000)
        self.assertGreaterEqual(clocks[1] - clocks[0], 31536000 * 10**9)

    def test_profile_live_has_real_time_and_random(self):
        live = ["--profile", "live", "--start-time", "0", "--seed", SEED]
        one, two = (self.job(*live, cli.guest("random")) for _ in range(2))
        self.assertEqual(one["profile"], "live")
        self.assertNotEqual(one["stdout"], two["stdout"])
        before = time.time_ns()
        job = self.job(*live, cli.guest("clock"), "0")
        clock = int(re.search(r"realtime: (\d+)", job["stdout"])[1])
        self.assertTrue(before <= clock <= time.time_ns())

    def test_seeds_and_times_that_are_none_are_named(self):
        for flag, value in [("--seed", "12"), ("--seed", "xyz"), ("--seed", "G" * 64),
                            ("--start-time", "tomorrow"), ("--start-time", "-5"),
                            ("--start-time", "2024-02-30T00:00:00Z"), ("--env", "NOVALUE"),
                            ("--env", "=x"), ("--dir", "::"), ("--output", "nothing")]:
            done = self.run_guest(f"{flag}={value}", cli.example("hello.wasm"), verb="execute-job")
            with self.subTest(flag=flag, value=value):
                self.assertEqual(done.returncode, cli.USAGE)
                self.assertIn(flag, done.stderr.decode())
                self.assertEqual(done.stdout, b"")

    def test_an_overflow_in_the_quick_tier_alone_is_hidden(self):
        for depth in range(2000, 60001, 2000):
            quick = self.job("--profile", "live", cli.guest("deep_recursion"), str(depth))
            if quick["trap"] == "stack_overflow":
                break
        self.assertEqual(quick["tier"], "quick")
        job = self.job(cli.guest("deep_recursion"), str(depth))
        self.assertEqual((job["status"], job["tier"]), ("exited", "full"))
        self.assertEqual(job["stdout"].count("depth:"), 1)
        self.assertIn("value:", job["stdout"])

    def test_the_full_tier_is_there_after_the_first_run(self):
        def tier_of_a_run():
            done = self.plasmd("execute-job", "--data-dir", self.folder / "data",
                               cli.guest("env_args"))
            return json.loads(done.stdout)["tier"]

        self.assertEqual(tier_of_a_run(), "quick")
        # It is compiled in the background: each run asks whether it is there.
        deadline = time.monotonic() + cli.SECONDS
        while tier_of_a_run() != "full":
            self.assertLess(time.monotonic(), deadline)

    def test_a_result_that_cannot_be_written_is_an_error(self):
        with open("/dev/full", "wb") as full:
            process = self.start("execute-job", "--data-dir", self.data, cli.example("hello.wasm"),
                                 "x", stdout=full)
            _, message = process.communicate(timeout=cli.SECONDS)
        self.assertEqual(process.returncode, cli.NODE_FAILED)
        self.assertIn(b"could not be written", message)

    def test_is_not_held_up_by_input_that_never_comes(self):
        process = self.start("execute-job", "--data-dir", self.data, cli.example("hello.wasm"), "ab",
                             stdin=subprocess.PIPE)
        self.assertEqual(json.loads(process.stdout.read())["stdout"], "ba")
        self.assertEqual(process.wait(cli.SECONDS), 0)
        process.stdin.close()
        process.stdout.close()
        process.stderr.close()


if __name__ == "__main__":
    cli.main()
