"""Breaks the layers in a small project of its own and sees that nothing comes of it."""
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["PLASM_SOURCE"])

PROJECT = f"""
cmake_minimum_required(VERSION 3.25)
project(tiny LANGUAGES CXX)
include({SOURCE}/cmake/Layers.cmake)
add_library(plasm_options INTERFACE)
"""


class LayersTest(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="plasm-layers-")
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.project = PROJECT

    def layer(self, name, uses="", header="", source=""):
        folder = self.folder / "src" / name
        folder.mkdir(parents=True)
        leaf = name.replace("/", "_")
        (folder / f"{leaf}.h").write_text(f"#pragma once\n{header}\n")
        (folder / f"{leaf}.cc").write_text(f'#include "{name}/{leaf}.h"\n{source}\n')
        (folder / "CMakeLists.txt").write_text(
            f"plasm_layer({name} SOURCES {leaf}.cc {'USES ' + uses if uses else ''})\n")
        self.project += f"add_subdirectory(src/{name})\n"

    def cmake(self, *words):
        return subprocess.run([os.environ["CMAKE"], *words], cwd=self.folder, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)

    def configure(self):
        (self.folder / "CMakeLists.txt").write_text(self.project)
        # The compiler is known to work: looking it over again takes most of the time.
        return self.cmake("-S", ".", "-B", "build", "-G", "Ninja", "-DCMAKE_CXX_COMPILER_FORCED=ON")

    def build(self):
        configured = self.configure()
        self.assertEqual(configured.returncode, 0, configured.stdout)
        return self.cmake("--build", "build")

    def test_what_the_graph_allows_builds(self):
        self.layer("base")
        self.layer("crypto", uses="base", source='#include "base/base.h"')
        self.layer("worker/protocol", uses="base", source='#include "base/base.h"')
        built = self.build()
        self.assertEqual(built.returncode, 0, built.stdout)

    def test_a_forbidden_edge_fails_at_configure_and_is_named(self):
        for name, used in [("base", "crypto"), ("crypto", "receipt"), ("receipt", "wasi"),
                           ("wasi", "sandbox"), ("worker/supervisor", "sandbox"),
                           ("worker/protocol", "worker/loop")]:
            with self.subTest(name=name, used=used):
                self.setUp()
                self.layer(name, uses=used)
                configured = self.configure()
                self.assertNotEqual(configured.returncode, 0)
                flat = " ".join(configured.stdout.split())
                self.assertIn(f"layer '{name}' may not use '{used}'", flat)

    def test_a_layer_without_a_row_fails_at_configure(self):
        self.layer("helpers")
        configured = self.configure()
        self.assertNotEqual(configured.returncode, 0)
        self.assertIn("'helpers' has no row", configured.stdout)

    def test_a_header_of_a_layer_that_is_not_used_is_not_found(self):
        self.layer("base")
        self.layer("crypto")
        self.layer("receipt", uses="base", source='#include "crypto/crypto.h"')
        built = self.build()
        self.assertNotEqual(built.returncode, 0)
        self.assertRegex(built.stdout, r"crypto/crypto\.h.*(No such file|not found)")

    def test_a_layer_is_not_reached_from_beside_it(self):
        self.layer("worker/protocol")
        self.layer("worker/loop", source='#include "worker/protocol/worker_protocol.h"')
        built = self.build()
        self.assertNotEqual(built.returncode, 0)
        self.assertIn("worker/protocol/worker_protocol.h", built.stdout)

    def test_no_source_climbs_out_of_its_layer(self):
        climbing = re.compile(r'^\s*#\s*include\s*"(\.\./|[^"]*/\.\./|/)', re.MULTILINE)
        files = [path for pattern in ("*.cc", "*.h") for path in (SOURCE / "src").rglob(pattern)]
        self.assertGreater(len(files), 50)
        self.assertEqual([str(path) for path in files if climbing.search(path.read_text())], [])

    def test_only_the_sandbox_includes_the_engine(self):
        including = re.compile(r"^\s*#\s*include\s*[<\"]wasmtime|^\s*#\s*include\s*[<\"]wasm\.h", re.MULTILINE)
        found = {str(path.relative_to(SOURCE / "src").parts[0])
                 for pattern in ("*.cc", "*.h") for path in (SOURCE / "src").rglob(pattern)
                 if including.search(path.read_text())}
        self.assertEqual(found, {"sandbox"})
        self.assertEqual([str(path) for pattern in ("*.cc", "*.h")
                          for path in (SOURCE / "apps").rglob(pattern)
                          if including.search(path.read_text())], [])


if __name__ == "__main__":
    unittest.main()
