"""The packages in a clean Debian 12: installed, used, upgraded, removed and purged."""
import pathlib
import stat
import sys
import tempfile
import unittest

import commands
import packages
from packages import CleanRoot

DATA = "/var/lib/plasm"
CONFIG = "/etc/plasm/node.toml"
OLDER = "0.0.9"
INSTALLED = packages.NAMES

# Two nodes, the second of which announces itself to the first.
TWO_NODES = """
node() {
  name=$1
  shift
  : >"/tmp/$name.log"
  env PLASM_NAME="$name" PLASM_LOG_FORMAT=json PLASM_DISCOVERY=dht PLASM_DHT_LISTEN=127.0.0.1:0 "$@" \\
    plasmd start --data-dir "/tmp/$name" --listen 127.0.0.1:0 >"/tmp/$name.log" 2>&1 &
  until dht=$(sed -n 's/.*dht_listening.*"address":"\\([^"]*\\)".*/\\1/p' "/tmp/$name.log") && [ "$dht" ]; do
    kill -0 $!; sleep 0.1
  done
}
node meeting
meeting=$dht
node other PLASM_DHT_BOOTSTRAP="$meeting"
for attempt in $(seq 40); do
  if plasm nodes --bootstrap "$meeting" | grep '^other'; then exit 0; fi
done
cat /tmp/*.log
exit 1
"""


def install(root, files):
    # It refuses to set up what depends on something that is not there.
    root.run("dpkg", "--install", *root.put(*files))


