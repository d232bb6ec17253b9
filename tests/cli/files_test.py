"""--dir and --output: snapshots in, results out."""
import hashlib
import os
import pathlib

import cli


def everything(folder):
    """What a write below a folder would change."""
    seen = {}
    for path in sorted(pathlib.Path(folder).rglob("*")):
        status = path.lstat()
        contents = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        seen[str(path)] = (status.st_mode, status.st_mtime_ns, status.st_ino,
                           hashlib.sha256(contents).hexdigest())
    return seen


class FilesTest(cli.CliTest):
    def setUp(self):
        super().setUp()
        self.work = self.folder / "work"
        self.work.mkdir()
        (self.work / "in.txt").write_text("from the host\n")
        os.symlink("in.txt", self.work / "link")

    def files(self, *flags, guest_path="/work"):
        return self.run_guest(*flags, "--dir", f"{self.work}::{guest_path}", cli.guest("files"),
                              guest_path)

    def test_the_folder_is_never_written(self):
        before = everything(self.work)
        done = self.files()
        self.assert_ends(done, 0)
        self.assertIn(b"from the host\n", done.stdout)
        self.assertEqual(everything(self.work), before)

    def test_a_folder_without_a_guest_path_is_refused(self):
        done = self.run_guest("--dir", self.work, cli.guest("files"), self.work)
        self.assert_ends(done, cli.USAGE, "HOST::GUEST")

    def test_brings_a_file_and_a_folder_back(self):
        done = self.files("--output", f"/work/notes={self.folder}/new/notes",
                          "--output", f"/work/notes/final.txt={self.folder}/final")
        self.assert_ends(done, 0)
        self.assertEqual((self.folder / "final").read_text(), "first line\nsecond line\n")
        self.assertEqual(os.listdir(self.folder / "new/notes"), ["final.txt"])
        self.assertEqual((self.folder / "new/notes/final.txt").read_text(),
                         "first line\nsecond line\n")

    def test_brings_a_whole_mount_back(self):
        self.assert_ends(self.files("--output", f"/work={self.folder}/all"), 0)
        self.assertEqual(sorted(os.listdir(self.folder / "all")), ["in.txt", "notes"])

    def test_replaces_what_was_there_whole(self):
        (self.folder / "out").write_text("old" * 1000)
        self.assert_ends(self.files("--output", f"/work/in.txt={self.folder}/out"), 0)
        self.assertEqual((self.folder / "out").read_text(), "from the host\n")
        self.assertEqual(sorted(os.listdir(self.folder)), ["out", "work"])

    def test_an_output_that_was_not_made_is_an_error_that_names_it(self):
        done = self.files("--output", f"/work/missing={self.folder}/missing",
                          "--output", f"/work/in.txt={self.folder}/made")
        self.assert_ends(done, cli.NODE_FAILED, "/work/missing")
        self.assertFalse((self.folder / "missing").exists())
        self.assertTrue((self.folder / "made").exists())

    def test_an_output_that_cannot_be_written_is_an_error_that_names_it(self):
        done = self.files("--output", f"/work/in.txt={self.work}/in.txt/below")
        self.assert_ends(done, cli.NODE_FAILED, str(self.work / "in.txt"))

    def test_a_guest_that_failed_keeps_its_status(self):
        done = self.run_guest("--output", f"/x={self.folder}/x", cli.guest("exit_code"), "3")
        self.assert_ends(done, 3, "/x")
        done = self.run_guest("--output", f"/x={self.folder}/x", cli.guest("trap"))
        self.assert_ends(done, cli.TRAPPED, "/x")

    def test_a_folder_that_is_missing_is_named(self):
        done = self.run_guest("--dir", f"{self.folder}/missing::/x", cli.guest("files"))
        self.assert_ends(done, cli.NODE_FAILED, str(self.folder / "missing"))
        self.assert_one_sentence(done)

    def test_what_is_no_file_is_named(self):
        os.mkfifo(self.work / "pipe")
        done = self.files()
        self.assert_ends(done, cli.NODE_FAILED, str(self.work / "pipe"))
        self.assert_one_sentence(done)

    def test_two_folders_at_one_place_are_named(self):
        done = self.run_guest("--dir", f"{self.work}::/x", "--dir", f"{self.work}::/x/",
                              cli.guest("files"), "/x")
        self.assert_ends(done, cli.NODE_FAILED, "/x")

    def test_the_guest_sees_no_other_file(self):
        done = self.run_guest("--dir", f"{self.work}::/work", cli.guest("files"), "/etc")
        self.assert_ends(done, 1)
        os.symlink("/etc", self.work / "up")
        done = self.run_guest("--dir", f"{self.work}::/work", cli.guest("files"), "/work/up")
        self.assert_ends(done, 1)
        done = self.run_guest("--dir", f"{self.work}::/work", cli.guest("files"), "/work/../..")
        self.assert_ends(done, 1)


if __name__ == "__main__":
    cli.main()
