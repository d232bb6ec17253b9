"""A network between namespaces that delays packets, loses some, and can be cut.

A process of its own, which namespaces.Network starts: it makes one TUN device for each host, which
the starter moves into the host's namespace, and carries packets between them. Not every kernel has
netem; TUN devices need nothing but user namespaces, and can be cut between two packets.

    router.py DELAY_MS JITTER_MS LOSS_PERCENT DEVICE…

The host of the n-th device has the addresses 10.77.n.0/24; multicast goes to all others. On standard
input: `cut A,B C,D` keeps apart the two groups of devices from then on, `heal` ends that; each is
answered with a line.
"""
import fcntl
import heapq
import os
import random
import selectors
import struct
import sys
import time

TUNSETIFF = 0x400454ca
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000
MTU = 1500
AT_ONCE = 64  # packets of one device, before the others have their turn


def make_device(name):
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    return device


class Router:
    def __init__(self, delay_ms, jitter_ms, loss_percent, names):
        self.delay, self.jitter, self.loss = delay_ms / 1000, jitter_ms / 1000, loss_percent / 100
        self.names = names
        self.devices = [make_device(name) for name in names]
        self.cuts = set()
        self.on_the_way = []  # by the time when they arrive
        self.count = 0
        self.lost = 0

    def carry(self, source, packet):
        """Takes one packet from a device: by its address, if it is IPv4."""
        if len(packet) < 20 or packet[0] >> 4 != 4:
            return
        if packet[16] & 0xf0 == 0xe0:
            for target in range(len(self.devices)):
                if target != source:
                    self.carry_to(source, target, packet)
        elif packet[16:18] == b"\x0a\x4d":
            self.carry_to(source, packet[18] - 1, packet)

    def carry_to(self, source, target, packet):
        if not 0 <= target < len(self.devices) or (source, target) in self.cuts:
            return
        self.count += 1
        if random.random() < self.loss:
            self.lost += 1
            return
        due = time.monotonic() + self.delay + random.random() * self.jitter
        heapq.heappush(self.on_the_way, (due, self.count, target, packet))

    def deliver(self):
        """Hands out what has arrived; how long until the next does."""
        now = time.monotonic()
        while self.on_the_way and self.on_the_way[0][0] <= now:
            _, _, target, packet = heapq.heappop(self.on_the_way)
            try:
                os.write(self.devices[target], packet)
            except OSError:
                pass  # its queue is full, or the device is down
        return self.on_the_way[0][0] - now if self.on_the_way else None

    def obey(self, line):
        word, *groups = line.split()
        if word == "cut":
            one, two = ([self.names.index(name) for name in group.split(",")] for group in groups)
            self.cuts |= {pair for a in one for b in two for pair in ((a, b), (b, a))}
        elif word == "heal":
            self.cuts.clear()
        print(f"{word}: {self.count} packets, {self.lost} lost", flush=True)

    def run(self):
        selector = selectors.DefaultSelector()
        selector.register(sys.stdin, selectors.EVENT_READ, None)
        for number, device in enumerate(self.devices):
            selector.register(device, selectors.EVENT_READ, number)
        print("ready", flush=True)
        while True:
            for key, _ in selector.select(self.deliver()):
                if key.data is None:
                    line = sys.stdin.readline()
                    if not line:
                        return
                    self.obey(line)
                    continue
                for _ in range(AT_ONCE):
                    try:
                        self.carry(key.data, os.read(key.fileobj, MTU))
                    except OSError:
                        break


if __name__ == "__main__":
    Router(*map(float, sys.argv[1:4]), sys.argv[4:]).run()
