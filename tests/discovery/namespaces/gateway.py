"""What a router at home offers those behind it: it forwards ports when it is asked to.

    gateway.py ADDRESS nat-pmp|pcp|upnp

Speaks NAT-PMP (RFC 6886; to PCP it says that it does not know that version), or PCP (RFC 6887), or is
found by SSDP and controlled by UPnP (WANIPConnection:1). It forwards nothing, since nobody comes from
outside; it says what it was asked for on standard output, one JSON object a line. With NAT-PMP and PCP
an outer port is FURTHER up than the inner one. A datagram to PORT_OF_SENTINEL is said as `sentinel`.
Ends with its standard input.
"""
import http.server
import json
import os
import re
import selectors
import socket
import struct
import sys
import threading

NAT_PMP_PORT = 5351
SSDP_GROUP, SSDP_PORT = "239.255.255.250", 1900
PORT_OF_SENTINEL = 9
FURTHER = 10_000
OUTSIDE = "192.0.2.1"
KINDS = {1: "udp", 2: "tcp"}  # operations of NAT-PMP
PROTOCOLS = {17: "udp", 6: "tcp"}  # of PCP
SERVICE = "urn:schemas-upnp-org:service:WANIPConnection:1"
DESCRIPTION = f"""<?xml version="1.0"?>
<root xmlns="urn:schemas-upnp-org:device-1-0"><specVersion><major>1</major><minor>0</minor></specVersion>
<device><deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:1</deviceType>
<friendlyName>gateway</friendlyName><manufacturer>test</manufacturer><modelName>test</modelName>
<UDN>uuid:00000000-0000-0000-0000-000000000001</UDN><serviceList><service>
<serviceType>{SERVICE}</serviceType><serviceId>urn:upnp-org:serviceId:WANIPConn1</serviceId>
<SCPDURL>/scpd.xml</SCPDURL><controlURL>/control</controlURL><eventSubURL>/events</eventSubURL>
</service></serviceList></device></root>"""


def say(**what):
    """One write, since requests are served in threads of their own."""
    os.write(sys.stdout.fileno(), json.dumps(what).encode() + b"\n")


def answer_nat_pmp(request):
    """The answer to one datagram, by RFC 6886 sections 3.2, 3.3 and 3.5."""
    if len(request) < 2 or request[1] >= 128:
        return None
    version, operation = request[0], request[1]
    if version != 0:
        say(heard="pcp", version=version)
        return struct.pack(">BBHI", 0, 128 + operation, 1, 1)
    if operation == 0 and len(request) == 2:
        say(heard="nat-pmp", asks="address")
        return struct.pack(">BBHI4s", 0, 128, 0, 1, socket.inet_aton(OUTSIDE))
    if operation in KINDS and len(request) == 12:
        inner, outer, seconds = struct.unpack(">HHI", request[4:])
        say(heard="nat-pmp", asks="map", kind=KINDS[operation], inner=inner, outer=outer, seconds=seconds)
        return struct.pack(">BBHIHHI", 0, 128 + operation, 0, 1, inner, inner + FURTHER, seconds)
    return struct.pack(">BBHI", 0, 128 + operation, 5, 1)


def answer_pcp(request):
    """The answer to one datagram, by RFC 6887 sections 7 and 11: mappings alone."""
    if len(request) != 60 or request[:2] != b"\x02\x01":
        return None
    seconds, nonce = request[4:8], request[24:36]
    protocol, inner, outer = struct.unpack(">B3xHH", request[36:44])
    say(heard="pcp", asks="map", kind=PROTOCOLS.get(protocol), inner=inner, outer=outer,
        seconds=int.from_bytes(seconds))
    outside = bytes(10) + b"\xff\xff" + socket.inet_aton(OUTSIDE)
    return b"\x02\x81\0\0" + seconds + struct.pack(">I12x12sB3xHH16s", 1, nonce, protocol, inner, inner + FURTHER,
                                                 outside)


class Control(http.server.BaseHTTPRequestHandler):
    """The router's description, and what it is told to do."""

    def log_message(self, *_):
        pass

    def respond(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", 'text/xml; charset="utf-8"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def do_GET(self):
        say(heard="upnp", asks="description")
        self.respond(200, DESCRIPTION)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        action = self.headers["SOAPAction"].strip('"').partition("#")[2]
        values = dict(re.findall(r"<(New\w+)>([^<]*)</", body))
        told = f"<NewExternalIPAddress>{OUTSIDE}</NewExternalIPAddress>" if action == "GetExternalIPAddress" else ""
        if action == "AddPortMapping":
            say(heard="upnp", asks="map", kind=values["NewProtocol"].lower(), inner=int(values["NewInternalPort"]),
                outer=int(values["NewExternalPort"]), seconds=int(values["NewLeaseDuration"]),
                client=values["NewInternalClient"])
        else:
            say(heard="upnp", asks=action)
        self.respond(200, '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">'
                          f'<s:Body><u:{action}Response xmlns:u="{SERVICE}">{told}</u:{action}Response></s:Body>'
                          "</s:Envelope>")


def answer_ssdp(address, port, request):
    """Where the description is, for a search; nothing to anything else."""
    if not request.startswith(b"M-SEARCH"):
        return None
    say(heard="ssdp", asks="search")
    return (f"HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=120\r\nEXT:\r\nLOCATION: http://{address}:{port}/root.xml\r\n"
            "ST: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r\n"
            "USN: uuid:00000000-0000-0000-0000-000000000001::upnp:rootdevice\r\n\r\n").encode()


def udp(address, port):
    opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    opened.bind((address, port))
    return opened


def main(address, offers):
    control = http.server.ThreadingHTTPServer((address, 0), Control)
    threading.Thread(target=control.serve_forever, daemon=True).start()
    # Without an offer it listens all the same, and says what it has heard.
    group = udp(SSDP_GROUP, SSDP_PORT)
    group.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                     socket.inet_aton(SSDP_GROUP) + socket.inet_aton(address))
    answers = {
        udp(address, NAT_PMP_PORT): {"nat-pmp": answer_nat_pmp, "pcp": answer_pcp},
        group: {"upnp": lambda request: answer_ssdp(address, control.server_port, request)},
        udp(address, PORT_OF_SENTINEL): {offers: lambda _: say(heard="sentinel")}}
    selector = selectors.DefaultSelector()
    for source in (*answers, sys.stdin):
        selector.register(source, selectors.EVENT_READ)
    say(heard="ready")
    while True:
        for key, _ in selector.select():
            if key.fileobj is sys.stdin:
                return
            request, sender = key.fileobj.recvfrom(2048)
            answer = answers[key.fileobj].get(offers)
            if answer is None:
                say(heard="unanswered", port=key.fileobj.getsockname()[1])
            elif (reply := answer(request)) is not None:
                key.fileobj.sendto(reply, sender)


if __name__ == "__main__":
    main(*sys.argv[1:])
