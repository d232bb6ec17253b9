"""A running node, and requests to it that check every answer against the description."""
import contextlib
import hashlib
import http.client
import json
import os
import pathlib
import select
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import unittest
import uuid

import cli
from description import Description

JOB_TYPE = "application/vnd.plasm.job.v1+json"
DESCRIPTION = Description()


class Answer:
    def __init__(self, response, body):
        self.status = response.status
        self.headers = response.headers
        self.type = (response.headers.get("Content-Type") or "").split(";")[0]
        self.body = body

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {dict(self.headers)} {self.body[:500]!r}"


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=cli.SECONDS)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(cli.SECONDS)
        self.sock.connect(self.path)


class Node:
    """plasmd start with a data folder; ready when made."""

    def __init__(self, data, *flags, environment=None, before=(), **popen):
        self.data = pathlib.Path(data)
        self.socket = str(self.data / "plasmd.sock")
        self.port = None
        self.events = []
        env = {"HOME": str(self.data), "PATH": os.environ["PATH"], "PLASM_LOG_FORMAT": "json",
               **(environment or {})}
        self.process = subprocess.Popen(
            [*before, cli.plasmd(), "start", "--data-dir", self.data, "--listen", "127.0.0.1:0", *flags],
            env=env, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, bufsize=0, **popen)
        self.read_until("ready")

    def read_until(self, event):
        """Reads the log until this event has come."""
        deadline = time.monotonic() + cli.SECONDS
        while time.monotonic() < deadline:
            line = self.process.stderr.readline()
            if not line:
                self.process.wait()
                raise AssertionError(f"plasmd start ended with {self.process.returncode}: "
                                     f"{self.events}")
            try:
                read = json.loads(line)
            except ValueError:
                read = {"event": "text", "text": line.decode(errors="replace")}
            self.events.append(read)
            if read["event"] == "listening" and not read["address"].startswith("unix:"):
                self.port = int(read["address"].rsplit(":", 1)[1])
            if read["event"] == event:
                return read
        raise AssertionError(f"no {event} within {cli.SECONDS} s")

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.wait()

    def wait(self):
        with self.process.stderr as rest:
            rest.read()
        return self.process.wait(cli.SECONDS)

    def connection(self, via="unix", certificate=None):
        if via == "unix":
            return UnixConnection(self.socket)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE  # the tests of keys are net's
        if certificate:
            context.load_cert_chain(*certificate)
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=cli.SECONDS,
                                           context=context)


class NodeTest(cli.CliTest):
    """A class of tests with one node, and one client that may do everything: its user."""
    flags = ()
    settings = {}  # as environment variables

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.node = Node(cls.data, *cls.flags, environment=cls.settings)
        try:
            cls.get_to_know()
        except BaseException:
            cls.node.stop()  # tearDownClass is not called
            raise

    @classmethod
    def get_to_know(cls):
        """What a class's clients and its node tell each other first."""

    @classmethod
    def tearDownClass(cls):
        status = cls.node.stop()
        super().tearDownClass()
        assert status == 0, f"plasmd start ended with {status}"

    @classmethod
    def let_in(cls, name, key, is_known):
        """The node knows this key from now on; `is_known` asks whether it says so."""
        subprocess.run([cli.plasmd(), "client", "add", "--data-dir", cls.data, name, key], check=True,
                       stdout=subprocess.DEVNULL, timeout=cli.SECONDS)
        deadline = time.monotonic() + cli.SECONDS
        while time.monotonic() < deadline:  # "within a second"
            if is_known():
                return
        raise AssertionError("the node does not take the change")

    def ask(self, method, path, body=None, headers=None, connection=None, **how):
        """One request; the answer has been checked against the description."""
        with contextlib.ExitStack() as stack:
            if connection is None:
                connection = stack.enter_context(
                    contextlib.closing(self.node.connection(**how)))
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            answer = Answer(response, response.read())
        DESCRIPTION.check(method, path.split("?")[0], answer)
        return answer

    def assert_problem(self, answer, status, code, *texts):
        self.assertEqual(answer.status, status, answer)
        self.assertEqual(answer.json()["code"], code, answer)
        for text in texts:
            self.assertIn(text, answer.json()["detail"])

    def put_blob(self, contents, **how):
        digest = hashlib.sha256(contents).hexdigest()
        answer = self.ask("PUT", f"/v1/blobs/{digest}", contents, **how)
        self.assertIn(answer.status, (200, 201), answer)
        return digest

    def manifest(self, module="hello.wasm", *args, **members):
        contents = pathlib.Path(cli.example(module)).read_bytes()
        empty = hashlib.sha256(b"").hexdigest()
        limits = {"memoryBytes": str(64 << 20), "fuel": "10000000000",
                  "outputBytes": str(1 << 20), "fileBytes": "0", "fileNodes": "0",
                  "wallTimeMs": "60000", **members.pop("limits", {})}
        return json.dumps({
            "type": "urn:plasm:job:v1",
            "module": {"sha256": hashlib.sha256(contents).hexdigest(),
                       "size": str(len(contents))},
            "args": [module, *args], "env": [], "stdin": {"sha256": empty, "size": "0"},
            "inputs": [], "outputs": [], "limits": limits, "profile": "plasm-det-1",
            "startTime": "1700000000000000000", "seed": "0" * 64, **members}).encode()

    def put_module(self, module="hello.wasm", **how):
        return self.put_blob(pathlib.Path(cli.example(module)).read_bytes(), **how)

    def submit(self, manifest, query="?wait=60", headers=None, **how):
        return self.ask("POST", f"/v1/jobs{query}", manifest,
                        {"Content-Type": JOB_TYPE, **(headers or {})}, **how)


def new_job_id():
    return f"job-{uuid.uuid4()}"


def make_certificate(folder):
    """A self-made Ed25519 certificate by openssl: its files, and the key as OpenSSH writes it."""
    import base64
    certificate, key = folder / "client.crt", folder / "client.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-subj",
                    "/CN=client", "-keyout", key, "-out", certificate], check=True,
                   capture_output=True)
    der = subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-outform", "DER"],
                         check=True, capture_output=True).stdout
    wire = b"\0\0\0\x0bssh-ed25519\0\0\0 " + der[-32:]
    return (certificate, key), "ssh-ed25519 " + base64.b64encode(wire).decode()


main = unittest.main
