"""The public headers need nothing but the C++20 standard library, and each needs no other before it."""
import os
import pathlib
import re
import shutil
import subprocess
import unittest

from installed import SOURCE, call

INCLUDE = SOURCE / "include"
HEADERS = sorted(path.relative_to(INCLUDE) for path in (INCLUDE / "plasm").iterdir())
WARNINGS = ["-std=c++20", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror"]


class HeadersTest(unittest.TestCase):
    def test_they_include_each_other_and_the_standard_library(self):
        self.assertGreater(len(HEADERS), 5)
        for header in HEADERS:
            for name in re.findall(r'^\s*#\s*include\s*(\S+)', (INCLUDE / header).read_text("utf-8"), re.M):
                with self.subTest(header=str(header), name=name):
                    own = re.fullmatch(r"<(plasm/[a-z]+\.h)>", name)
                    if own:
                        self.assertIn(pathlib.Path(own[1]), HEADERS)
                    else:
                        self.assertRegex(name, r"^<[a-z_]+>$")

    def test_the_umbrella_is_whole(self):
        text = (INCLUDE / "plasm" / "plasm.h").read_text("utf-8")
        for header in HEADERS:
            if header.name not in ("plasm.h", "abi.h"):
                self.assertIn(f"#include <{header}>", text)

    def test_each_compiles_alone_and_twice(self):
        found = (os.environ["CXX"], shutil.which("g++"), shutil.which("clang++-19"))
        compilers = {os.path.realpath(compiler) for compiler in found if compiler}
        for compiler in compilers:
            for header in HEADERS:
                with self.subTest(compiler=compiler, header=str(header)):
                    done = subprocess.run(
                        [compiler, *WARNINGS, "-fsyntax-only", f"-I{INCLUDE}", "-x", "c++", "-"],
                        input=f"#include <{header}>\n" * 2, text=True, stderr=subprocess.PIPE,
                        timeout=120, check=False)
                    self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_nothing_of_the_layers_is_named(self):
        for header in HEADERS:
            text = (INCLUDE / header).read_text("utf-8")
            for layer in ("client::", "receipt::", "verify::", "net::", "crypto::", "Result<"):
                self.assertNotIn(layer, text, header)

    def test_the_version_is_the_one_of_the_project(self):
        project = re.search(r"project\(plasm VERSION (\S+)", (SOURCE / "CMakeLists.txt").read_text())[1]
        numbers = call(os.environ["CXX"], "-E", "-P", "-x", "c++", "-", f"-I{INCLUDE}", input=(
            "#include <plasm/version.h>\n"
            "PLASM_VERSION_MAJOR.PLASM_VERSION_MINOR.PLASM_VERSION_PATCH PLASM_VERSION_STRING\n"))
        self.assertEqual(numbers.splitlines()[-1].replace(" ", ""), f'{project}"{project}"')


if __name__ == "__main__":
    unittest.main()
