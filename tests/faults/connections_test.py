"""Connections that are slow, idle, half closed, cut in the handshake, of an older TLS or under a wrong
key: a whole node lets go of them and serves everybody else meanwhile."""
import contextlib
import os
import socket
import ssl
import subprocess
import time

import cli
import node
from crowd_test import list_descriptors, resident

IDLE = 1000
MORE_MEMORY_FOR_IDLE = 32 << 20
SLOW_OF_EACH = 20
DRIP_SECONDS = 0.5


class ConnectionsTest(node.NodeTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.certificate, key = node.make_certificate(cls.home)
        done = cls("runTest").plasmd("client", "add", "me", *key.split(" "), "--data-dir", cls.data)
        assert done.returncode == 0, done.stderr
        cls.node.process.send_signal(node.signal.SIGHUP)
        cls.node.read_until("reloaded")

    def runTest(self):  # lets setUpClass use the helpers
        pass

    def setUp(self):
        super().setUp()
        self.put_module()
        self.assert_serves()

    def assert_serves(self):
        """By every way in, with a job each."""
        for how in ({"via": "unix"}, {"via": "tls", "certificate": self.certificate}):
            self.put_module(**how)
            answer = self.submit(self.manifest("hello.wasm", "abc"), "?wait=60&include=output", **how)
            self.assertEqual((answer.status, answer.json().get("stdoutBytes")), (201, "cba"), answer)

    def figure(self, name):
        """As /metrics has it; the connection that asks counts, too."""
        for line in self.ask("GET", "/metrics").body.decode().splitlines():
            if line.startswith(name + " "):
                return int(line.split()[1])
        raise AssertionError(f"no figure {name}")

    def until(self, what, condition):
        deadline = time.monotonic() + cli.SECONDS
        while not condition():
            self.assertLess(time.monotonic(), deadline, what)

    def until_alone(self):
        self.until("connections are left", lambda: self.figure("plasm_connections") == 1)

    def tcp(self):
        return socket.create_connection(("127.0.0.1", self.node.port), timeout=cli.SECONDS)

    def unix(self):
        made = socket.socket(socket.AF_UNIX)
        made.settimeout(cli.SECONDS)
        made.connect(self.node.socket)
        return made

    def tls(self, certificate=None, **versions):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        for name, version in versions.items():
            setattr(context, name, version)
        if certificate:
            context.load_cert_chain(*certificate)
        return context.wrap_socket(self.tcp())

    # Slow.

    def slow_clients(self, large):
        """(what it is, socket, what it sends now and then) of clients that never come to an end."""
        request = f"GET /v1/blobs/{large} HTTP/1.1\r\nHost: n\r\n"
        put = f"PUT /v1/blobs/{'cd' * 32} HTTP/1.1\r\nHost: n\r\nContent-Length: 99999999\r\n\r\n"
        chunked = "POST /v1/offers HTTP/1.1\r\nHost: n\r\nTransfer-Encoding: chunked\r\n\r\n"
        for _ in range(SLOW_OF_EACH):
            yield "a handshake that never begins", self.tcp(), b""
            half = self.tcp()
            half.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")  # a ClientHello's beginning
            yield "a handshake that drips", half, b"\0"
            for connect in (self.unix, lambda: self.tls(self.certificate)):
                for what, said, drip in (("a head that stops", request, b""),
                                         ("a head that drips", request + "X-Slow: ", b"a"),
                                         ("a body that stops", put + "x", b""),
                                         ("a body that drips", put, b"x"),
                                         ("a chunk that drips", chunked + "1000\r\n", b"{"),
                                         ("a reader that stops", request + "\r\n", b"")):
                    client = connect()
                    client.sendall(said.encode())
                    yield what, client, drip

    def test_slow_clients_hold_up_nobody_and_are_let_go(self):
        large = self.put_blob(os.urandom(16 << 20))
        self.put_blob(b"", via="tls", certificate=self.certificate)
        self.until_alone()
        before = len(list_descriptors(self.node.process.pid))
        with contextlib.ExitStack() as opened:
            clients = [(what, opened.enter_context(client), drip) for what, client, drip in self.slow_clients(large)]
            deadline = time.monotonic() + cli.SECONDS
            while self.figure("plasm_connections") > 1:
                self.assertLess(time.monotonic(), deadline)
                self.assert_serves()
                time.sleep(DRIP_SECONDS)  # is what these clients are, not what is waited for
                for _, client, drip in clients:
                    with contextlib.suppress(OSError):  # it was cut
                        client.send(drip)
        self.assertGreaterEqual(self.figure("plasm_handshakes_failed_total"), 2 * SLOW_OF_EACH)
        self.assertGreaterEqual(self.figure("plasm_connections_cut_total"), 1)
        self.until("descriptors are left",
                   lambda: len(list_descriptors(self.node.process.pid)) <= before)
        self.assert_serves()

    # Idle.

    def test_a_thousand_idle_connections_cost_little_and_disturb_nobody(self):
        self.until_alone()
        before = resident(self.node.process.pid)
        with contextlib.ExitStack() as opened:
            idle = [opened.enter_context(self.tls(self.certificate)) for _ in range(IDLE)]
            self.assertEqual(self.figure("plasm_connections"), IDLE + 1)
            more = resident(self.node.process.pid) - before
            self.assert_serves()
            if not os.environ["PLASM_SANITIZE"]:  # a sanitizer's own memory is a multiple of it
                self.assertLess(more, MORE_MEMORY_FOR_IDLE)
            for client in idle[::100]:
                client.sendall(b"GET /healthz HTTP/1.1\r\nHost: n\r\n\r\n")
                self.assertTrue(client.recv(100).startswith(b"HTTP/1.1 200 "))
        self.until_alone()

    # Other versions, other keys.

    def test_older_versions_of_tls_are_refused(self):
        failed = self.figure("plasm_handshakes_failed_total")
        with self.assertRaisesRegex(ssl.SSLError, "(?i)protocol.version"):
            self.tls(self.certificate, maximum_version=ssl.TLSVersion.TLSv1_2)
        for version in ("-tls1", "-tls1_1", "-tls1_2"):
            done = subprocess.run(
                ["openssl", "s_client", version, "-cipher", "ALL:@SECLEVEL=0", "-connect",
                 f"127.0.0.1:{self.node.port}"], input=b"GET /healthz HTTP/1.1\r\n\r\n", capture_output=True,
                check=False, timeout=cli.SECONDS)
            self.assertNotEqual(done.returncode, 0, version)
            self.assertNotIn(b"HTTP/1.1", done.stdout)
        # Offered beside the new one, an old one is not taken.
        with self.tls(self.certificate, minimum_version=ssl.TLSVersion.TLSv1_2) as client:
            self.assertEqual(client.version(), "TLSv1.3")
        self.assertGreaterEqual(self.figure("plasm_handshakes_failed_total"), failed + 4)
        self.assert_serves()

    def test_a_key_that_the_node_does_not_know_opens_nothing(self):
        unknown = self.folder / "unknown"
        unknown.mkdir()
        strange, _ = node.make_certificate(unknown)
        rsa = self.folder / "rsa.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=client", "-keyout",
                        rsa, "-out", self.folder / "rsa.crt"], check=True, capture_output=True)
        for certificate in (strange, (self.folder / "rsa.crt", rsa), None):
            how = {"via": "tls", "certificate": certificate}
            self.assertEqual(self.ask("GET", "/healthz", **how).status, 200)
            for method, path in (("GET", "/v1/jobs"), ("GET", "/metrics"), ("PUT", f"/v1/blobs/{'0' * 64}"),
                                 ("POST", "/v1/jobs"), ("POST", "/v1/execute")):
                self.assert_problem(self.ask(method, path, b"" if method != "GET" else None, **how), 401, "denied")

    # Cut, and half closed.

    def phases(self, job, large):
        """What a client has said when it goes, on a connection that is open for requests."""
        digest = "ef" * 32
        return [b"", b"GET /heal", b"GET /healthz HTTP/1.1\r\nHost: n\r\n",
                f"PUT /v1/blobs/{digest} HTTP/1.1\r\nHost: n\r\nContent-Length: 1000000\r\n\r\n".encode() + b"x" * 9999,
                f"PUT /v1/blobs/{digest} HTTP/1.1\r\nHost: n\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\nxx".encode(),
                f"GET /v1/jobs/{job}?wait=60 HTTP/1.1\r\nHost: n\r\n\r\n".encode(),
                f"GET /v1/jobs/{job}/events HTTP/1.1\r\nHost: n\r\n\r\n".encode(),
                f"GET /v1/blobs/{large} HTTP/1.1\r\nHost: n\r\n\r\n".encode()]

    def spinning_job(self):
        self.put_module("guests/spin.wasm")
        job = self.submit(self.manifest("guests/spin.wasm", limits={"fuel": str(2**63 - 1)}), "").json()["id"]
        self.addCleanup(lambda: self.ask("POST", f"/v1/jobs/{job}/cancel"))
        return job

    def test_connections_that_are_cut_in_the_handshake_leave_nothing(self):
        self.until_alone()
        hello = self.client_hello()
        for length in (0, 1, 5, 6, 50, len(hello) - 1, len(hello)):
            for reset in (False, True):
                client = self.tcp()
                client.sendall(hello[:length])
                if length == len(hello):
                    self.assertTrue(client.recv(100))  # the server's half of the handshake
                if reset:
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                client.close()
        self.until_alone()
        self.assert_serves()

    def client_hello(self):
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        with contextlib.suppress(ssl.SSLWantReadError):
            context.wrap_bio(incoming, outgoing).do_handshake()
        return outgoing.read()

    def test_half_closed_connections_end_in_every_phase(self):
        large = self.put_blob(os.urandom(4 << 20))
        job = self.spinning_job()
        self.until_alone()
        clients = []
        for connect in (self.unix, lambda: self.tls(self.certificate)):
            for said in self.phases(job, large):
                clients.append(connect())
                clients[-1].sendall(said)
                clients[-1].shutdown(socket.SHUT_WR)  # over TLS without its farewell
        self.ask("POST", f"/v1/jobs/{job}/cancel")
        # Whatever comes, and then the end, though this side has not closed.
        for client in clients:
            self.drain_until_closed(client)
        self.until_alone()
        self.assert_serves()

    def drain_until_closed(self, client):
        with client:
            raw = socket.socket(fileno=os.dup(client.fileno()))
            with raw, contextlib.suppress(ConnectionError):
                raw.settimeout(cli.SECONDS)
                while raw.recv(1 << 16):
                    pass

    def test_a_half_closed_connection_gets_its_answer(self):
        with self.unix() as client:
            client.sendall(b"GET /healthz HTTP/1.1\r\nHost: n\r\n\r\n")
            client.shutdown(socket.SHUT_WR)
            answer = b""
            while part := client.recv(1 << 16):
                answer += part
        self.assertTrue(answer.startswith(b"HTTP/1.1 200 ") and answer.endswith(b"ok\n"), answer)


if __name__ == "__main__":
    cli.main()
