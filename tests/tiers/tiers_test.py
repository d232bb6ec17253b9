"""A module's result does not depend on how it was compiled.

Random modules (module_generator.py) run in the quick tier, the full tier and the pulley
interpreter; status, trap, exit code, output and fuel must be equal. The stack is the one thing
that compilers differ in: an overflow in the quick tier alone must never be seen.

PLASM_RANDOM_MODULES   how many modules to try (60)
PLASM_RANDOM_SEED      the first one's seed (1)
"""
import collections
import os
import pathlib
import shlex
import shutil
import tempfile
import unittest

import plasmd
from module_generator import generate_module

GUESTS = pathlib.Path(__file__).resolve().parents[2] / "examples" / "guests"
FIXED = ("--profile", "plasm-det-1", "--start-time", plasmd.START_TIME, "--seed", plasmd.SEED)


def flags_for(engine, tier, extra=()):
    return [*FIXED, *extra, "--engine", engine, "--tier", tier]


class RandomModulesTest(unittest.TestCase):
    maxDiff = 4000

    def setUp(self):
        self.work = plasmd.fresh_data_dir()
        self.addCleanup(self.work.cleanup)
        self.data = str(pathlib.Path(self.work.name) / "data")

    def compare(self, seed, module, extra=()):
        """Runs a module in every tier and returns what all of them saw."""
        seen = {}
        for engine, tier in plasmd.TIERS:
            flags = flags_for(engine, tier, extra)
            seen[engine, tier] = plasmd.observed(plasmd.execute_job(module, flags=flags, data=self.data))
        expected = seen[plasmd.TIERS[0]]
        for (engine, tier), result in seen.items():
            if result != expected:
                kept = pathlib.Path(tempfile.gettempdir()) / f"plasm-differs-{seed}.wasm"
                shutil.copyfile(module, kept)
                command = [plasmd.binary(), "execute-job", *flags_for(engine, tier, extra), str(kept)]
                self.assertEqual(result, expected, f"\nseed {seed}, engine {engine}, tier {tier}, "
                                                   f"against {plasmd.TIERS[0]}:\n{shlex.join(command)}")
        return expected

    def test_random_modules_have_the_same_result_in_every_tier(self):
        count = int(os.environ.get("PLASM_RANDOM_MODULES", "60"))
        first = int(os.environ.get("PLASM_RANDOM_SEED", "1"))
        endings = collections.Counter()
        for seed in range(first, first + count):
            if seed % 50 == 0:  # nothing is run again: keep the node's folder small
                shutil.rmtree(self.data, ignore_errors=True)
            module = pathlib.Path(self.work.name) / f"random-{seed}.wasm"
            module.write_bytes(generate_module(seed))
            whole = self.compare(seed, module)
            endings[whole["trap"] or whole["status"]] += 1
            self.assertIn(whole["status"], ("exited", "trapped"))
            if seed % 3 == 0 and int(whole["fuel_used"]) > 1:
                fuel = int(whole["fuel_used"]) // 2
                cut = self.compare(seed, module, ("--fuel", str(fuel)))
                self.assertEqual(cut["fuel_used"], str(fuel))
                self.assertTrue(plasmd.written(whole, "stdout").startswith(plasmd.written(cut, "stdout")))
                # Fuel is looked at when a loop or a function begins: a trap may come first.
                self.assertIn((cut["status"], cut["trap"]),
                              (("out_of_fuel", None), (whole["status"], whole["trap"] or "no trap")))
            module.unlink()
        print(f"{count} modules from seed {first}: {dict(endings.most_common())}", flush=True)
        if count >= 60:
            # A generator whose modules all trap at once would find nothing.
            self.assertGreater(endings["exited"], count // 2)
            self.assertLess(endings["exited"], count)

    def test_the_generator_repeats_itself(self):
        self.assertEqual(generate_module(7), generate_module(7))
        self.assertNotEqual(generate_module(7), generate_module(8))


class StackOverflowTest(unittest.TestCase):
    def setUp(self):
        work = plasmd.fresh_data_dir()
        self.addCleanup(work.cleanup)
        self.data = work.name

    def descend(self, depth, tier, data=None):
        return plasmd.execute_job(GUESTS / "deep_recursion.wasm", str(depth), data=data or self.data,
                                  flags=flags_for("native", tier))

    def deepest(self, tier):
        """The greatest depth that ends well in that tier itself, to within a hundredth."""
        fits, overflows = 0, 1 << 20
        while overflows - fits > max(fits // 100, 1):
            middle = (fits + overflows) // 2
            job = self.descend(middle, tier)
            if job["status"] == "exited" and job["tier"] == tier:
                fits = middle
            else:
                overflows = middle
        return fits

    def depth_between(self):
        """A depth that only optimised code reaches."""
        quick, full = self.deepest("quick"), self.deepest("full")
        self.assertLess(quick * 1.1, full, "the guest no longer tells the tiers apart")
        return (quick + full) // 2

    def test_is_the_same_trap_in_every_tier(self):
        for engine, tier in (*plasmd.TIERS, ("native", "auto")):
            with self.subTest(engine=engine, tier=tier):
                job = plasmd.execute_job(GUESTS / "trap.wasm", "stack-overflow", data=self.data,
                                         flags=flags_for(engine, tier))
                self.assertEqual((job["status"], job["trap"], job["stdout"]),
                                 ("trapped", "stack_overflow", "before\n"))

    def test_in_the_quick_tier_alone_is_never_seen(self):
        depth = self.depth_between()
        expected = self.descend(depth, "full")
        self.assertEqual(expected["status"], "exited")
        for tier in ("quick", "auto"):
            # A folder that knows nothing of the module: auto begins in the quick tier.
            with self.subTest(tier=tier), plasmd.fresh_data_dir() as fresh:
                job = self.descend(depth, tier, data=fresh)
                self.assertEqual(plasmd.observed(job), plasmd.observed(expected))
                self.assertEqual(job["tier"], "full")

    def test_in_the_quick_tier_does_not_repeat_what_was_already_written(self):
        depth = self.depth_between()
        with plasmd.fresh_data_dir() as fresh:
            done = plasmd.run("run", GUESTS / "deep_recursion.wasm", str(depth), data=fresh,
                              flags=flags_for("native", "auto"))
        self.assertEqual((done.returncode, done.stdout.decode()),
                         (0, self.descend(depth, "full")["stdout"]))
        self.assertEqual(done.stdout.count(b"depth"), 1)

    def test_ends_at_the_same_depth_every_time(self):
        depth = self.deepest("full") * 2
        first, second = (plasmd.observed(self.descend(depth, "full")) for _ in range(2))
        self.assertEqual(first["trap"], "stack_overflow")
        self.assertEqual(first, second)


if __name__ == "__main__":
    plasmd.main()
