"""What is installed where, and which version of it find_package and pkg-config take."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from installed import SOURCE, call, compiler_flags, configure, files, install, library_folder

PROGRAM = """#include <plasm/plasm.h>
int main() { return plasm::Version()[0] == '0' ? 0 : 1; }
"""


class PackageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory(prefix="plasm-install-")
        cls.addClassCleanup(temporary.cleanup)
        cls.work = pathlib.Path(temporary.name)
        cls.prefix = cls.work / "prefix"
        install(cls.prefix)

    def test_each_component_is_its_own_package(self):
        expected = {
            "client": ["bin/plasm"],
            "node": ["bin/plasmd"],
            "worker": ["libexec/plasm/plasm-worker"],
            "dht": ["libexec/plasm/plasm-dht"],
            "lib": ["lib/libplasm.so.0", "lib/libplasm.so.0.1.0"],
        }
        everything = []
        for component in (*expected, "dev"):
            prefix = self.work / component
            install(prefix, component)
            everything += files(prefix)
            if component != "dev":
                self.assertEqual(files(prefix), expected[component])
            else:
                for name in ("include/plasm/plasm.h", "lib/libplasm.so", "lib/cmake/plasm/plasmConfig.cmake",
                             "lib/cmake/plasm/plasmConfigVersion.cmake", "lib/pkgconfig/plasm.pc"):
                    self.assertIn(name, files(prefix))
        self.assertEqual(sorted(everything), files(self.prefix))

    def test_versions_of_one_minor_number_are_taken(self):
        for version, taken in (("0.1", True), ("0.1.0", True), ("0.1.9", False), ("0.0", False),
                               ("0.2", False), ("1.0", False)):
            with self.subTest(version=version):
                source = self.work / f"of-{version}"
                source.mkdir()
                (source / "CMakeLists.txt").write_text(
                    "cmake_minimum_required(VERSION 3.25)\nproject(of LANGUAGES CXX)\n"
                    f"find_package(plasm {version} REQUIRED)\n")
                done = configure(source, source / "build", self.prefix)
                self.assertEqual(done.returncode == 0, taken, done.stdout)

    def test_it_may_be_moved_and_pkg_config_finds_it(self):
        if not shutil.which("pkg-config"):
            self.skipTest("pkg-config is not installed")
        moved = self.work / "moved"
        shutil.copytree(self.prefix, moved, symlinks=True)
        flags = call("pkg-config", "--cflags", "--libs", "plasm", env={
            **os.environ, "PKG_CONFIG_PATH": str(next(moved.rglob("plasm.pc")).parent)}).split()
        self.assertEqual(call("pkg-config", "--modversion", next(moved.rglob("plasm.pc"))).strip(), "0.1.0")
        (self.work / "main.cc").write_text(PROGRAM)
        call(os.environ["CXX"], self.work / "main.cc", "-o", self.work / "main", *compiler_flags(), *flags)
        call(self.work / "main", env={"LD_LIBRARY_PATH": str(library_folder(moved))})

    def test_the_programs_work_where_they_are_installed(self):
        hello = SOURCE / "examples" / "hello.wasm"
        for words in (("plasmd", "run"), ("plasm", "run")):
            done = subprocess.run([self.prefix / "bin" / words[0], words[1], hello, "abc"], text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, check=False,
                                  stdin=subprocess.DEVNULL, env={"HOME": str(self.work)})
            self.assertEqual((done.returncode, done.stdout), (0, "cba"), done.stderr)


if __name__ == "__main__":
    unittest.main()
