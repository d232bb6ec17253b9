"""The systemd units: well-formed, hardened, and no system call that a node makes is refused by them."""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

import cli
from node import Node

ROOT = pathlib.Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"
SERVICE = PACKAGING / "systemd" / "plasmd.service"
MOST_EXPOSED = 2.0


def analyze(*words):
    return subprocess.run(["systemd-analyze", *words], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=60, check=False)


def settings(name):
    """Every value of a setting in the service, in order."""
    return re.findall(rf"^{name}=(.*)$", SERVICE.read_text("utf-8"), re.M)


def calls_of(group):
    """The system calls of a group, with those of the groups in it."""
    names = set()
    for line in analyze("syscall-filter", "--no-pager", group).stdout.splitlines()[1:]:
        name = line.strip()
        if name.startswith("@"):
            names |= calls_of(name)
        elif name and not name.startswith("#"):
            names.add(name)
    return names


def allowed_calls():
    """As systemd reads the lines: an allow list, which always has @default, then what is taken away."""
    allowed = calls_of("@default")
    for line in settings("SystemCallFilter"):
        taken_away = line.startswith("~")
        for word in line.lstrip("~").split():
            names = calls_of(word) if word.startswith("@") else {word}
            allowed = allowed - names if taken_away else allowed | names
    return allowed


class UnitsTest(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="plasm-units-")
        self.addCleanup(temporary.cleanup)
        self.work = pathlib.Path(temporary.name)

    def root_with(self, service_text):
        """A root folder as the package leaves it."""
        units = self.work / "lib" / "systemd" / "system"
        units.mkdir(parents=True)
        (units / "plasmd.service").write_text(service_text, "utf-8")
        shutil.copy(PACKAGING / "systemd" / "plasmd.socket", units)
        for target in ("sysinit", "basic", "multi-user", "sockets", "shutdown", "network-online"):
            (units / f"{target}.target").write_text("[Unit]\nDescription=There\n", "utf-8")
        for program in ("usr/bin/plasmd", "bin/kill"):
            path = self.work / program
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("#!/bin/sh\n", "utf-8")
            path.chmod(0o755)
        return analyze("verify", "--man=no", f"--root={self.work}", "plasmd.service", "plasmd.socket")

    def test_systemd_has_nothing_to_say_about_them(self):
        done = self.root_with(SERVICE.read_text("utf-8"))
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_a_setting_that_does_not_exist_would_be_told(self):
        done = self.root_with(SERVICE.read_text("utf-8").replace("UMask=", "UMasque="))
        self.assertIn("UMasque", done.stdout)

    def test_the_service_is_not_exposed_more_than_it_has_to_be(self):
        done = analyze("security", "--offline=true", "--no-pager", f"--threshold={int(MOST_EXPOSED * 10)}", SERVICE)
        self.assertEqual(done.returncode, 0, done.stdout)
        level = float(re.search(r"Overall exposure level .*: ([0-9.]+)", done.stdout)[1])
        self.assertLessEqual(level, MOST_EXPOSED)

    def test_what_a_node_its_workers_and_its_dht_call_is_allowed(self):
        if not shutil.which("strace"):
            self.skipTest("strace is not installed")
        log = self.work / "strace.log"
        with tempfile.TemporaryDirectory(prefix="plasm-units-") as data:
            # The node, and with it the filter of its workers, from its first call on.
            tracer = self.work / "plasmd"
            tracer.write_text(f'#!/bin/sh\nexec strace -f -qq -o {log} {cli.plasmd()} "$@"\n', "utf-8")
            tracer.chmod(0o755)
            with mock.patch.dict(os.environ, {"PLASMD": str(tracer)}):
                # Of a sanitizer's build: its search for leaks does not work under strace.
                node = Node(data, environment={"PLASM_DISCOVERY": "dht", "PLASM_DHT_LISTEN": "127.0.0.1:0",
                                               "ASAN_OPTIONS": "detect_leaks=0"})
            node.read_until("dht_listening")
            address = f"unix:{node.socket}"
            home = {"HOME": str(self.work), "PATH": os.environ["PATH"]}
            plasm = os.environ["PLASM"]
            for words, output in (([plasm, "node", "add", address, "--name", "here", "--yes"], None),
                                  ([plasm, "run", "--node", "here", ROOT / "examples" / "hello.wasm", "abc"], "cba")):
                done = subprocess.run(words, env=home, text=True, stdin=subprocess.DEVNULL, timeout=cli.SECONDS,
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
                self.assertEqual(done.returncode, 0, done.stderr)
                if output is not None:
                    self.assertEqual(done.stdout, output)
            # strace ends as the node does, which it passes the signal on to.
            os.kill(int(log.read_text("utf-8", "replace").split()[0]), signal.SIGTERM)
            self.assertEqual(node.wait(), 0)
        calls = log.read_text("utf-8", "replace")
        called = set(re.findall(r"^\d+ +([a-z0-9_]+)\(", calls, re.M))
        self.assertTrue({"execve", "seccomp", "mprotect", "accept4"} <= called, called)
        # SQLite gives its files to the owner of the database when it runs as root, and only then.
        root_alone = {"fchown"} if os.geteuid() == 0 else set()
        self.assertEqual(called - allowed_calls() - root_alone, set())
        families = set(re.findall(r"^\d+ +socket\((AF_[A-Z0-9]+),", calls, re.M))
        self.assertTrue({"AF_INET", "AF_NETLINK"} <= families, families)
        self.assertEqual(families - set(settings("RestrictAddressFamilies")[0].split()), set())
        # Why MemoryDenyWriteExecute= is not set: it would refuse these.
        self.assertRegex(calls, r"mprotect\(\w+, \d+, PROT_READ\|PROT_EXEC")
        self.assertEqual(settings("MemoryDenyWriteExecute"), [])

    def test_the_sockets_and_the_configuration_agree(self):
        config = (PACKAGING / "node.toml").read_text("utf-8")
        address = re.search(r'^listen = \["(.*)"\]', config, re.M)[1]
        socket = (PACKAGING / "systemd" / "plasmd.socket").read_text("utf-8")
        self.assertIn(f"ListenStream={address}\n", socket)

    def test_a_node_can_start_with_the_configuration(self):
        for flag, text in (("--check", "ok"), ("--print-config", "data-dir = '/var/lib/plasm'")):
            environment = {"PATH": os.environ["PATH"], "HOME": str(self.work)}
            if flag == "--check":  # of a folder that this user may look at
                environment["PLASM_DATA_DIR"] = str(self.work / "data")
            done = subprocess.run([os.environ["PLASMD"], "start", "-c", PACKAGING / "node.toml", flag],
                                  env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  timeout=cli.SECONDS, check=False)
            self.assertEqual(done.returncode, 0, done.stdout)
            self.assertIn(text, done.stdout)


if __name__ == "__main__":
    if not shutil.which("systemd-analyze"):
        print("systemd-analyze is not installed: it comes with systemd")
        sys.exit(77)
    unittest.main(verbosity=2)
