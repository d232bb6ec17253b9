"""Files that are no module, or not one that can be run: each is named."""
import os
import unittest

import cli


class ModulesTest(cli.CliTest):
    def refused(self, path, status, *named, verbs=("run", "execute-job")):
        for verb in verbs:
            done = self.run_guest(path, verb=verb)
            self.assert_ends(done, status, *named)
            self.assert_one_sentence(done)
            self.assertEqual(done.stdout, b"")

    def file(self, name, contents):
        (self.folder / name).write_bytes(contents)
        return str(self.folder / name)

    def test_missing(self):
        path = str(self.folder / "missing.wasm")
        self.refused(path, cli.MODULE_MISSING, path)

    def test_empty(self):
        self.refused(self.file("empty.wasm", b""), cli.MODULE_BAD, "empty.wasm", "empty")

    def test_garbage(self):
        self.refused(self.file("a.out", b"\x7fELF" + bytes(1000)), cli.MODULE_BAD, "a.out",
                     "not a WebAssembly module")

    def test_text_format(self):
        self.refused(self.file("a.wat", b";; text\n(module)"), cli.MODULE_BAD, "a.wat", "text format")

    def test_truncated(self):
        with open(cli.example("hello.wasm"), "rb") as whole:
            module = whole.read()
        self.refused(self.file("header.wasm", module[:6]), cli.MODULE_BAD, "truncated")
        self.refused(self.file("half.wasm", module[:len(module) // 2]), cli.MODULE_BAD, "half.wasm")

    def test_component(self):
        self.refused(cli.guest("component"), cli.MODULE_BAD, "component")

    def test_reactor(self):
        self.refused(cli.guest("reactor"), cli.MODULE_BAD, "reactor")

    def test_unknown_import(self):
        self.refused(cli.guest("unknown_import"), cli.MODULE_BAD, '"acme" "frobnicate"')

    def test_too_large(self):
        path = self.file("huge.wasm", b"\0asm\1\0\0\0")
        os.truncate(path, 200 << 20)
        self.refused(path, cli.MODULE_BAD, "huge.wasm", str(200 << 20), "limit", verbs=("run",))

    def test_much_too_large(self):
        path = self.file("huger.wasm", b"\0asm\1\0\0\0")
        os.truncate(path, 1 << 40)
        self.refused(path, cli.MODULE_BAD, "huger.wasm", "larger than", verbs=("execute-job",))

    def test_folder(self):
        self.refused(str(self.folder), cli.MODULE_BAD, str(self.folder), "directory")
        self.refused(str(self.folder) + "/", cli.MODULE_BAD, "directory")

    @unittest.skipIf(os.geteuid() == 0, "root may read everything")
    def test_unreadable(self):
        path = self.file("secret.wasm", b"\0asm\1\0\0\0")
        os.chmod(path, 0)
        self.refused(path, cli.MODULE_BAD, "secret.wasm", "ermission denied")

    def test_names_in_a_module_do_not_reach_the_terminal_as_they_are(self):
        # Exports "e\x1b[31m" twice, which is invalid and quoted in the engine's words.
        export = b"\x06e\x1b[31m\x00\x00"
        module = (b"\0asm\1\0\0\0" b"\x01\x04\x01\x60\0\0" b"\x03\x02\x01\x00" +
                  b"\x07" + bytes([1 + 2 * len(export)]) + b"\x02" + export + export +
                  b"\x0a\x04\x01\x02\x00\x0b")
        self.refused(self.file("escape.wasm", module), cli.MODULE_BAD, "duplicate")


if __name__ == "__main__":
    cli.main()
