"""A node at home: asked to, plasm-dht has the router forward its ports, confined as it always is."""
import json
import os
import select
import subprocess
import sys
import time

import cli
import gateway
import hosts


class Lines:
    """A program on a host of the network, and the JSON objects that it prints."""

    def __init__(self, command, **popen):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, **popen)
        self.seen, self.rest = [], b""

    def say(self, **command):
        self.process.stdin.write(json.dumps(command).encode() + b"\n")

    def next(self, deadline):
        while b"\n" not in self.rest:
            left = deadline - time.monotonic()
            if not select.select([self.process.stdout], [], [], max(left, 0))[0]:
                raise TimeoutError(f"nothing more after {self.seen}")
            piece = os.read(self.process.stdout.fileno(), 65536)
            if not piece:
                raise AssertionError(f"ended after {self.seen}")
            self.rest += piece
        line, self.rest = self.rest.split(b"\n", 1)
        self.seen.append(json.loads(line))
        return self.seen[-1]

    def until(self, holds, seconds=cli.SECONDS):
        """Reads until something holds, or it has been seen already."""
        for seen in self.seen:
            if holds(seen):
                return seen
        deadline = time.monotonic() + seconds
        while True:
            if holds(read := self.next(deadline)):
                return read

    def end(self):
        if not self.process.stdin.closed:
            self.process.stdin.close()
            self.process.wait(cli.SECONDS)
            self.process.stdout.close()
        return self.process.returncode


