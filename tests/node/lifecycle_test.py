"""Starting, configuring and stopping a node."""
import base64
import json
import os
import signal
import socket
import subprocess

import cli
import node


class LifecycleTest(cli.CliTest):
    def start_verb(self, *flags, **environment):
        return subprocess.run([cli.plasmd(), "start", "--data-dir", self.folder / "data", *flags],
                              capture_output=True, env={**self.environment(), **environment},
                              timeout=cli.SECONDS)

    def config(self, text):
        file = self.folder / "node.toml"
        file.write_text(text)
        return file

    def test_flags_win_over_the_environment_and_that_over_the_file(self):
        file = self.config('queue = 1\nworkers = 1\nlisten = ["127.0.0.1:1"]\n')
        done = self.start_verb("-c", file, "--listen", "127.0.0.1:3", "--print-config",
                               PLASM_LISTEN="127.0.0.1:2", PLASM_WORKERS="2")
        self.assertEqual(done.returncode, 0, done.stderr)
        for line in (b"queue = 1", b"workers = 2", b"127.0.0.1:3"):
            self.assertIn(line, done.stdout)
        again = self.start_verb("-c", self.config(done.stdout.decode()), "--print-config")
        self.assertEqual(again.stdout, done.stdout)

    def test_mistakes_in_the_configuration_are_named(self):
        for text, *said in (("x = 1", "node.toml, line 1", '"x"'), ("workers = 'a'", '"workers"'),
                            ("[limits]\nfuel = 0", "line 2", "limits.fuel"), ("=", "line 1"),
                            ('endpoints = ["http://a"]', "endpoints")):
            done = self.start_verb("-c", self.config(text), "--check")
            self.assert_ends(done, cli.USAGE, *said)
        self.assert_ends(self.start_verb("--check", PLASM_QUEUE="x"), cli.USAGE, "PLASM_QUEUE")
        self.assert_ends(self.start_verb("--listen", "nonsense"), cli.USAGE, "nonsense")

    def test_check_says_whether_it_could_start(self):
        self.assertEqual(self.start_verb("--check").stdout, b"ok\n")
        data = self.folder / "data"
        data.mkdir(exist_ok=True)
        (data / "authorized_clients").write_text("a b\n")
        self.assert_ends(self.start_verb("--check"), cli.USAGE, "authorized_clients", "line 1")
        self.assert_ends(self.start_verb(), cli.USAGE, "authorized_clients", "line 1")

    def test_a_second_node_on_one_folder_is_refused(self):
        data = self.folder / "data"
        first = node.Node(data)
        second = self.start_verb("--listen", "127.0.0.1:0")
        self.assertEqual(second.returncode, cli.NODE_FAILED, second.stderr)
        self.assertEqual(first.stop(), 0)

    def test_a_signal_ends_it_in_order_and_jobs_are_still_there(self):
        data = self.folder / "data"
        for number in (signal.SIGTERM, signal.SIGINT):
            running = node.Node(data)
            self.assertEqual(running.stop(number), 0)
            self.assertFalse(os.path.exists(running.socket))

    def test_a_killed_node_starts_again(self):
        data = self.folder / "data"
        running = node.Node(data)
        running.process.kill()
        running.wait()
        self.assertEqual(node.Node(data).stop(), 0)

    def test_a_card_that_another_process_issues_is_served_after_sighup(self):
        data = self.folder / "data"
        plasmd = lambda *words: subprocess.run(
            [cli.plasmd(), *words, "--data-dir", data], check=True, capture_output=True,
            env=self.environment(), timeout=cli.SECONDS).stdout.decode().strip()
        old = plasmd("key", "show", "--fingerprint")
        plasmd("key", "rotate", "receipt")
        running = node.Node(data)

        def card():
            connection = running.connection()
            connection.request("GET", "/v1/node")
            payload = json.loads(connection.getresponse().read())["payload"]
            connection.close()
            return json.loads(base64.b64decode(payload))

        before = card()
        plasmd("key", "revoke", old)
        running.process.send_signal(signal.SIGHUP)
        running.read_until("card_taken_over")
        after = card()
        self.assertGreater(int(after["version"]), int(before["version"]))
        self.assertEqual((len(before["revoked"]), len(after["revoked"])), (0, 1))
        # Keys are taken over by a new start alone, and that is said.
        plasmd("key", "rotate", "receipt")
        running.process.send_signal(signal.SIGHUP)
        self.assertIn("when it is started", running.read_until("card_not_renewed")["error"])
        self.assertGreater(int(card()["version"]), int(after["version"]))
        self.assertEqual(running.stop(), 0)

    def test_a_client_follows_a_node_to_its_new_keys(self):
        data, client = self.folder / "data", self.folder / "client"

        def call(program, *words):
            done = subprocess.run([program, *words], capture_output=True, env=self.environment(),
                                  stdin=subprocess.DEVNULL, timeout=cli.SECONDS)
            self.assertEqual(done.returncode, 0, done.stderr)
            return done.stdout.decode().strip()

        call(cli.plasmd(), "client", "add", "me", call(cli.plasm(), "key", "--data-dir", client),
             "--data-dir", data)
        running = node.Node(data)
        self.addCleanup(lambda: running.process.poll() is None and running.stop())
        port = running.port
        call(cli.plasm(), "node", "add", f"https://127.0.0.1:{port}", "--name", "n", "--yes",
             "--data-dir", client)
        for key, signing in (("log", "batch"), ("receipt", "each")):
            self.assertEqual(running.stop(), 0)
            call(cli.plasmd(), "key", "rotate", key, "--data-dir", data)
            running = node.Node(data, "--listen", f"127.0.0.1:{port}",
                                environment={"PLASM_SIGNING": signing})
            for _ in range(2):
                self.assertEqual(call(cli.plasm(), "run", "--node", "n", "--data-dir", client,
                                      cli.example("hello.wasm"), key), key[::-1])
        self.assertEqual(running.stop(), 0)

    def test_it_tells_whoever_started_it(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notices:
            path = str(self.folder / "notify")
            notices.bind(path)
            notices.settimeout(cli.SECONDS)
            running = node.Node(self.folder / "data",
                                environment={"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "100000"})
            receive = lambda: notices.recv(4096).decode()
            self.assertEqual(receive(), "READY=1")
            self.assertEqual(receive(), "WATCHDOG=1")
            running.process.send_signal(signal.SIGHUP)
            seen = []
            while "READY=1" not in seen:
                seen.append(receive())
            self.assertTrue(any(text.startswith("RELOADING=1\nMONOTONIC_USEC=") for text in seen))
            running.process.send_signal(signal.SIGTERM)
            while "STOPPING=1" not in seen:
                seen.append(receive())
            self.assertEqual(running.wait(), 0)

    def test_sockets_can_be_handed_over(self):
        path = str(self.folder / "s")
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path)
            listener.listen()
            # The process has to know its own number: a shell has it in $$.
            script = 'exec 3<&"$1"; shift; export LISTEN_FDS=1 LISTEN_PID=$$; exec "$@"'
            process = subprocess.Popen(
                ["/bin/bash", "-c", script, "bash", str(listener.fileno()), cli.plasmd(), "start",
                 "--data-dir", str(self.folder / "data")],
                env=self.environment(), pass_fds=[listener.fileno()], stderr=subprocess.PIPE)
            connection = node.UnixConnection(path)
            connection.request("GET", "/healthz")
            self.assertEqual(connection.getresponse().read(), b"ok\n")
            connection.close()
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=cli.SECONDS)
            self.assertEqual(process.returncode, 0)


if __name__ == "__main__":
    node.main()
