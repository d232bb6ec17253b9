"""A node on another host, whose cable is cut while it runs the job, and a second node that does it."""
import os
import subprocess
import sys

import cli
import node
import several

INSIDE = "PLASM_CUT_CABLE"
HERE, THERE = "10.78.0.1", "10.78.0.2"
ENTER = ["unshare", "--user", "--map-root-user", "--net"]


class CutCableTest(several.Several):
    names = ("near",)

    def setUp(self):
        # The other host is a process whose network is its own; it ends with its standard input.
        self.other = subprocess.Popen(["unshare", "--net", "sh", "-c", "echo here; exec cat >&2"],
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(self.other.communicate)
        self.assertEqual(self.other.stdout.readline(), b"here\n")
        self.sh("ip", "link", "set", "lo", "up")
        self.sh("ip", "link", "add", "cable", "type", "veth", "peer", "name", "end", "netns",
                str(self.other.pid))
        self.sh("ip", "address", "add", f"{HERE}/24", "dev", "cable")
        self.sh("ip", "link", "set", "cable", "up")
        there = ["nsenter", f"--net=/proc/{self.other.pid}/ns/net"]
        self.sh(*there, "ip", "link", "set", "lo", "up")
        self.sh(*there, "ip", "address", "add", f"{THERE}/24", "dev", "end")
        self.sh(*there, "ip", "link", "set", "end", "up")
        super().setUp()
        data = self.folder / "far"
        data.mkdir()
        self.assert_ends(self.plasmd("client", "add", "me", self.fingerprint, "--data-dir", data), 0)
        self.nodes["far"] = node.Node(data, "--listen", f"{THERE}:7420", before=there)
        self.call("node add", f"https://{THERE}:7420", "--yes", "--name", "far")

    def sh(self, *words):
        subprocess.run(words, check=True)

    def test_the_cut_is_noticed_and_the_far_job_is_cancelled_once_the_cable_is_back(self):
        # near has something to do, so far comes first.
        self.call("submit", "--node", "near", "--timeout", "100", cli.guest("spin"))
        self.until_state("near", "running")
        running = self.begin("--nodes", "near,far", "--timeout", "90", cli.guest("spin"))
        self.until_state("far", "running")
        self.sh("ip", "link", "set", "cable", "down")
        for line in running.stderr:
            if b"going on with near" in line:
                break
        self.sh("ip", "link", "set", "cable", "up")
        self.until_state("far", "cancelled")
        (job, _), = self.jobs_on("far").items()
        self.until(lambda: self.jobs_on("near").get(job) == "running", "near runs it")
        self.call("cancel", "--node", "near", job)
        out, err = running.communicate(timeout=cli.SECONDS)
        self.assertEqual((running.returncode, out), (130, b"spinning\n"), err)


def main():
    if INSIDE not in os.environ:
        possible = subprocess.run([*ENTER, "sh", "-c", "ip link add one type veth peer name two"],
                                  check=False, capture_output=True)
        if possible.returncode != 0:
            print(f"skipped: no network of its own here: {possible.stderr.decode().strip()}")
            sys.exit(77)
        os.environ[INSIDE] = "1"
        os.execvp(ENTER[0], [*ENTER, sys.executable, *sys.argv])
    node.main()


if __name__ == "__main__":
    main()