class PortMappingTest(cli.CliTest):
    def setUp(self):
        super().setUp()
        self.network = hosts.Network(("router", "home"), 0, 0, 0, addresses=2)
        self.addCleanup(self.network.end)
        hosts.run(*self.network.on("home"), "ip", "route", "add", "default", "via", self.network.address("router"))

    def start(self, host, *command, **popen):
        program = Lines([*self.network.on(host), *map(str, command)], **popen)
        self.addCleanup(program.end)
        return program

    def start_gateway(self, offers):
        router = self.start("router", sys.executable, gateway.__file__, self.network.address("router"), offers)
        router.until(lambda said: said["heard"] == "ready")
        return router

    def start_dht(self, host, *flags, beside=1):
        address = f"{self.network.address(host, beside)}:{hosts.DHT_PORT}"
        dht = self.start(host, os.environ["PLASM_DHT"], "--listen", address, *flags, env={})
        dht.until(lambda event: event["event"] == "ready")
        return dht

    def start_node(self, **settings):
        """A node at home, with the addresses that a DHT has unless it is told others."""
        node = self.start(
            "home", cli.plasmd(), "start", "--data-dir", self.folder / "node", "--listen",
            f"{self.network.address('home')}:{hosts.PORT}", stderr=subprocess.STDOUT,
            env={**self.environment(), "PLASM_LOG_FORMAT": "json", "PLASM_DISCOVERY": "dht", "PLASM_WORKERS": "1",
                 "PLASM_DHT_BOOTSTRAP": f"{self.network.address('router')}:{hosts.DHT_PORT}", **settings})
        self.addCleanup(node.process.terminate)
        return node

    def until_announced(self, capability, address):
        """Looks with a plasm-dht of its own, as a client does."""
        seeker = self.start_dht("router", "--read-only", "--bootstrap",
                                f"{self.network.address('router')}:{hosts.DHT_PORT}", beside=2)
        for _ in range(cli.SECONDS):
            seeker.say(do="find", target=hosts.capability_key(capability))
            try:
                seeker.until(lambda event: address in event.get("peers", ()), seconds=1)
                return
            except TimeoutError:
                pass
        raise AssertionError(f"{address} is not announced: {seeker.seen}")

    def all_heard(self, router):
        """What the router has heard of what was sent until now: packets arrive in order."""
        subprocess.run([*self.network.on("home"), sys.executable, "-c",
                        "import socket, sys; socket.socket(type=socket.SOCK_DGRAM).sendto(b'', (sys.argv[1], "
                        "int(sys.argv[2])))", self.network.address("router"), str(gateway.PORT_OF_SENTINEL)],
                       check=True, timeout=cli.SECONDS)
        router.until(lambda said: said["heard"] == "sentinel")
        return [said for said in router.seen if said["heard"] not in ("ready", "sentinel")]

    def expect_mapped(self, offers):
        """A plasm-dht and this kind of router: both ports."""
        router = self.start_gateway(offers)
        dht = self.start_dht("home", "--map-ports")
        with open(f"/proc/{dht.process.pid}/status", encoding="utf-8") as status:
            confined = "Seccomp:\t2" in status.read()
        dht.say(do="map", port=hosts.PORT)
        mapped = {}
        for kind, port in (("udp", hosts.DHT_PORT), ("tcp", hosts.PORT)):
            mapped[kind] = router.until(lambda said: said.get("asks") == "map" and (said["kind"], said["inner"]) == (
                kind, port))
            self.assertEqual(mapped[kind]["heard"], offers)
        told = dht.until(lambda event: event["event"] == "mapped")
        print(f"{offers}: asked for {mapped['udp']} and {mapped['tcp']}; plasm-dht "
              f"({'under' if confined else 'without'} its filter) said {told}", flush=True)
        self.assertEqual(told["port"], hosts.PORT)
        self.assertEqual(dht.end(), 0)
        return router, told

    def test_a_router_that_speaks_nat_pmp_is_asked_for_both_ports(self):
        router, told = self.expect_mapped("nat-pmp")
        self.assertEqual(told["external"], hosts.PORT + gateway.FURTHER)
        self.assertTrue(any(said["heard"] == "pcp" for said in router.seen), "PCP comes first, and is refused")

    def test_a_router_that_speaks_pcp_is_asked_for_both_ports(self):
        _, told = self.expect_mapped("pcp")
        self.assertEqual(told["external"], hosts.PORT + gateway.FURTHER)

    def test_a_router_that_speaks_upnp_is_asked_for_both_ports(self):
        _, told = self.expect_mapped("upnp")
        self.assertEqual(told["external"], hosts.PORT)

    def test_switched_off_the_router_hears_nothing(self):
        for offers in ("nat-pmp", "upnp"):
            router = self.start_gateway(offers)
            dht = self.start_dht("home")
            dht.say(do="map", port=hosts.PORT)
            dht.until(lambda event: event["event"] == "refused")
            self.assertEqual(dht.end(), 0)
            self.assertEqual(self.all_heard(router), [])
            router.end()
        print("switched off: the router heard nothing of plasm-dht", flush=True)

    def test_a_node_has_its_ports_mapped_and_is_announced_under_the_outer_one(self):
        router = self.start_gateway("nat-pmp")
        self.start_dht("router")
        node = self.start_node(PLASM_PORT_MAPPING="on")
        told = node.until(lambda event: event["event"] == "port_mapped")
        outer = hosts.PORT + gateway.FURTHER
        self.assertEqual((told["port"], told["external"]), (hosts.PORT, outer))
        asked = router.until(lambda said: said.get("kind") == "udp")
        self.assertEqual(asked["inner"], hosts.DHT_PORT)
        announced = f"{self.network.address('home')}:{outer}"
        self.until_announced("node", announced)
        print(f"plasmd start: {told}; asked for {asked}; announced as {announced}", flush=True)

    def test_a_node_asks_no_router_unless_it_is_told_to(self):
        router = self.start_gateway("nat-pmp")
        self.start_dht("router")
        node = self.start_node()
        self.until_announced("node", f"{self.network.address('home')}:{hosts.PORT}")
        node.process.terminate()
        node.process.wait(cli.SECONDS)
        self.assertEqual(self.all_heard(router), [])
        print("plasmd start without the setting: the router heard nothing", flush=True)


if __name__ == "__main__":
    hosts.run_inside(cli.main)
