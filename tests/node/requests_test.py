"""Paths and methods that there are not, and requests that are none."""
import socket

import node


class RequestsTest(node.NodeTest):
    def raw(self, request):
        """What comes back for these bytes, until the node closes."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(node.cli.SECONDS)
            client.connect(self.node.socket)
            client.sendall(request)
            answer = b""
            while chunk := client.recv(65536):
                answer += chunk
        return answer

    def test_paths_that_there_are_not_are_not_found(self):
        for path in ("/", "/v1", "/v2/jobs", "/v1/jobs/x/y", "/healthz/x", "/V1/jobs", "/favicon.ico"):
            self.assert_problem(self.ask("GET", path), 404, "not_found")

    def test_methods_that_there_are_not_are_named(self):
        for method, path, allow in (("DELETE", "/v1/jobs", "GET, HEAD, POST"),
                                    ("POST", "/healthz", "GET, HEAD"),
                                    ("GET", "/v1/execute", "POST"),
                                    ("PATCH", f"/v1/blobs/{'0' * 64}", "GET, HEAD, PUT"),
                                    ("OPTIONS", "/v1/jobs", "GET, HEAD, POST")):
            answer = self.ask(method, path)
            self.assert_problem(answer, 405, "invalid", method)
            self.assertEqual(answer.headers["Allow"], allow)

    def test_head_is_get_without_a_body(self):
        for path in ("/healthz", "/readyz", "/v1/node", "/v1/openapi.yaml", "/metrics",
                     "/v1/node/status", "/v1/jobs"):
            head, get = self.ask("HEAD", path), self.ask("GET", path)
            self.assertEqual((head.status, head.type), (get.status, get.type), path)

    def test_unknown_parameters_are_refused(self):
        for path in ("/v1/jobs?limt=1", f"/v1/blobs/{'0' * 64}?x=1", "/log/checkpoint?x"):
            self.assert_problem(self.ask("GET", path), 400, "invalid")

    def test_malformed_requests_are_refused_and_harm_nobody(self):
        for request in (
                b"GET /healthz HTTP/1.1\r\n\r\n",
                b"GET /v1/jobs HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a\r\n"
                b"Authorization: Bearer b\r\nConnection: close\r\n\r\n",
                b"POST /v1/offers HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775808\r\n\r\n",
                b"POST /v1/offers HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
                b"POST /v1/offers HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n"
                b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                b"GET /../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n",
                b"GET /healthz%00 HTTP/1.1\r\nHost: a\r\n\r\n"):
            answer = self.raw(request)
            self.assertRegex(answer, b"^HTTP/1.1 4[0-9][0-9] ", request)
        self.assertEqual(self.ask("GET", "/healthz").body, b"ok\n")

    def test_the_figures_are_in_prometheus_form(self):
        self.ask("GET", "/healthz")
        text = self.ask("GET", "/metrics").body.decode()
        seen = set()
        for line in text.splitlines():
            if line.startswith("# TYPE "):
                name = line.split()[2]
                self.assertNotIn(name, seen)  # each family once
                seen.add(name)
            elif not line.startswith("#"):
                self.assertRegex(line, r'^[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.]+$')
        self.assertIn('plasm_http_requests_total{path="/healthz",status="200"}', text)
        self.assertIn('plasm_jobs{state="queued"} 0', text)

    def test_the_figures_tell_how_long_jobs_wait_and_run(self):
        def counted(name):
            text = self.ask("GET", "/metrics").body.decode()
            return int(text.split(f"plasm_job_{name}_duration_seconds_count ")[1].split()[0])

        before = counted("queue"), counted("run")
        self.put_module()
        self.assertEqual(self.submit(self.manifest()).json()["state"], "exited")
        self.assertEqual((counted("queue"), counted("run")), (before[0] + 1, before[1] + 1))


if __name__ == "__main__":
    node.main()
