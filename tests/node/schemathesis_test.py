"""schemathesis reads the description that a node serves, and asks the node all that follows from it:
valid requests, requests that are wrong in one place, and requests that follow links of answers.

It comes from PyPI: without pip or the network the test skips.
"""
import ssl
import subprocess
import sys
import unittest

import cli
import node
import plasmd
import wheels

PACKAGES = ("schemathesis==4.32.5", "hypothesis==6.170.17", "jsonschema-rs==0.60.3")
SECONDS = 600  # some ten on a machine with nothing else to do

# What a schema cannot say. A body that it takes is refused all the same with 400 or 413 when
# digests, sizes or ranges in it don't agree, or when a number is written as 1.0 (spec/job.md
# section 1.3). The header of watchJob would otherwise be filled with a number.
CONFIGURATION = """
[[operations]]
include-operation-id = ["putBlob", "submitJob", "execute", "postOffer"]
checks.positive_data_acceptance.expected-statuses = ["2xx", 400, 404, 409, 413]

[[operations]]
include-operation-id = "watchJob"
parameters = { "header.Last-Event-ID" = "0-0-0" }
"""


class SchemathesisTest(node.NodeTest):
    def test_the_node_does_what_its_description_says(self):
        token = subprocess.run(
            [cli.plasmd(), "token", "create", "tester", "--scope", "jobs,metrics,see-others", "--data-dir", self.data],
            check=True, stdout=subprocess.PIPE, timeout=cli.SECONDS).stdout.decode().strip()
        self.node.process.send_signal(node.signal.SIGHUP)
        self.node.read_until("reloaded")
        # The example of a manifest is a job that runs.
        self.put_module(via="tls", headers={"Authorization": f"Bearer {token}"})
        certificate = self.folder / "node.crt"
        certificate.write_text(ssl.get_server_certificate(("127.0.0.1", self.node.port)))
        configuration = self.folder / "schemathesis.toml"
        configuration.write_text(CONFIGURATION)
        url = f"https://127.0.0.1:{self.node.port}"
        done = subprocess.run(
            [sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()",
             "--no-color", "--config-file", configuration, "run", f"{url}/v1/openapi.yaml", "--url", url,
             "--tls-verify", certificate, "--header", f"Authorization: Bearer {token}", "--checks", "all",
             "--max-examples", "5", "--generation-deterministic", "--continue-on-failure",
             "--warnings", "off", "--request-timeout", "60"],
            env={**self.environment(), "PYTHONPATH": sys.path[0]}, cwd=self.folder, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=SECONDS)
        said = done.stdout.decode(errors="replace")
        self.assertEqual(done.returncode, 0, said)
        # Every operation, but for the one that the description was loaded by.
        operations = sum(method in ("get", "head", "put", "post") for path in node.DESCRIPTION.spec["paths"].values()
                         for method in path)
        self.assertIn(f"Tested: {operations - 1}\n", said)
        # And the node is as well as before.
        self.assertEqual(self.ask("GET", "/readyz").status, 200)


if __name__ == "__main__":
    try:
        wheels.use(*PACKAGES)
    except plasmd.Missing as missing:
        print(f"skipped: {missing}")
        sys.exit(plasmd.SKIPPED)
    unittest.main()