class CleanRootTest(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="plasm-root-", ignore_cleanup_errors=True)
        self.addCleanup(temporary.cleanup)
        self.work = pathlib.Path(temporary.name)
        folder = self.work / "root"
        folder.mkdir()
        self.root = CleanRoot(folder)

    def as_node(self, *words):
        return self.root.run(*words, user="plasm").stdout

    def test_the_five_minute_guide_works_as_printed(self):
        install(self.root, [packages.paths()[name] for name in ("plasm", "plasmd", "plasm-worker")])
        text = (packages.ROOT / "docs" / "getting-started.md").read_text("utf-8")
        before, rest = text.split("## From a build")
        self.root.run("useradd", "--create-home", "you")

        def shell(script):
            return self.root.run("sh", "-ec", f"mkdir ~/try && cd ~/try\n{script}", user="you", check=False,
                                 environment={"HOME": "/home/you"})

        ran = commands.check_as_printed(self, before + rest.split("## ", 1)[1], shell)
        self.assertGreater(ran, 8)

    def test_it_comes_with_user_folder_and_unit(self):
        install(self.root, packages.paths().values())
        self.assertIn("plasm", self.root.run("getent", "passwd", "plasm").stdout)
        data = self.root.path(DATA).stat()
        self.assertEqual(stat.S_IMODE(data.st_mode), 0o700)
        self.assertEqual(str(data.st_uid), self.root.run("id", "-u", "plasm").stdout.strip())
        wanted = self.root.path("/etc/systemd/system")
        self.assertTrue((wanted / "multi-user.target.wants" / "plasmd.service").is_symlink())
        self.assertFalse((wanted / "sockets.target.wants" / "plasmd.socket").is_symlink())
        self.assertIn("ok", self.as_node("plasmd", "start", "-c", CONFIG, "--check"))
        for file in ("/usr/share/man/man1/plasm.1.gz", "/usr/share/man/man1/plasmd.1.gz",
                     "/usr/share/bash-completion/completions/plasm", "/usr/share/zsh/vendor-completions/_plasm",
                     "/usr/share/fish/vendor_completions.d/plasm.fish", "/usr/share/doc/plasm/plasm.spdx.json",
                     "/usr/lib/libplasm.so.0", "/usr/include/plasm/plasm.h", "/usr/lib/pkgconfig/plasm.pc"):
            # minbase roots may leave documents out, and then say so.
            if not self.root.path(file).exists():
                self.assertIn(file, self.root.run("sh", "-c", "cat /etc/dpkg/dpkg.cfg.d/*").stdout)

    def test_nodes_find_each_other_through_the_dht(self):
        install(self.root, [packages.paths()[name] for name in ("plasm", "plasm-dht", "plasmd", "plasm-worker")])
        self.assertRegex(self.root.run("sh", "-ec", TWO_NODES).stdout, r"(?m)^other +SHA256:")

    def test_looking_into_the_dht_says_what_is_missing_without_its_package(self):
        install(self.root, [packages.paths()[name] for name in ("plasm", "plasm-worker")])
        done = self.root.run("plasm", "nodes", "--dht", check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("plasm-dht is not beside /usr/bin/plasm", done.stdout)

    def test_an_upgrade_keeps_data_and_configuration(self):
        found = packages.paths()
        install(self.root, [packages.as_version(found[name], OLDER, self.work)
                            for name in ("plasm", "plasmd", "plasm-worker")])
        self.assertEqual(self.version("plasmd"), OLDER)
        key = self.as_node("plasmd", "key", "show", "identity", "--data-dir", DATA)
        self.as_node("plasmd", "execute-job", "--data-dir", DATA, "-o", f"{DATA}/before.json",
                     "/usr/share/doc/plasm/examples/hello.wasm", "abc")
        config = self.root.path(CONFIG)
        edited = config.read_text("utf-8").replace("workers = 0", "workers = 3")
        config.write_text(edited, "utf-8")
        secret = self.root.path(f"{DATA}/identity.key").read_bytes()

        install(self.root, [found[name] for name in ("plasm", "plasmd", "plasm-worker")])
        self.assertNotEqual(self.version("plasmd"), OLDER)
        self.assertEqual(config.read_text("utf-8"), edited)
        self.assertEqual(self.root.path(f"{DATA}/identity.key").read_bytes(), secret)
        self.assertEqual(self.as_node("plasmd", "key", "show", "identity", "--data-dir", DATA), key)
        self.as_node("plasm", "trust", "add", "me", "--self", "--data-dir", DATA)
        self.assertIn("VALID", self.as_node("plasm", "verify", "--replay", "--data-dir", DATA, f"{DATA}/before.json"))

    def test_removing_keeps_everything_that_is_not_the_package_and_purging_keeps_keys_and_log(self):
        install(self.root, packages.paths().values())
        self.as_node("plasmd", "execute-job", "--data-dir", DATA, "-o", f"{DATA}/kept.json",
                     "/usr/share/doc/plasm/examples/hello.wasm", "abc")
        kept = {"identity.key", "receipt.key", "log.key", "card.json", "log", "blobs", "kept.json"}
        self.root.run("dpkg", "--remove", *INSTALLED)
        self.assertFalse(self.root.path("/usr/bin/plasmd").exists())
        self.assertTrue(self.root.path(CONFIG).exists())
        self.assertLessEqual(kept | {"artefacts"}, self.data())

        done = self.root.run("dpkg", "--purge", *INSTALLED)
        self.assertIn(f"{DATA} is kept", done.stdout)
        self.assertFalse(self.root.path("/etc/plasm").exists())
        self.assertLessEqual(kept, self.data())
        self.assertNotIn("artefacts", self.data())
        left = self.root.path("/etc/systemd/system")
        self.assertEqual([path for path in left.rglob("plasmd*")], [])

    def test_purging_takes_the_data_when_it_is_asked_to(self):
        install(self.root, packages.paths().values())
        self.as_node("plasmd", "key", "show", "--data-dir", DATA)
        self.root.run("dpkg", "--purge", *INSTALLED, environment={"PLASM_PURGE": "data"})
        self.assertFalse(self.root.path(DATA).exists())

    def version(self, package):
        return self.root.run("dpkg-query", "-W", "-f", "${Version}", package).stdout

    def data(self):
        return {path.name for path in self.root.path(DATA).iterdir()}


if __name__ == "__main__":
    packages.asked_for()
    try:
        packages.base()
    except packages.Missing as reason:
        print(reason)
        sys.exit(77)
    packages.make()
    unittest.main(verbosity=2)
