"""The log over HTTP: the files that are on disk, and nothing else."""
import json

import node


class LogTest(node.NodeTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        test = cls()
        test.put_module()
        test.submit(test.manifest("hello.wasm", "x"))

    def test_every_file_of_the_log_is_served_to_everybody(self):
        log = self.data / "log"
        served = 0
        for file in log.rglob("*"):
            name = str(file.relative_to(self.data))
            if not file.is_file() or not (name == "log/checkpoint" or "/tile/" in name):
                continue
            answer = self.ask("GET", f"/{name}", via="tls")
            self.assertEqual((answer.status, answer.body), (200, file.read_bytes()), name)
            immutable = "immutable" in answer.headers["Cache-Control"]
            self.assertEqual(immutable, name != "log/checkpoint")
            served += 1
        self.assertGreaterEqual(served, 3)

    def test_nothing_else_of_the_data_folder_is(self):
        for path in ("/identity.key", "/log/lock", "/log/../identity.key", "/log/%2e%2e/tls.key",
                     "/log/tile/0/..%2f..%2f..%2fidentity.key", "/log/tile/../checkpoint",
                     "//log/checkpoint", "/log//checkpoint", "/log/checkpoint/", "/jobs.db",
                     "/log/tile/0/000.p", "/log/pending", "/tokens", "/log-1/checkpoint"):
            answer = self.ask("GET", path)
            self.assertIn(answer.status, (400, 404), (path, answer))

    def test_what_is_not_there_yet_is_not_found(self):
        for path in ("/log/tile/0/x001/000", "/log-2/checkpoint", "/log/tile/5/000"):
            self.assert_problem(self.ask("GET", path), 404, "not_found")

    def test_the_card_lists_the_key_that_the_server_shows(self):
        import base64
        card = self.ask("GET", "/v1/node").json()
        payload = json.loads(base64.b64decode(card["payload"]))
        listed = [key["key"] for key in payload["keys"] if key["use"] == "tls"]
        connection = self.node.connection("tls")
        connection.connect()
        shown = connection.sock.getpeercert(binary_form=True)
        connection.close()
        self.assertTrue(any(bytes.fromhex(key) in shown for key in listed))


if __name__ == "__main__":
    node.main()
