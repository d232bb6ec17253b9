"""A client, and nodes that it trusts and that know it."""
import json
import signal
import subprocess
import time

import cli
import node


class Several(cli.CliTest):
    """Every test has nodes of its own: most of them lose one."""
    names = ("alpha", "beta", "gamma")

    def setUp(self):
        super().setUp()
        self.client = self.folder / "client"
        self.nodes = {}
        self.addCleanup(self.stop_all)
        self.fingerprint = self.call("key", "--fingerprint").strip()
        for name in self.names:
            self.start_node(name)

    def start_node(self, name, config=""):
        data = self.folder / name
        data.mkdir()
        self.assert_ends(self.plasmd("client", "add", "me", self.fingerprint, "--data-dir", data), 0)
        (self.folder / f"{name}.toml").write_text(config)
        self.nodes[name] = node.Node(data, "-c", self.folder / f"{name}.toml")
        self.call("node add", f"https://127.0.0.1:{self.nodes[name].port}", "--yes", "--name", name)

    def stop_all(self):
        for running in self.nodes.values():
            if running.process.poll() is None:
                running.process.kill()
            running.wait()

    def send(self, name, number):
        self.nodes[name].process.send_signal(number)

    def kill(self, name):
        self.send(name, signal.SIGKILL)

    def try_call(self, verb, *words):
        command = [cli.plasm(), *verb.split(), "--data-dir", self.client, *words]
        return subprocess.run([str(word) for word in command], check=False, capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=cli.SECONDS, env=self.environment())

    def call(self, verb, *words, status=0):
        done = self.try_call(verb, *words)
        self.assert_ends(done, status)
        return done.stdout.decode()

    def begin(self, *words):
        """plasm run, which goes on."""
        command = [cli.plasm(), "run", "--data-dir", self.client, *words]
        return subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                env=self.environment())

    def jobs_on(self, name):
        return {job["id"]: job["state"]
                for job in json.loads(self.call("jobs", "--json", "--node", name))}

    def until(self, is_so, what):
        deadline = time.monotonic() + cli.SECONDS
        while time.monotonic() < deadline:
            if found := is_so():
                return found
        raise AssertionError(f"never: {what}")

    def until_it_runs(self, names=None):
        """The node that runs the job."""
        return self.until(lambda: next((name for name in names or self.names
                                        if "running" in self.jobs_on(name).values()), None),
                          "the job runs")

    def until_state(self, name, state):
        self.until(lambda: state in self.jobs_on(name).values(), f"a job on {name} is {state}")
