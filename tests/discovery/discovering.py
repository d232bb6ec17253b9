"""Nodes that are told to be found, and plasm looking for them."""
import json
import os
import socket
import subprocess

import cli
import node


def free_port():
    """A port that nobody has. Somebody may take it before it is used, which no test survives."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Discovering(cli.CliTest):
    """A client's data folder, and nodes that end with the test."""

    def setUp(self):
        super().setUp()
        self.client = self.folder / "client"

    def start_node(self, name, via, *flags, **settings):
        """A node, and the address on which its DHT listens."""
        environment = {"PLASM_DISCOVERY": via, "PLASM_DHT_LISTEN": "127.0.0.1:0",
                       "PLASM_NAME": name, **settings}
        running = node.Node(self.folder / name, *flags, environment=environment)
        self.addCleanup(self.end_node, running)
        running.dht = None
        if "dht" in via:
            running.dht = running.read_until("dht_listening")["address"]
        return running

    def end_node(self, running):
        if running.process.poll() is None:
            self.assertEqual(running.stop(), 0)

    def nodes(self, *flags, **environment):
        return subprocess.run(
            [cli.plasm(), "nodes", "--data-dir", self.client, *flags], capture_output=True,
            env={**self.environment(), **environment}, timeout=cli.SECONDS)

    def found(self, *flags, **environment):
        """The nodes that plasm found, by name."""
        done = self.nodes("--json", *flags, **environment)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return {found["name"]: found for found in json.loads(done.stdout)}

    def until_found(self, names, *flags, tries=40, **environment):
        """Looks until just these nodes are found."""
        for _ in range(tries):
            found = self.found(*flags, **environment)
            if sorted(found) == sorted(names):
                return found
        raise AssertionError(f"found {sorted(found)}, expected {sorted(names)}")


main = node.main
