"""The node's key: made once, kept private, shown in public forms."""
import json
import os
import re
import resource
import subprocess
import unittest

import cli


class KeysTest(cli.CliTest):
    def show(self, *flags, data):
        done = self.plasmd("key", "show", "--data-dir", data, *flags)
        self.assert_ends(done, 0)
        return done.stdout.decode()

    def test_the_same_node_has_the_same_key_tomorrow(self):
        data = self.folder / "new" / "data"
        key = self.show(data=data).strip()
        self.assertRegex(key, r"^[0-9a-f]{64}$")
        self.assertEqual(self.show(data=data).strip(), key)
        for _ in range(2):
            done = self.plasmd("execute-job", "--data-dir", data, cli.example("hello.wasm"), "x")
            self.assertEqual(json.loads(done.stdout)["receipt"]["node_pubkey"], key)

    def test_the_default_folder_is_in_the_users_home(self):
        done = self.plasmd("key", "show")
        self.assert_ends(done, 0)
        self.assertTrue((self.home / ".local/share/plasm/receipt.key").exists())

    def test_nobody_else_may_read_the_key(self):
        data = self.folder / "data"
        self.show(data=data)
        self.assertEqual(os.stat(data).st_mode & 0o777, 0o700)
        self.assertEqual(os.stat(data / "receipt.key").st_mode & 0o777, 0o600)

    def test_openssl_reads_the_key_file(self):
        data = self.folder / "data"
        pem = self.show("--pem", data=data)
        read = subprocess.run(["openssl", "pkey", "-in", data / "receipt.key", "-pubout"],
                              capture_output=True, check=True)
        self.assertEqual(read.stdout.decode(), pem)
        text = subprocess.run(["openssl", "pkey", "-in", data / "receipt.key", "-noout", "-text_pub"],
                              capture_output=True, check=True).stdout.decode()
        digits = "".join(re.findall(r"[0-9a-f]{2}(?=:|\n)", text.split("pub:")[1]))
        self.assertEqual(digits, self.show(data=data).strip())

    def test_every_form_is_of_the_same_key(self):
        data = self.folder / "data"
        shown = json.loads(self.show("--json", data=data))
        self.assertEqual(shown["node_pubkey"], self.show(data=data).strip())
        self.assertEqual(shown["fingerprint"], self.show("--fingerprint", data=data).strip())
        self.assertEqual(shown["pem"], self.show("--pem", data=data))
        self.assertRegex(shown["fingerprint"], r"^SHA256:[A-Za-z0-9+/]{43}$")
        self.assertRegex(shown["openssh"], r"^ssh-ed25519 [A-Za-z0-9+/]+=*")
        self.assertEqual(shown["file"], str(data / "receipt.key"))

    def test_no_form_shows_the_private_part(self):
        data = self.folder / "data"
        everything = self.show("--json", data=data) + self.show("--pem", data=data)
        private = (data / "receipt.key").read_text().splitlines()[1]
        self.assertNotIn(private, everything)
        self.assertNotIn("PRIVATE", everything)

    def test_a_key_that_others_may_read_is_refused(self):
        data = self.folder / "data"
        self.show(data=data)
        for mode in (0o644, 0o640, 0o604, 0o660):
            os.chmod(data / "receipt.key", mode)
            for words in (("key", "show"), ("execute-job",)):
                module = [] if words[0] == "key" else [cli.example("hello.wasm"), "x"]
                done = self.plasmd(*words, "--data-dir", data, *module)
                self.assert_ends(done, cli.NODE_FAILED, str(data / "receipt.key"), f"{mode:o}")
                self.assert_one_sentence(done)
                self.assertEqual(done.stdout, b"")
        os.chmod(data / "receipt.key", 0o600)
        self.show(data=data)

    def test_a_damaged_key_is_never_replaced(self):
        data = self.folder / "data"
        self.show(data=data)
        key = data / "receipt.key"
        for damage in (b"", b"garbage", key.read_bytes()[:60]):
            key.write_bytes(damage)
            done = self.plasmd("key", "show", "--data-dir", data)
            self.assert_ends(done, cli.NODE_FAILED, str(key))
            self.assert_one_sentence(done)
            self.assertEqual(key.read_bytes(), damage)

    def test_a_damaged_key_file_is_not_shown(self):
        data = self.folder / "data"
        data.mkdir(mode=0o700)
        (data / "receipt.key").write_bytes(b"-----BEGIN PRIVATE KEY-----\nSECRETSECRET\n")
        os.chmod(data / "receipt.key", 0o600)
        done = self.plasmd("key", "show", "--data-dir", data)
        self.assertNotIn(b"SECRET", done.stdout + done.stderr)

    def test_first_runs_at_once_agree_on_one_key(self):
        for attempt in range(5):
            data = self.folder / f"data{attempt}"
            processes = [self.start("execute-job", "--data-dir", data, cli.example("hello.wasm"), "ab")
                         for _ in range(3)]
            jobs = []
            for process in processes:
                out, err = process.communicate(timeout=cli.SECONDS)
                self.assertEqual(process.returncode, 0, err)
                jobs.append(json.loads(out))
            self.assertEqual({job["stdout"] for job in jobs}, {"ba"})
            self.assertEqual({job["receipt"]["node_pubkey"] for job in jobs},
                             {self.show(data=data).strip()})

    def test_a_data_folder_that_cannot_be_is_one_clear_sentence(self):
        (self.folder / "file").write_text("x")
        for words in (("key", "show", "--data-dir", self.folder / "file"),
                      ("execute-job", "--data-dir", self.folder / "file" / "x", cli.example("hello.wasm")),
                      ("run", "--data-dir", self.folder / "file" / "x", cli.example("hello.wasm"))):
            done = self.plasmd(*words)
            self.assert_ends(done, cli.NODE_FAILED, str(self.folder / "file"))
            self.assert_one_sentence(done)

    @unittest.skipIf(os.geteuid() == 0, "root may write everywhere")
    def test_a_data_folder_that_may_not_be_written_is_one_clear_sentence(self):
        self.folder.chmod(0o500)
        for words in (("key", "show"), ("run", cli.example("hello.wasm"))):
            done = self.plasmd(words[0], *words[1:2] if words[0] == "key" else (), "--data-dir",
                               self.folder / "data", *(() if words[0] == "key" else words[1:]))
            self.assert_ends(done, cli.NODE_FAILED, str(self.folder / "data"), "ermission denied")
            self.assert_one_sentence(done)

    def test_a_full_disk_is_one_clear_sentence(self):
        # No file of this process may have contents: what a full disk does to a new one.
        done = self.plasmd("execute-job", "--data-dir", self.folder / "data",
                           cli.example("hello.wasm"), "x", restore_signals=False,
                           preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)))
        self.assert_ends(done, cli.NODE_FAILED, "receipt.key")
        self.assert_one_sentence(done)
        self.assertFalse((self.folder / "data" / "receipt.key").exists())
        self.assertEqual(os.listdir(self.folder / "data"), [])


if __name__ == "__main__":
    cli.main()
