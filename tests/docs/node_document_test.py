"""docs/node.md has every setting and every metric of a node, and a backup is restored as it says."""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import tomllib
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "node.md").read_text("utf-8")
SECONDS = 120


class NodeDocumentTest(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="plasm-node-")
        self.addCleanup(temporary.cleanup)
        self.work = pathlib.Path(temporary.name)
        self.data = self.work / "node"
        self.environment = {"HOME": str(self.work), "PATH": os.environ["PATH"], "XDG_DATA_HOME": str(self.work)}

    def call(self, program, *words, check=True):
        done = subprocess.run([os.environ[program], *words], env=self.environment, text=True, timeout=SECONDS,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        if check:
            self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def start(self):
        """The node; gives its address."""
        self.node = subprocess.Popen([os.environ["PLASMD"], "start", "--data-dir", self.data, "--listen", "127.0.0.1:0"],
                                     env=self.environment, text=True, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        self.addCleanup(self.stop, self.node)
        address = None
        for line in self.node.stderr:
            found = re.search(r'listening address="(127\.[^"]+)"', line)
            address = found[1] if found else address
            if " ready" in line:
                return f"https://{address}"
        raise AssertionError("the node did not start")

    def stop(self, node):
        if node.poll() is None:
            node.send_signal(signal.SIGTERM)
            node.stderr.read()
            self.assertEqual(node.wait(SECONDS), 0)
        node.stderr.close()

    def test_every_setting_is_in_the_table(self):
        rows = TEXT.split("## Configuration")[1].split("\n\nThe variable")[0]
        settings = tomllib.loads(self.call("PLASMD", "start", "--print-config"))
        self.assertGreater(len(settings), 15)
        for key, value in settings.items():
            self.assertIn(f"`[{key}]`" if isinstance(value, dict) else f"`{key}`", rows)
            for inner in value if isinstance(value, dict) else ():
                self.assertIn(f"`{inner}`", rows)

    def test_every_metric_is_in_the_table(self):
        sources = "\n".join(path.read_text("utf-8") for path in (ROOT / "src" / "api").glob("*.cc")
                            if not path.name.endswith("_test.cc"))
        names = set(re.findall(r'"(plasm_[a-z_]+)"', sources))
        self.assertGreater(len(names), 10)
        told = set(re.findall(r"`(plasm_[a-z_]+)", TEXT))
        self.assertEqual(told, names)

    def run_job(self, text):
        """The verdict, and where the receipt is."""
        done = self.call("PLASM", "run", "--json", "--node", "n", str(ROOT / "examples" / "hello.wasm"), text, check=False)
        return [re.search(rf'"{name}": "(.*)"', done)[1] for name in ("verdict", "receipt")]

    def know_node(self, address):
        self.call("PLASM", "node", "add", address, "--name", "n", "--yes")

    def test_a_backup_is_restored_as_it_says(self):
        key = self.call("PLASM", "key").strip()
        self.call("PLASMD", "client", "add", "me", key, "--data-dir", str(self.data))
        self.know_node(self.start())
        self.assertEqual(self.run_job("before")[0], "VALID")
        self.stop(self.node)
        backup = self.work / "backup.tar.gz"
        subprocess.run(["tar", "--create", "--gzip", "--file", backup, "--directory", self.work, "--exclude=node/artefacts",
                        "--exclude=node/plasmd.sock", "node"], check=True)
        # The node goes on, and answers for something that the backup does not know.
        self.know_node(self.start())
        between = self.run_job("between")
        self.stop(self.node)
        shutil.rmtree(self.data)

        subprocess.run(["tar", "--extract", "--gzip", "--file", backup, "--directory", self.work], check=True)
        self.call("PLASMD", "key", "rotate", "log", "--data-dir", str(self.data))
        address = self.start()
        self.know_node(address)
        self.assertEqual(self.run_job("after")[0], "VALID")
        self.assertEqual(between[0], "VALID")
        self.assertIn("VALID  ", self.call("PLASM", "verify", between[1]))
        self.assertIn("sound: ", self.call("PLASM", "log", "fsck", "--data-dir", str(self.data)))


if __name__ == "__main__":
    unittest.main(verbosity=2)
