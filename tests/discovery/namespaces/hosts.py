"""Hosts in network namespaces, and the nodes and other programs on them."""
import base64
import hashlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading

import cli

ENTER = ["unshare", "--user", "--map-root-user", "--net"]
INSIDE = "PLASM_TEST_INSIDE"
PORT = 7420
DHT_PORT = 7421
# Prints what is at a URL, whoever the server is.
FETCH = """
import ssl, sys, urllib.request
with urllib.request.urlopen(sys.argv[1], context=ssl._create_unverified_context()) as answer:
    print(answer.read().decode(), end="")
"""


def run(*command):
    subprocess.run(command, check=True, timeout=cli.SECONDS)


def run_inside(main):
    """Runs a test in namespaces of its own, where it may make others; says so where that can't be."""
    if INSIDE in os.environ:
        main()
        return
    probe = subprocess.run([*ENTER, "sh", "-c", "ip tuntap add probe mode tun"], capture_output=True, text=True,
                           check=False)
    if probe.returncode != 0:
        print(f"skipped: no network namespaces with TUN devices here: {probe.stderr.strip()}", flush=True)
        sys.exit(77)
    done = subprocess.run([*ENTER, sys.executable, *sys.argv], check=False, env={**os.environ, INSIDE: "yes"})
    sys.exit(done.returncode)


