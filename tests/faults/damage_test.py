"""What is broken on disk is named with its remedy and can be mended; a module whose worker dies
again and again is set aside, and the others go on."""
import json
import os
import pathlib
import signal
import subprocess
import unittest

import cli
import node

EMPTY_NAMESPACE = ["unshare", "--user", "--map-root-user", "--mount"]


def can_mount():
    return subprocess.run([*EMPTY_NAMESPACE, "true"], capture_output=True, check=False).returncode == 0


class BrokenFolderTest(cli.CliTest):
    def start_once(self, data, *enter):
        return subprocess.run([*enter, cli.plasmd(), "start", "--data-dir", str(data), "--listen", "127.0.0.1:0"],
                              capture_output=True, env=self.environment(), timeout=cli.SECONDS, check=False)

    @unittest.skipUnless(can_mount(), "there are no mount namespaces here")
    def test_a_folder_that_cannot_be_written_is_named(self):
        data = self.folder / "data"
        self.assertEqual(node.Node(data).stop(), 0)
        read_only = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"'
        done = self.start_once(data, *EMPTY_NAMESPACE, "sh", "-c", read_only, "sh", str(data))
        self.assert_ends(done, cli.NODE_FAILED, str(data), "Read-only file system")
        self.assertEqual(node.Node(data).stop(), 0)

    def test_a_database_that_is_damaged_is_named_with_what_to_do(self):
        data = self.folder / "data"
        self.assertEqual(node.Node(data).stop(), 0)
        database = data / "jobs.db"
        database.write_bytes(b"x" * 8192)
        done = self.start_once(data)
        self.assert_ends(done, cli.NODE_FAILED, str(database), "damaged", "move")
        for suffix in ("", "-wal", "-shm"):  # as it says
            pathlib.Path(f"{database}{suffix}").unlink(missing_ok=True)
        self.assertEqual(node.Node(data).stop(), 0)

    def test_a_database_of_a_later_version_is_left_alone(self):
        data = self.folder / "data"
        self.assertEqual(node.Node(data).stop(), 0)
        database = data / "jobs.db"
        with open(database, "r+b") as file:  # user_version, in SQLite's header
            file.seek(60)
            file.write((9999).to_bytes(4, "big"))
        before = database.read_bytes()
        self.assert_ends(self.start_once(data), cli.NODE_FAILED, "jobs.db", "9999")
        self.assertEqual(database.read_bytes(), before)


class DamagedBlobTest(node.NodeTest):
    settings = {"PLASM_WORKERS": "1"}

    def damage(self, digest):
        file = self.data / "blobs" / digest[:2] / digest[2:]
        contents = bytearray(file.read_bytes())
        contents[len(contents) // 2] ^= 1
        file.chmod(0o600)
        file.write_bytes(contents)
        return file

    def assert_mended(self, manifest, file, contents):
        job = self.submit(manifest).json()
        self.assertEqual(job["state"], "failed", job)
        self.assertIn(node.hashlib.sha256(contents).hexdigest(), job["message"])
        self.assertIn("digest", job["message"])
        self.assertFalse(file.exists())
        again = self.submit(manifest)
        self.assert_problem(again, 409, "conflict")
        self.assertEqual(again.json()["missing"], [node.hashlib.sha256(contents).hexdigest()])
        self.put_blob(contents)
        job = self.submit(manifest).json()
        self.assertEqual(job["state"], "exited", job)

    def test_a_damaged_module_fails_its_job_and_a_new_upload_mends_it(self):
        contents = pathlib.Path(cli.example("guests/exit_code.wasm")).read_bytes()
        file = self.damage(self.put_blob(contents))
        self.assert_mended(self.manifest("guests/exit_code.wasm", "0"), file, contents)

    def test_a_damaged_input_fails_its_job_and_a_new_upload_mends_it(self):
        self.put_module("guests/echo.wasm")
        contents = os.urandom(50_000)
        file = self.damage(self.put_blob(contents))
        stdin = {"sha256": node.hashlib.sha256(contents).hexdigest(), "size": str(len(contents))}
        self.assert_mended(self.manifest("guests/echo.wasm", stdin=stdin), file, contents)


class QuarantineTest(node.NodeTest):
    settings = {"PLASM_WORKERS": "1"}

    def run_workers(self):
        found = []
        for pid in cli.children(self.node.process.pid):
            try:
                words = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if b"run" in words:
                found.append(pid)
        return found

    def events(self, job):
        connection = self.node.connection()
        connection.request("GET", f"/v1/jobs/{job}/events")
        stream = connection.getresponse()
        event = None
        while line := stream.readline().decode():
            if line.startswith("event: "):
                event = line[7:-1]
            elif line.startswith("data: "):
                yield event, json.loads(line[6:])
        connection.close()

    def test_a_module_whose_worker_dies_again_and_again_is_set_aside(self):
        self.put_module("hello.wasm")
        self.put_module("guests/spin.wasm")
        manifest = self.manifest("guests/spin.wasm", limits={"fuel": str(2**63 - 1)})
        job = self.submit(manifest, "").json()["id"]
        kills, last = 0, None
        for event, data in self.events(job):
            last = event, data
            if event == "stdout":
                for worker in self.run_workers():
                    os.kill(worker, signal.SIGKILL)
                kills += 1
        self.assertEqual(last[0], "end")
        self.assertEqual((last[1]["state"], last[1]["attempts"], kills), ("failed", 3, 3), last)
        self.assertIn("worker", last[1]["message"])

        told = self.submit(manifest).json()
        self.assertEqual((told["state"], told["attempts"]), ("failed", 0), told)
        self.assertIn("quarantined", told["message"])
        self.assertEqual(self.ask("GET", f"/v1/jobs/{told['id']}/receipt").status, 404)
        self.assertEqual(self.submit(self.manifest("hello.wasm", "x")).json()["state"], "exited")


if __name__ == "__main__":
    cli.main()
