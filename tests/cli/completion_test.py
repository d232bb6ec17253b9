"""Completion, in the shells that it is for: what they offer behind words that are typed."""
import os
import pty
import re
import shutil
import subprocess
import time
import unittest

import cli

DEBIAN = "Debian has it in a package of that name"


class CompletionTest(cli.CliTest):
    def complete(self, *words):
        command = ("__complete", *words)
        return self.finish(self.start(*command, program=cli.plasm()), command, None).stdout.decode().split()

    def script(self, shell):
        command = ("completion", shell)
        done = self.finish(self.start(*command, program=cli.plasm()), command, None)
        self.assert_ends(done, 0)
        return done.stdout.decode()

    def shell_environment(self):
        return {**self.environment(), "PATH": os.path.dirname(cli.plasm()) + ":" + os.environ["PATH"],
                "XDG_CONFIG_HOME": str(self.home), "XDG_CACHE_HOME": str(self.home), "TERM": "dumb"}

    def know_node(self, name):
        data = self.home / ".local" / "share" / "plasm"
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        (data / "nodes").write_text(f"{name} https://host.example:7420\n")
        self.addCleanup((data / "nodes").unlink)

    def test_it_follows_the_verbs(self):
        self.assertEqual(self.complete("ver"), ["verify", "version"])
        self.assertEqual(self.complete("node", ""), ["add", "list", "remove", "token", "info"])
        self.assertIn("--idempotency-key", self.complete("run", "--"))
        self.assertEqual(self.complete("run", "--node", ""), ["local"])
        self.assertEqual(self.complete("run", "x.wasm", "--"), [])  # the guest's own
        self.assertNotIn("__complete", self.complete(""))

    def test_there_is_one_for_each_shell_and_no_other(self):
        done = self.finish(self.start("completion", "csh", program=cli.plasm()), (), None)
        self.assert_ends(done, cli.USAGE, "csh")

    def test_bash(self):
        self.know_node("my-node")
        for words, offered in ((("plasm", "jo"), "jobs"), (("plasm", "run", "--node", "my"), "my-node"),
                               (("plasm", "run", "x.wasm", "--"), "")):
            typed = " ".join(words)
            script = self.script("bash") + (f'COMP_WORDS=({typed}); COMP_CWORD={len(words) - 1}; _plasm\n'
                                            'echo "${COMPREPLY[@]}"\n')
            done = subprocess.run(["bash", "-c", script], env=self.shell_environment(), check=True,
                                  stdout=subprocess.PIPE, timeout=cli.SECONDS)
            self.assertEqual(done.stdout.decode(), offered + "\n", typed)

    @unittest.skipUnless(shutil.which("fish"), f"fish is not installed; {DEBIAN}")
    def test_fish(self):
        self.know_node("my-node")
        self.assertEqual(self.fish("plasm jo"), ["jobs"])
        self.assertEqual(self.fish("plasm node "), ["add", "info", "list", "remove", "token"])
        self.assertEqual(self.fish("plasm run --node my"), ["my-node"])
        self.assertIn("--timeout", self.fish("plasm run --t"))
        self.assertEqual(self.fish("plasm run x.wasm --t"), [])
        (self.folder / "only-file").write_text("")
        self.assertEqual(self.fish("plasm run only-f"), ["only-file"])

    def fish(self, typed):
        script = self.script("fish") + f'complete -C "{typed}"\n'
        done = subprocess.run(["fish", "--no-config", "-c", script], env=self.shell_environment(), check=False,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=cli.SECONDS, cwd=self.folder)
        self.assert_ends(done, 0)
        return sorted(line.split("\t")[0] for line in done.stdout.decode().splitlines())

    @unittest.skipUnless(shutil.which("zsh"), f"zsh is not installed; {DEBIAN}")
    def test_zsh(self):
        self.know_node("my-node")
        (self.folder / "only-file").write_text("")
        (self.folder / "functions").mkdir()
        (self.folder / "functions" / "_plasm").write_text(self.script("zsh"))
        (self.folder / "sourced").write_text(self.script("zsh"))
        for load in ("fpath=(./functions $fpath); autoload -U compinit; compinit -u -D",
                     "autoload -U compinit; compinit -u -D; source ./sourced"):
            with self.subTest(load=load):
                self.assertEqual(self.zsh(load, "plasm jo"), "plasm jobs ")
                self.assertEqual(self.zsh(load, "plasm run --node my"), "plasm run --node my-node ")
                self.assertEqual(self.zsh(load, "plasm run --timeo"), "plasm run --timeout ")
                # Where plasm has nothing to offer there are files.
                self.assertEqual(self.zsh(load, "plasm run only-f"), "plasm run only-file ")

    def zsh(self, load, typed):
        """The line after a tab: zsh completes at a terminal alone."""
        leader, terminal = pty.openpty()
        with subprocess.Popen(["zsh", "-f", "-i"], stdin=terminal, stdout=terminal, stderr=terminal,
                              env=self.shell_environment(), cwd=self.folder, start_new_session=True) as shell:
            os.close(terminal)
            try:
                # What a widget prints can be waited for; the echo of what is typed looks different.
                os.write(leader, f"{load}; show() {{ print -r -- \"<\"\"$BUFFER>\" }}; zle -N show; "
                                 "bindkey '^T' show; print loa\"\"ded\n".encode())
                self.read_until(leader, b"loaded")
                os.write(leader, typed.encode() + b"\t\x14")
                return re.search(rb"<(.*)>", self.read_until(leader, b">")).group(1).decode()
            finally:
                shell.kill()
                os.close(leader)

    def read_until(self, terminal, text):
        seen = b""
        deadline = time.monotonic() + cli.SECONDS
        while text not in seen:
            self.assertLess(time.monotonic(), deadline, seen)
            seen += os.read(terminal, 4096)
        return seen


if __name__ == "__main__":
    cli.main()
