"""The documents say what is so: every command of README.md works as printed, and the layer
table of ARCHITECTURE.md is the one that CMake enforces."""
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
ELLIPSIS = "…"


def console_blocks(text):
    """[(command, expected output)] of the ```console blocks, in order."""
    commands = []
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                commands.append((line[2:], []))
            else:
                commands[-1][1].append(line)
    return [(command, "\n".join(expected)) for command, expected in commands]


def pattern(expected):
    """A line that is only an ellipsis stands for any lines, within a line for any characters."""
    parts = re.split(rf"(?:^{ELLIPSIS}$)", expected, flags=re.MULTILINE)
    inner = [".*?".join(re.escape(piece) for piece in part.split(ELLIPSIS)) for part in parts]
    return "(?:(?s:.*))".join(inner)


class ReadmeTest(unittest.TestCase):
    def test_every_command_works_as_printed(self):
        commands = console_blocks((ROOT / "README.md").read_text(encoding="utf-8"))
        self.assertGreater(len(commands), 15)
        bin_folder = pathlib.Path(os.environ["PLASMD"]).parent
        with tempfile.TemporaryDirectory() as work:
            # The repository as a stranger has it after script/demo, at another place.
            tree = pathlib.Path(work) / "plasm"
            (tree / "build" / "release").mkdir(parents=True)
            (tree / "build" / "release" / "bin").symlink_to(bin_folder)
            (tree / "examples").symlink_to(ROOT / "examples")
            mark = "--- end of command"
            script = "".join(f"{command}\necho '{mark}'\n" for command, _ in commands)
            environment = {**os.environ, "XDG_DATA_HOME": work + "/data", "HOME": work}
            done = subprocess.run(["sh", "-e"], input=script, cwd=tree, env=environment, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, check=False)
        outputs = done.stdout.split(mark)
        self.assertEqual(len(outputs), len(commands) + 1, done.stdout)
        self.assertEqual(done.returncode, 0, done.stdout)
        for (command, expected), output in zip(commands, outputs):
            with self.subTest(command=command):
                self.assertRegex(output.strip(), re.compile(r"\A" + pattern(expected).strip() + r"\Z"))

    def test_every_flag_and_exit_status_is_listed(self):
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        for verb in ("run", "execute-job", "verify-receipt", "key show"):
            usage = subprocess.run([os.environ["PLASMD"], *verb.split(), "--help"], text=True,
                                   stdout=subprocess.PIPE, timeout=60, check=True).stdout
            for flag in re.findall(r"--[a-z][a-z-]+", usage):
                if flag != "--help":
                    self.assertIn(flag, readme, f"{verb} {flag}")
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
