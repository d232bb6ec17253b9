"""A stranger's program, built against the installed library, and a live node."""
import os
import pathlib
import shutil
import subprocess
import tempfile

import cli
import node
from installed import SOURCE, build, install


class StrangerTest(node.NodeTest):
    """The program's data folder is self.client; it knows the node as "host", and the node knows it."""

    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory(prefix="plasm-stranger-", ignore_cleanup_errors=True)
        cls.addClassCleanup(temporary.cleanup)
        cls.work = pathlib.Path(temporary.name)
        prefix = cls.work / "prefix"
        install(prefix)
        cls.program = build(SOURCE / "tests" / "install" / "stranger", cls.work, prefix)
        cls.example = build(SOURCE / "examples" / "libplasm", cls.work, prefix)
        super().setUpClass()

    @classmethod
    def get_to_know(cls):
        cls.client = cls.home / "client"
        cls.url = f"https://127.0.0.1:{cls.node.port}"
        cls.fingerprint = subprocess.run(
            [cli.plasmd(), "key", "show", "identity", "--fingerprint", "--data-dir", cls.data], check=True,
            text=True, stdout=subprocess.PIPE, timeout=cli.SECONDS).stdout.strip()
        cls.case("add", cls.url, cls.fingerprint)
        cls.let_client_in("me", cls.case("key").strip())

    @classmethod
    def let_client_in(cls, name, key, data=None):
        cls.let_in(name, key, lambda: cls.run_program(
            cls.program, "standard-input", data or cls.client, cli.example("hello.wasm")).returncode == 0)

    @classmethod
    def run_program(cls, program, *words, **environment):
        # Not the build's: the worker has to be found from the library.
        return subprocess.run([str(word) for word in (program, *words)], text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=cli.SECONDS, check=False,
                              env={"HOME": str(cls.home), "PATH": "/usr/bin:/bin", **environment})

    @classmethod
    def case(cls, name, *words, data=None):
        done = cls.run_program(cls.program, name, data or cls.client, *words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def receipt(self, job):
        return self.client / "receipts" / f"{job}.json"

    def test_blocking(self):
        self.case("blocking", cli.example("hello.wasm"))

    def test_asynchronous(self):
        self.case("asynchronous", cli.example("hello.wasm"))

    def test_what_is_stopped_goes_on_there(self):
        self.case("stopped", cli.guest("spin"))

    def test_what_a_callback_throws_comes_out(self):
        self.case("throwing", cli.example("hello.wasm"))

    def test_folders_go_there_and_files_come_back(self):
        (self.folder / "in").mkdir()
        (self.folder / "in" / "in.txt").write_text("some text\n")
        self.case("files", cli.guest("files"), self.folder / "in", self.folder / "back")

    def test_standard_input_and_module_from_memory(self):
        self.case("standard-input", cli.example("hello.wasm"))

    def test_one_node_serves_many_threads(self):
        self.case("many-threads", cli.example("hello.wasm"))

    def test_the_same_request_is_one_job(self):
        self.case("idempotent", cli.example("hello.wasm"))

    def test_how_a_job_ended_is_no_error(self):
        (self.folder / "none.wasm").write_bytes(b"no module")
        self.case("endings", cli.guest("trap"), self.folder / "none.wasm")

    def test_a_wrong_pin_is_refused(self):
        wrong = self.fingerprint[:-1] + ("A" if self.fingerprint[-1] != "A" else "B")
        self.case("wrong-pin", self.url, wrong, data=self.folder / "new")

    def test_another_node_at_the_same_place_is_refused(self):
        other = node.Node(self.folder / "other")
        self.addCleanup(other.stop)
        data = self.folder / "client"
        shutil.copytree(self.client, data)
        (data / "nodes").write_text(f"host https://127.0.0.1:{other.port}\n")
        self.case("wrong-node", cli.example("hello.wasm"), data=data)

    def test_a_tampered_receipt_is_worth_nothing(self):
        job = self.case("submit", cli.example("hello.wasm"), "abc").strip()
        self.case("tampered", self.receipt(job))

    def test_a_result_of_another_request_is_not_handed_out(self):
        data = self.folder / "client"
        shutil.copytree(self.client, data)
        job = self.case("submit", cli.example("hello.wasm"), "abc", data=data).strip()
        manifest = data / "receipts" / f"{job}.json.manifest.json"
        manifest.write_text(manifest.read_text("utf-8").replace('"abc"', '"abd"'), "utf-8")
        self.case("not-what-was-asked", job, data=data)

    def test_plasm_reads_what_the_library_wrote(self):
        job = self.case("submit", cli.example("hello.wasm"), "abc").strip()
        done = self.plasm("verify", "--replay", self.receipt(job), data=self.client)
        self.assertIn(b"identical", done.stdout, done.stderr)

    def test_a_worker_that_is_none_is_named(self):
        job = self.case("submit", cli.example("hello.wasm"), "abc").strip()
        self.case("no-worker", self.receipt(job), self.folder / "none")

    def test_making_a_client_writes_nothing(self):
        self.case("versions", data=self.folder / "untouched")

    def test_the_example(self):
        data = self.folder / "example"
        words = {"PLASM_DATA": str(data)}
        added = self.run_program(self.example, "add", self.url, self.fingerprint, **words)
        self.assertEqual((added.returncode, added.stdout), (0, "127.0.0.1\n"), added.stderr)
        refused = self.run_program(self.example, "run", cli.example("hello.wasm"), **words)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("plasmd client add", refused.stderr)
        self.let_client_in("example", self.run_program(self.example, "key", **words).stdout.strip(), data)
        done = self.run_program(self.example, "run", cli.example("hello.wasm"), "Hello, World!", **words)
        self.assertEqual((done.returncode, done.stdout), (0, "!dlroW ,olleH\n"), done.stderr)
        self.assertIn("receipt  VALID", done.stderr)
        self.assertIn("replay   VALID", done.stderr)


if __name__ == "__main__":
    node.main()
