"""Real nodes that find each other through the DHT, and plasm nodes that lists them."""
import json
import os
import pathlib
import signal
import subprocess

import cli
import discovering
from discovering import free_port


def child_of(pid, name):
    """The child process of this name, or nothing."""
    for status in pathlib.Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
        except OSError:
            continue
        if f"Name:\t{name}\n" in text and f"PPid:\t{pid}\n" in text:
            return int(status.parent.name)
    return None


class NodesTest(discovering.Discovering):
    def config(self, name, text):
        file = self.folder / f"{name}.toml"
        file.write_text(text)
        return file

    def test_nodes_are_found_through_the_dht_by_what_they_are(self):
        alpha = self.start_node("alpha", "dht", "-c", self.config("alpha", '[labels]\nzone = "north"\n'))
        self.start_node("beta", "dht", "-c", self.config("beta", '[labels]\nzone = "south"\n'),
                        PLASM_DHT_BOOTSTRAP=alpha.dht)
        self.start_node("gamma", "dht", PLASM_DHT_BOOTSTRAP=alpha.dht)
        via = ("--bootstrap", alpha.dht)
        found = self.until_found(["alpha", "beta", "gamma"], *via)
        self.assertEqual(found["alpha"]["endpoints"], [f"https://127.0.0.1:{alpha.port}"])
        self.assertEqual(found["alpha"]["trust"], "none")
        self.assertEqual(found["alpha"]["policy"], "invitation")
        self.assertEqual(found["alpha"]["labels"], {"zone": "north"})
        self.assertGreater(found["alpha"]["cores"], 0)
        self.assertIsNone(found["alpha"]["freeCores"], "a stranger is not told")
        self.assertEqual(list(self.until_found(["beta"], "--select", "label.zone=south", *via)),
                         ["beta"])
        self.assertEqual(
            sorted(self.until_found(["alpha", "beta"], "--select", "label=zone,cores>=1", *via)),
            ["alpha", "beta"])
        nobody = self.nodes("--select", "arch=pdp11", *via)
        self.assert_ends(nobody, 1, "no such node")
        self.assertEqual(self.found("--trust", "pinned", *via), {})
        # What was learnt of the DHT is known the next time.
        self.until_found(["alpha", "beta", "gamma"], "--dht")

    def test_a_trusted_node_is_found_where_it_has_moved(self):
        meeting = self.start_node("meeting", "dht")
        port = free_port()
        moved = self.start_node("mover", "dht", "--listen", f"127.0.0.1:{port}",
                                PLASM_DHT_BOOTSTRAP=meeting.dht,
                                PLASM_ENDPOINTS=f"https://127.0.0.1:{port}")
        added = subprocess.run(
            [cli.plasm(), "node", "add", f"https://127.0.0.1:{port}", "--name", "mine", "--yes",
             "--data-dir", self.client], env=self.environment(), capture_output=True)
        self.assertEqual(added.returncode, 0, added.stderr)
        self.end_node(moved)
        port = free_port()
        self.start_node("mover", "dht", "--listen", f"127.0.0.1:{port}",
                        PLASM_DHT_BOOTSTRAP=meeting.dht,
                        PLASM_ENDPOINTS=f"https://127.0.0.1:{port}")
        found = self.until_found(["mine"], "--trust", "pinned", "--bootstrap", meeting.dht)
        self.assertEqual(found["mine"]["endpoints"], [f"https://127.0.0.1:{port}"])
        self.assertEqual(found["mine"]["trust"], "logged")

    def test_free_cores_are_told_to_clients_that_the_node_knows(self):
        running = self.start_node("known", "static")
        key = subprocess.run([cli.plasm(), "key", "--data-dir", self.client],
                             env=self.environment(), capture_output=True, check=True).stdout
        subprocess.run([cli.plasmd(), "client", "add", "me", key.decode().strip(), "--data-dir",
                        running.data], env=self.environment(), capture_output=True, check=True)
        subprocess.run([cli.plasm(), "node", "add", f"https://127.0.0.1:{running.port}", "--name",
                        "known", "--yes", "--data-dir", self.client], env=self.environment(),
                       capture_output=True, check=True)
        running.process.send_signal(signal.SIGHUP)
        running.read_until("reloaded")
        found = self.found()
        self.assertEqual(found["known"]["freeCores"], found["known"]["cores"])
        table = self.nodes()
        self.assertEqual(table.returncode, 0, table.stderr)
        heading, line = table.stdout.decode().splitlines()
        self.assertTrue(heading.startswith("NAME"))
        cores = found["known"]["cores"]
        for text in ("known", found["known"]["fingerprint"], "logged", f"{cores}/{cores}", " ms"):
            self.assertIn(text, line)

    def test_a_list_is_a_source(self):
        running = self.start_node("listed", "static")
        file = self.folder / "list"
        file.write_text(f"# ours\nhttps://127.0.0.1:{running.port}\nhttps://127.0.0.1:9\n")
        self.assertEqual(list(self.found("--list", file)), ["listed"])
        file.write_text("http://127.0.0.1\n")
        self.assert_ends(self.nodes("--list", file), 2, "line 1")

    def test_the_dht_process_may_be_killed(self):
        meeting = self.start_node("meeting", "dht")
        other = self.start_node("other", "dht", PLASM_DHT_BOOTSTRAP=meeting.dht)
        self.until_found(["meeting", "other"], "--bootstrap", meeting.dht)
        os.kill(child_of(other.process.pid, "plasm-dht"), signal.SIGKILL)
        failed = other.read_until("dht_failed")
        self.assertIn("killed by signal 9", failed["error"])
        other.read_until("dht_listening")
        self.until_found(["meeting", "other"], "--bootstrap", meeting.dht)

    def test_a_node_that_has_stopped_leaves_no_process_and_is_not_listed(self):
        meeting = self.start_node("meeting", "dht")
        gone = self.start_node("gone", "dht", PLASM_DHT_BOOTSTRAP=meeting.dht)
        self.until_found(["meeting", "gone"], "--bootstrap", meeting.dht)
        child = child_of(gone.process.pid, "plasm-dht")
        self.end_node(gone)
        self.assertFalse(pathlib.Path(f"/proc/{child}").exists())
        self.assertEqual(list(self.found("--bootstrap", meeting.dht)), ["meeting"])

    def test_watching_prints_again_and_again(self):
        running = self.start_node("listed", "static")
        file = self.folder / "list"
        file.write_text(f"https://127.0.0.1:{running.port}\n")
        watching = self.start("nodes", "--watch", "--json", "--list", str(file), "--data-dir",
                              str(self.client), program=cli.plasm())
        for _ in range(2):
            line = json.loads(watching.stdout.readline())
            self.assertEqual([found["name"] for found in line], ["listed"])
        watching.kill()
        watching.communicate()

    def test_mistakes_are_named(self):
        self.assert_ends(self.nodes("--select", "gpu"), 2, '"gpu"', "expected terms")
        self.assertEqual(self.nodes("--trust", "some").returncode, 2)
        for variable, value, said in (("PLASM_DISCOVERY", "dns", "expected static, dht or lan"),
                                      ("PLASM_DHT_BOOTSTRAP", "x", "HOST:PORT"),
                                      ("PLASM_PORT_MAPPING", "yes", "off or on")):
            done = subprocess.run([cli.plasmd(), "start", "--check", "--data-dir",
                                   self.folder / "d"], capture_output=True,
                                  env={**self.environment(), variable: value})
            self.assert_ends(done, cli.USAGE, said)


if __name__ == "__main__":
    discovering.main()
