"""What plasmd says of itself."""
import json

import cli

JOB_FLAGS = ["--data-dir", "--env", "--dir", "--output", "--memory", "--fuel", "--timeout",
             "--output-limit", "--profile", "--seed", "--start-time", "--tier", "--engine"]


class HelpTest(cli.CliTest):
    def help_of(self, *verb):
        done = self.plasmd(*verb, "--help")
        self.assert_ends(done, 0)
        self.assertEqual(done.stderr, b"")
        return done.stdout.decode()

    def test_names_every_verb(self):
        text = self.help_of()
        for verb in ("run", "execute-job", "card", "key", "verify-receipt", "start", "client", "token",
                     "version"):
            self.assertIn(verb, text)
        self.assertNotIn("__compile", text)

    def test_names_the_exit_statuses(self):
        text = self.help_of()
        for status in ("124", "125", "126", "127", "134", "152", "153"):
            self.assertIn(status, text)

    def test_every_verb_names_its_flags(self):
        flags = {("run",): [*JOB_FLAGS, "--quiet"], ("execute-job",): JOB_FLAGS,
                 ("key", "show"): ["--data-dir", "--pem", "--fingerprint", "--json"],
                 ("verify-receipt",): ["--data-dir", "--pubkey", "--json", "FILE"],
                 ("start",): ["--data-dir", "--config", "--listen", "--socket", "--check",
                              "--print-config"],
                 ("client", "add"): ["--data-dir", "--option", "NAME", "WHO"],
                 ("token", "create"): ["--data-dir", "--scope", "--expires", "--json"], ("version",): ["--data-dir", "--json"],
                 ("key", "rotate"): ["--data-dir", "--json", "KEY"],
                 ("key", "revoke"): ["--data-dir", "--json", "--at", "--log-size", "FINGERPRINT"],
                 ("card", "show"): ["--data-dir", "--json", "--output-file"],
                 ("card",): ["--data-dir", "show"],
                 ("key",): ["--data-dir", "show", "rotate", "revoke"]}
        for verb, names in flags.items():
            text = self.help_of(*verb)
            for name in names:
                self.assertIn(name, text, verb)

    def test_every_verb_takes_the_data_folder(self):
        module = cli.example("hello.wasm")
        receipt = self.folder / "receipt.json"
        done = self.run_guest(module, "ab", verb="execute-job")
        self.assert_ends(done, 0)
        receipt.write_text(json.dumps(json.loads(done.stdout)["receipt"]))
        for words, status in [(("run", "--data-dir", self.data, module, "ab"), 0),
                              (("execute-job", "--data-dir", self.data, module, "ab"), 0),
                              (("key", "--data-dir", self.data, "show"), 0),
                              (("key", "show", "--data-dir", self.data), 0),
                              (("verify-receipt", "--data-dir", self.data, receipt), 0),
                              (("version", "--data-dir", self.data), 0),
                              (("start", "--data-dir", self.data, "--check"), 0),
                              (("client", "--data-dir", self.data, "list"), 0),
                              (("token", "list", "--data-dir", self.data), 0)]:
            with self.subTest(words=words):
                self.assert_ends(self.plasmd(*words), status)
        self.assertFalse((self.home / ".local").exists())

    def test_help_creates_nothing(self):
        for verb in ("run", "execute-job", "key"):
            self.help_of(verb)
        self.assertFalse((self.home / ".local").exists())

    def test_prints_its_version(self):
        done = self.plasmd("version")
        self.assert_ends(done, 0)
        self.assertRegex(done.stdout, rb"^plasmd \d+\.\d+\.\d+")
        shown = json.loads(self.plasmd("version", "--json").stdout)
        self.assertIn(shown["version"].encode(), done.stdout)
        self.assertRegex(shown["engine"], r"^wasmtime-")

    def test_wrong_usage_is_status_2_and_named(self):
        for words, named in [((), "subcommand"), (("frobnicate",), "frobnicate"),
                             (("run",), "MODULE"), (("run", "--frob", "x.wasm"), "--frob"),
                             (("execute-job", "--frob", "x.wasm"), "--frob"),
                             (("run", "--"), "MODULE"),
                             (("run", "--memory", "lots", "x.wasm"), "lots"),
                             (("run", "--memory", "1", "x.wasm"), "65536"),
                             (("run", "--fuel", "-1", "x.wasm"), "--fuel"),
                             (("run", "--fuel", "0", "x.wasm"), "--fuel"),
                             (("run", "--timeout", "soon", "x.wasm"), "--timeout"),
                             (("run", "--profile", "other", "x.wasm"), "plasm-det-1"),
                             (("run", "--tier", "slow", "x.wasm"), "quick"),
                             (("verify-receipt",), "FILE"), (("key",), "subcommand"),
                             (("key", "show", "--pem", "--json"), "--json"),
                             (("--log-level", "loud", "version"), "loud")]:
            done = self.plasmd(*words)
            with self.subTest(words=words):
                self.assert_ends(done, 2)
                self.assertIn(named, (done.stderr + done.stdout).decode())


if __name__ == "__main__":
    cli.main()
