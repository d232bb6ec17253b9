"""The documents say what is so: every command of README.md works as printed, and the layer
table of ARCHITECTURE.md is the one that CMake enforces."""
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from commands import demo_folder, run_as_printed

ROOT = pathlib.Path(__file__).resolve().parents[2]


class ReadmeTest(unittest.TestCase):
    def test_every_command_works_as_printed(self):
        text = (ROOT / "README.md").read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as work:
            tree = demo_folder(pathlib.Path(work), pathlib.Path(os.environ["PLASMD"]).parent, ROOT)
            environment = {**os.environ, "XDG_DATA_HOME": work + "/data", "HOME": work}
            self.assertGreater(run_as_printed(self, text, tree, environment), 15)

    def test_the_five_minutes_of_the_guide_work_as_printed(self):
        text = (ROOT / "docs" / "getting-started.md").read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as work:
            tree = demo_folder(pathlib.Path(work), pathlib.Path(os.environ["PLASMD"]).parent, ROOT)
            environment = {**os.environ, "XDG_DATA_HOME": work + "/data", "HOME": work}
            from_build = text.split("## From a build")[1]
            self.assertGreater(run_as_printed(self, from_build, tree, environment), 8)

    def test_every_flag_and_exit_status_is_listed(self):
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        verbs = {"PLASMD": ("run", "execute-job", "verify-receipt", "key show", "key rotate", "key revoke",
                            "card show"),
                 "PLASM": ("run", "submit", "jobs", "logs", "output", "receipt", "node add", "key", "verify", "audit", "trust add", "trust revoke", "log prove", "log cosign")}
        for program, verb in ((program, verb) for program, names in verbs.items() for verb in names):
            usage = subprocess.run([os.environ[program], *verb.split(), "--help"], text=True,
                                   stdout=subprocess.PIPE, timeout=60, check=True).stdout
            for flag in re.findall(r"--[a-z][a-z-]+", usage):
                if flag != "--help":
                    self.assertIn(flag, readme, f"{verb} {flag}")
            if program == "PLASM":
                continue  # verdicts have a test of their own
            for status in re.findall(r"\b1[235]\d (?=[a-z])", usage):
                self.assertIn(f"| {status.strip()} |", readme)


class ArchitectureTest(unittest.TestCase):
    def test_the_layer_table_is_the_one_that_cmake_enforces(self):
        cmake = (ROOT / "cmake" / "Layers.cmake").read_text(encoding="utf-8")
        enforced = {name: set(used.split()) - {'""'}
                    for name, used in re.findall(r"^set\(PLASM_MAY_USE_(\S+)\s+(.*?)\)$", cmake, re.MULTILINE)}
        text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
        table = text.split("| layer |")[1].split("\n\n")[0]
        written = {row[0]: set(re.findall(r"`([^`]+)`", row[1]))
                   for row in re.findall(r"^\| `([^`]+)` \|.*\|([^|]*)\|$", table, re.MULTILINE)}
        self.assertEqual(written, enforced)


if __name__ == "__main__":
    unittest.main(verbosity=2)
