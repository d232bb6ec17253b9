"""Nodes on the local network, where avahi-daemon runs; that it does not is said plainly."""
import shutil
import subprocess

import cli
import discovering


def avahi_runs():
    """Whether avahi-browse gets an answer."""
    if not shutil.which("avahi-browse") or not shutil.which("avahi-publish"):
        return False
    done = subprocess.run(["avahi-browse", "--all", "--terminate"], capture_output=True,
                          timeout=cli.SECONDS)
    return done.returncode == 0


class LanTest(discovering.Discovering):
    def test_a_node_is_found_on_the_local_network(self):
        if not avahi_runs():
            self.skipTest("avahi-daemon does not run here")
        running = self.start_node("on-the-lan", "lan", "--listen", "0.0.0.0:0")
        found = self.until_found(["on-the-lan"], "--lan")
        for endpoint in found["on-the-lan"]["endpoints"]:
            self.assertTrue(endpoint.endswith(f":{running.port}"), endpoint)
        seen = subprocess.run(["avahi-browse", "--parsable", "--resolve", "--terminate",
                               "_plasm._tcp"], capture_output=True, timeout=cli.SECONDS)
        self.assertIn(str(running.port).encode(), seen.stdout)
        self.assertIn(b'"v=1"', seen.stdout)
        self.end_node(running)
        self.until_found([], "--lan")

    def test_that_there_is_no_avahi_is_said_plainly(self):
        if avahi_runs():
            self.skipTest("avahi-daemon runs here")
        done = self.nodes("--lan")
        self.assert_ends(done, 1, "lan: avahi-browse")
        self.assertTrue(b"install avahi-utils" in done.stderr or b"avahi-daemon" in done.stderr)
        # A node that can't be found there serves all the same.
        self.start_node("alone", "lan")


if __name__ == "__main__":
    discovering.main()