class Network:
    """As many hosts as names, each with the address 10.77.<number>.1 and others beside it."""

    def __init__(self, names, delay_ms, jitter_ms, loss_percent, addresses):
        self.names = names
        self.holders = []
        for _ in names:
            holder = subprocess.Popen(["unshare", "--net", "sh", "-c", "echo here; exec cat >&2"],
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            holder.stdout.readline()
            self.holders.append(holder)
        self.router = subprocess.Popen(
            [sys.executable, pathlib.Path(__file__).with_name("router.py"), str(delay_ms),
             str(jitter_ms), str(loss_percent), *names],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.router.stdout.readline()
        for number, (name, holder) in enumerate(zip(names, self.holders), 1):
            run("ip", "link", "set", name, "netns", str(holder.pid))
            run(*self.on(name), "ip", "link", "set", "lo", "up")
            for host in range(1, addresses + 1):
                run(*self.on(name), "ip", "address", "add", f"10.77.{number}.{host}/16", "dev", name)
            run(*self.on(name), "ip", "link", "set", name, "up")

    def on(self, name):
        """What a command begins with that is to run on a host."""
        return ["nsenter", f"--net=/proc/{self.holders[self.names.index(name)].pid}/ns/net"]

    def address(self, name, host=1):
        return f"10.77.{self.names.index(name) + 1}.{host}"

    def tell(self, text):
        print(text, file=self.router.stdin, flush=True)
        return self.router.stdout.readline().strip()

    def end(self):
        for process in (self.router, *self.holders):
            process.stdin.close()
            process.wait(cli.SECONDS)
            process.stdout.close()


class Host:
    """A node on a host of the network: plasmd, which can be killed and started again. It knows the client
    of this key; without one it is open to everybody."""

    def __init__(self, network, name, folder, program, bootstrap, client_key):
        self.network, self.name, self.folder = network, name, folder
        self.program, self.bootstrap = program, bootstrap
        folder.mkdir()
        self.data = folder / "data"
        self.policy = "invitation" if client_key else "open"
        if client_key:
            run_quietly(program, "client", "add", "tester", *client_key.split()[:2], "--data-dir", self.data)

    @property
    def url(self):
        return f"https://{self.network.address(self.name)}:{PORT}"

    def start(self):
        address = self.network.address(self.name)
        environment = {
            "HOME": str(self.folder), "PATH": os.environ["PATH"], "PLASM_LOG_FORMAT": "json",
            "PLASM_LOG_LEVEL": "debug", "PLASM_POLICY": self.policy,
            "PLASM_NAME": self.name, "PLASM_DISCOVERY": "dht", "PLASM_DHT_LISTEN": f"{address}:{DHT_PORT}",
            "PLASM_DHT_BOOTSTRAP": self.bootstrap, "PLASM_ENDPOINTS": self.url, "PLASM_WORKERS": "1",
            "PLASM_DRAIN_SECONDS": "5"}
        self.process = subprocess.Popen(
            [*self.network.on(self.name), self.program, "start", "--data-dir", self.data, "--listen",
             f"{address}:{PORT}"],
            env=environment, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.doomed, self.rest = False, None
        seen = []
        for line in self.process.stderr:
            seen.append(line.decode(errors="replace"))
            if '"event":"ready"' in seen[-1].replace(" ", ""):
                break
        else:
            raise AssertionError(f"{self.name} did not start: {seen}")
        self.rest = threading.Thread(target=self.read_rest)
        self.rest.start()
        return self

    def card(self):
        """Its card as it shows it."""
        return run_quietly(*self.network.on(self.name), sys.executable, "-c", FETCH, f"{self.url}/v1/node")

    def read_rest(self):
        for line in self.process.stderr:
            if self.doomed and b'"POST"' in line and b'"/v1/jobs"' in line:
                self.process.kill()

    def kill_with_next_job(self):
        """SIGKILL, as soon as the node has told a client that it has its job."""
        self.doomed = True

    def kill(self, number=signal.SIGKILL):
        self.process.send_signal(number)
        status = self.process.wait(cli.SECONDS)
        if self.rest is not None:
            self.rest.join()
        self.process.stderr.close()
        return status

    def end(self):
        if not self.process.stderr.closed:
            self.kill()


def run_quietly(*command):
    return subprocess.run([str(word) for word in command], check=True, timeout=cli.SECONDS,
                          capture_output=True, text=True).stdout


def make_liar(folder):
    """A plasmd whose workers lie, and what it needs beside it."""
    folder.mkdir()
    for name, source in (("plasmd", cli.plasmd()), ("plasm-dht", os.environ["PLASM_DHT"]),
                         ("plasm-worker", os.environ["PLASM_LYING_WORKER"]),
                         ("honest-worker", os.environ["PLASM_WORKER"])):
        try:
            os.link(source, folder / name)
        except OSError:
            run("cp", source, folder / name)
    return folder / "plasmd"


def capability_key(capability):
    return hashlib.sha256(b"plasm capability v1\n" + capability.encode()).hexdigest()[:40]


class Announcer:
    """A plasm-dht that announces its host's port under these capabilities."""

    def __init__(self, network, name, host, bootstrap, capabilities):
        self.process = subprocess.Popen(
            [*network.on(name), os.environ["PLASM_DHT"], "--listen",
             f"{network.address(name, host)}:{DHT_PORT}", "--bootstrap", bootstrap],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        for line in self.process.stdout:
            if json.loads(line)["event"] == "joined":
                break
        for capability in capabilities:
            print(json.dumps({"do": "announce", "target": capability_key(capability), "port": PORT}),
                  file=self.process.stdin, flush=True)

    def end(self):
        self.process.stdin.close()
        self.process.wait(cli.SECONDS)
        self.process.stdout.close()


class CardServer:
    """Shows a card, and is no node."""

    def __init__(self, network, name, host, *words):
        self.url = f"https://{network.address(name, host)}:{PORT}"
        self.process = subprocess.Popen(
            [*network.on(name), os.environ["PLASM_CARD_SERVER"], self.url.removeprefix("https://"),
             *map(str, words)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.process.stdout.readline(), "card_server did not start"

    def end(self):
        self.process.stdin.close()
        self.process.wait(cli.SECONDS)
        self.process.stdout.close()


def with_label(envelope, key, value):
    """The card with one label more, under the signature that it had."""
    document = json.loads(envelope)
    payload = base64.b64decode(document["payload"]).decode()
    assert payload.count('"labels":{') == 1, payload
    payload = payload.replace('"labels":{', f'"labels":{{"{key}":"{value}",').replace(",}", "}")
    document["payload"] = base64.b64encode(payload.encode()).decode()
    return json.dumps(document)
