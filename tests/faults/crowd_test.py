"""Many jobs at once, clients over their quota, and clients that vanish: the node goes on, with what
memory and descriptors it had."""
import collections
import concurrent.futures
import contextlib
import json
import os
import pathlib
import socket
import threading
import time

import cli
import node

JOBS = 10_000
CONNECTIONS = 8
MORE_MEMORY = 256 << 20  # than before, with everything in the queue


def resident(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) << 10
    raise AssertionError(f"no VmRSS of {pid}")


def descriptors(pid):
    return collections.Counter(os.readlink(f"/proc/{pid}/fd/{name}").split(":")[0].split("/")[-1]
                               for name in list_descriptors(pid))


def list_descriptors(pid):
    return os.listdir(f"/proc/{pid}/fd")


class QueueTest(node.NodeTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.log = threading.Thread(target=cls.node.process.stderr.read)
        cls.log.start()

    @classmethod
    def tearDownClass(cls):
        cls.node.process.terminate()
        cls.log.join(cli.SECONDS)
        cls.node.process.stderr.close()
        status = cls.node.process.wait(cli.SECONDS)
        cli.CliTest.tearDownClass.__func__(cls)
        assert status == 0, f"plasmd start ended with {status}"

    def submit_pipelined(self, first, names):
        """One connection, all requests before the first answer is read. The ids."""
        def requests():
            for number, name in enumerate(names, first):
                body = self.manifest("hello.wasm", str(number))
                yield (f"POST /v1/jobs HTTP/1.1\r\nHost: n\r\nContent-Type: {node.JOB_TYPE}\r\n"
                       f"Idempotency-Key: {name}\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body
        with contextlib.closing(self.node.connection()) as connection:
            connection.connect()
            sender = threading.Thread(target=lambda: [connection.sock.sendall(text) for text in requests()])
            sender.start()
            stream = connection.sock.makefile("rb")
            ids = []
            for _ in names:
                answer = read_answer(stream)
                self.assertIn(answer[0], (200, 201), answer)
                ids.append(json.loads(answer[1])["id"])
            sender.join()
            return ids

    def test_ten_thousand_jobs_each_end_once(self):
        self.put_module()
        self.submit(self.manifest("hello.wasm", "warm"))
        pid = self.node.process.pid
        before = resident(pid)
        share = JOBS // CONNECTIONS
        names = [[f"{connection}-{number}" for number in range(share)] for connection in range(CONNECTIONS)]
        with concurrent.futures.ThreadPoolExecutor(CONNECTIONS) as pool:
            submit_all = lambda: list(pool.map(self.submit_pipelined, (0,) * CONNECTIONS, names))
            first = submit_all()
            most = resident(pid)
            self.assertEqual(submit_all(), first)  # the same again is the same jobs
        ids = {job for jobs in first for job in jobs}
        self.assertEqual(len(ids), JOBS)
        states = collections.Counter()
        with contextlib.closing(self.node.connection()) as connection:
            for job in ids:
                states[self.ask("GET", f"/v1/jobs/{job}?wait=60", connection=connection).json()["state"]] += 1
        self.assertEqual(states, {"exited": JOBS})
        if os.environ["PLASM_SANITIZE"]:
            print("memory not judged: a sanitizer's own is a multiple of the node's")
            return
        self.assertLess(most - before, MORE_MEMORY)
        self.assertLess(resident(pid) - before, MORE_MEMORY)


def read_answer(stream):
    """Status and body of the next answer of a connection."""
    status = int(stream.readline().split()[1])
    length = 0
    while (line := stream.readline()) not in (b"\r\n", b""):
        name, value = line.decode().split(":", 1)
        if name.lower() == "content-length":
            length = int(value)
    return status, stream.read(length)


class QuotaTest(node.NodeTest):
    settings = {"PLASM_WORKERS": "2", "PLASM_QUEUE": "12"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clients = {}
        for name, *options in (("greedy", "--option", "unfinished=4", "--option", "running=1"), ("modest",)):
            folder = cls.home / name
            folder.mkdir()
            certificate, key = node.make_certificate(folder)
            done = cls("runTest").plasmd("client", "add", name, *key.split(" "), *options, "--data-dir", cls.data)
            assert done.returncode == 0, done.stderr
            cls.clients[name] = {"via": "tls", "certificate": certificate}
        cls.node.process.send_signal(node.signal.SIGHUP)
        cls.node.read_until("reloaded")

    def runTest(self):  # lets setUpClass use the helpers
        pass

    def forever(self, word):
        return self.manifest("guests/spin.wasm", word, limits={"fuel": str(2**63 - 1)})

    def assert_overloaded(self, answer):
        self.assertEqual(answer.status, 503, answer)
        self.assertEqual(answer.json()["code"], "overloaded")
        self.assertGreaterEqual(int(answer.headers["Retry-After"]), 1)

    def test_a_client_over_its_quota_does_not_hold_up_another(self):
        greedy, modest = self.clients["greedy"], self.clients["modest"]
        for client in (greedy, modest):
            self.put_module("guests/spin.wasm", **client)
            self.put_module("hello.wasm", **client)
        jobs = [self.submit(self.forever(str(number)), "", **greedy).json()["id"] for number in range(4)]
        for number in range(20):
            self.assert_overloaded(self.submit(self.forever(f"more {number}"), "", **greedy))
            told = self.submit(self.manifest("hello.wasm", str(number)), **modest)
            self.assertEqual((told.status, told.json().get("state")), (201, "exited"), told)
        self.assertEqual(self.ask("POST", f"/v1/jobs/{jobs[0]}/cancel", **greedy).status, 200)
        self.ask("GET", f"/v1/jobs/{jobs[0]}?wait=60", **greedy)
        again = self.submit(self.forever("in its place"), "", **greedy)
        self.assertEqual(again.status, 201, again)
        for job in [*jobs, again.json()["id"]]:
            self.ask("POST", f"/v1/jobs/{job}/cancel", **greedy)
            self.assertEqual(self.ask("GET", f"/v1/jobs/{job}?wait=60", **greedy).json()["state"], "cancelled")

    def test_a_full_queue_says_when_to_come_again(self):
        modest = self.clients["modest"]
        self.put_module("guests/spin.wasm", **modest)
        jobs = []
        while (answer := self.submit(self.forever(f"full {len(jobs)}"), "", **modest)).status == 201:
            jobs.append(answer.json()["id"])
            self.assertLessEqual(len(jobs), 12)
        self.assert_overloaded(answer)
        for job in jobs:
            self.ask("POST", f"/v1/jobs/{job}/cancel", **modest)
            self.ask("GET", f"/v1/jobs/{job}?wait=60", **modest)
        self.assertEqual(self.submit(self.manifest("guests/spin.wasm", limits={"wallTimeMs": "10"}), **modest).status,
                         201)


class VanishingTest(node.NodeTest):
    def vanish(self, request, read, via):
        """Sends this, reads so many bytes, and is gone without a word."""
        connection = self.node.connection(via=via, **self.identity(via))
        connection.connect()
        connection.sock.sendall(request)
        got = 0
        while got < read and (part := connection.sock.recv(read - got)):
            got += len(part)
        # No farewell of TLS, and a reset where that is possible.
        with contextlib.suppress(OSError):
            connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        os.close(connection.sock.detach())

    def identity(self, via):
        return {"certificate": self.certificate} if via == "tls" else {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.certificate, key = node.make_certificate(cls.home)
        done = cls("runTest").plasmd("client", "add", "me", *key.split(" "), "--option", "sees-others", "--data-dir", cls.data)
        assert done.returncode == 0, done.stderr
        cls.node.process.send_signal(node.signal.SIGHUP)
        cls.node.read_until("reloaded")

    def runTest(self):  # lets setUpClass use the helpers
        pass

    def until_descriptors_are(self, before):
        deadline = time.monotonic() + cli.SECONDS
        while len(now := list_descriptors(self.node.process.pid)) > before:
            self.assertLess(time.monotonic(), deadline, f"{before} became {len(now)}: "
                            f"{descriptors(self.node.process.pid)}")
            time.sleep(0.05)

    def test_nothing_is_left_of_clients_that_vanish(self):
        self.put_module("hello.wasm")
        self.put_module("guests/spin.wasm")
        large = self.put_blob(os.urandom(16 << 20))
        self.submit(self.manifest("hello.wasm", "warm"))
        job = self.submit(self.manifest("guests/spin.wasm", limits={"fuel": str(2**63 - 1)}), "").json()["id"]
        with contextlib.closing(self.node.connection()) as connection:
            connection.request("GET", f"/v1/jobs/{job}/events")
            stream = connection.getresponse()
            while not stream.readline().startswith(b"event: stdout"):
                pass
        with contextlib.closing(self.node.connection()) as quiet:
            quiet.request("GET", "/healthz")
            quiet.getresponse().read()
            before = len(list_descriptors(self.node.process.pid))
        digest = "ab" * 32
        for _ in range(10):
            for via in ("unix", "tls"):
                for request, read in (
                        (f"GET /v1/jobs/{job}/events HTTP/1.1\r\nHost: n\r\n\r\n", 200),
                        (f"GET /v1/jobs/{job}?wait=60 HTTP/1.1\r\nHost: n\r\n\r\n", 0),
                        (f"GET /v1/blobs/{large} HTTP/1.1\r\nHost: n\r\n\r\n", 100_000),
                        (f"GET /v1/blobs/{large} HTTP/1.1\r\nHost: n\r\n\r\n", 0),
                        (f"PUT /v1/blobs/{digest} HTTP/1.1\r\nHost: n\r\nContent-Length: 99999999\r\n\r\n" + "x" * 50_000, 0),
                        (f"PUT /v1/blobs/{digest} HTTP/1.1\r\nHost: n\r\nContent-Range: bytes 0-999999/9999999\r\n"
                         "Content-Length: 1000000\r\n\r\n" + "x" * 500, 0),
                        ("POST /v1/jobs HTTP/1.1\r\nHost: n\r\nContent-Length: 1000\r\n\r\n{", 0),
                        ("GET /v1/jo", 0)):
                    with contextlib.suppress(ConnectionError):
                        self.vanish(request.encode(), read, via)
        self.until_descriptors_are(before)
        self.assertEqual(self.ask("GET", "/healthz").body, b"ok\n")
        self.ask("POST", f"/v1/jobs/{job}/cancel")
        self.assertEqual(self.ask("GET", f"/v1/jobs/{job}?wait=60").json()["state"], "cancelled")
        self.assertEqual(self.submit(self.manifest("hello.wasm", "abc")).json()["state"], "exited")


if __name__ == "__main__":
    cli.main()
