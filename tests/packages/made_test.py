"""The packages: the same bytes each time, nothing that Debian's checker calls an error, and a list of what
is inside that is whole."""
import gzip
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import tomllib
import unittest

import packages
from packages import ROOT


class MadeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.digests = packages.make()
        cls.packages = packages.paths()

    def unpacked(self, name):
        temporary = tempfile.TemporaryDirectory(prefix="plasm-package-")
        self.addCleanup(temporary.cleanup)
        subprocess.run(["dpkg-deb", "--raw-extract", self.packages[name], temporary.name], check=True)
        return pathlib.Path(temporary.name)

    def test_the_same_build_gives_the_same_bytes(self):
        kept = tempfile.TemporaryDirectory(prefix="plasm-package-")
        self.addCleanup(kept.cleanup)
        # What is generated is made again too.
        generated = ROOT / "build" / "release" / "package"
        for file in (*generated.glob("*.gz"), generated / "plasm.spdx.json"):
            file.unlink()
        self.assertEqual(packages.make(), self.digests)
        self.assertEqual(len(self.digests), len(packages.NAMES))

    def test_another_folder_gives_the_same_bytes(self):
        # Below this one: where a compiler cache makes paths relative to a base, it does so there too.
        with tempfile.TemporaryDirectory(prefix="another-folder-", dir=ROOT / "build") as elsewhere:
            made = packages.make(packages.built_elsewhere(pathlib.Path(elsewhere)))
        self.assertEqual(made, self.digests)

    @unittest.skipUnless(shutil.which("lintian"), "lintian is not installed: script/bootstrap develop installs it")
    def test_lintian_finds_no_error(self):
        done = subprocess.run(["lintian", "--allow-root", "--fail-on", "error", "--tag-display-limit", "0",
                               *self.packages.values()], text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=packages.SECONDS, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_the_changelog_names_the_version_that_is_packed(self):
        version = re.search(r"project\(plasm VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text("utf-8"))[1]
        for name, path in self.packages.items():
            self.assertEqual(path.name.split("_")[1], version)
            text = gzip.decompress((self.unpacked(name) / "usr/share/doc" / name / "changelog.gz").read_bytes())
            self.assertTrue(text.decode().startswith(f"plasm ({version}) "), text)

    def test_the_list_of_parts_has_every_crate_and_every_library(self):
        sbom = json.loads((self.unpacked("plasm") / "usr/share/doc/plasm/plasm.spdx.json").read_text("utf-8"))
        self.assertEqual(sbom["spdxVersion"], "SPDX-2.3")
        named = {(part["name"], part["versionInfo"]) for part in sbom["packages"]}
        lock = tomllib.loads((ROOT / "src/sandbox/engine/Cargo.lock").read_text("utf-8"))
        crates = {(crate["name"], crate["version"]) for crate in lock["package"] if "source" in crate}
        self.assertGreater(len(crates), 50)
        self.assertLessEqual(crates, named)
        names = {name for name, _ in named}
        self.assertLessEqual({"libssl-dev", "libsodium-dev", "libsqlite3-dev", "libseccomp-dev", "libtorrent-rasterbar-dev",
                              "nlohmann-json3-dev", "libtomlplusplus-dev"}, names)
        identifiers = [part["SPDXID"] for part in sbom["packages"]]
        self.assertEqual(len(identifiers), len(set(identifiers)))
        for relation in sbom["relationships"]:
            for end in ("spdxElementId", "relatedSpdxElement"):
                self.assertIn(relation[end], [*identifiers, "SPDXRef-DOCUMENT"])

    def test_the_man_pages_have_every_verb_and_format_without_a_warning(self):
        for name, verbs in (("plasm", ("run", "trust add", "log cosign")), ("plasmd", ("start", "client add"))):
            page = gzip.decompress((self.unpacked(name) / f"usr/share/man/man1/{name}.1.gz").read_bytes())
            for verb in verbs:
                self.assertIn(f".SS {name} {verb}\n", page.decode())
            if shutil.which("groff"):
                done = subprocess.run(["groff", "-man", "-Tutf8", "-Kutf8", "-ww"], input=page, timeout=60,
                                      stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True)
                self.assertEqual(done.stderr.decode(), "")

    def test_no_path_of_the_machine_is_in_what_we_compile(self):
        for name, file in (("plasm", "usr/bin/plasm"), ("plasmd", "usr/bin/plasmd"),
                           ("plasm-dht", "usr/libexec/plasm/plasm-dht"),
                           ("libplasm0", "usr/lib/libplasm.so.0")):
            self.assertNotIn(str(ROOT).encode(), (self.unpacked(name) / file).read_bytes(), name)


if __name__ == "__main__":
    packages.asked_for()
    unittest.main(verbosity=2)
