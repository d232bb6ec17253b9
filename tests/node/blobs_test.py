"""Blobs: uploads whole and in pieces, ranges, and who sees them."""
import hashlib

import node


def digest_of(contents):
    return hashlib.sha256(contents).hexdigest()


class BlobsTest(node.NodeTest):
    def test_a_blob_is_kept_and_given_back(self):
        contents = bytes(range(256)) * 4000
        path = f"/v1/blobs/{digest_of(contents)}"
        self.assertEqual(self.ask("HEAD", path).status, 404)
        self.assertEqual(self.ask("PUT", path, contents).status, 201)
        self.assertEqual(self.ask("PUT", path, contents).status, 200)
        answer = self.ask("GET", path)
        self.assertEqual(answer.body, contents)
        head = self.ask("HEAD", path)
        self.assertEqual(head.headers["Content-Length"], str(len(contents)))
        self.assertEqual(head.headers["ETag"], f'"{digest_of(contents)}"')

    def test_the_empty_blob_is_one(self):
        path = f"/v1/blobs/{digest_of(b'')}"
        self.assertIn(self.ask("PUT", path, b"").status, (200, 201))
        self.assertEqual(self.ask("GET", path).body, b"")

    def test_ranges_are_parts(self):
        contents = b"0123456789"
        path = f"/v1/blobs/{self.put_blob(contents)}"
        for header, part, where in (("bytes=2-4", b"234", "bytes 2-4/10"),
                                    ("bytes=7-", b"789", "bytes 7-9/10"),
                                    ("bytes=-1", b"9", "bytes 9-9/10")):
            answer = self.ask("GET", path, headers={"Range": header})
            self.assertEqual((answer.status, answer.body), (206, part))
            self.assertEqual(answer.headers["Content-Range"], where)
        beyond = self.ask("GET", path, headers={"Range": "bytes=10-"})
        self.assertEqual(beyond.status, 416)
        self.assertEqual(beyond.headers["Content-Range"], "bytes */10")
        for header in ("bytes=1-2,4-5", "bytes=5-4", f"bytes={2**63}-", "lines=1-2"):
            self.assert_problem(self.ask("GET", path, headers={"Range": header}), 400, "invalid")
        other = self.ask("GET", path, headers={"Range": "bytes=0-1", "If-Range": '"x"'})
        self.assertEqual((other.status, other.body), (200, contents))

    def test_an_upload_goes_on_where_it_was_cut(self):
        contents = b"piece by piece " * 1000
        size = len(contents)
        path = f"/v1/blobs/{digest_of(contents)}"
        first = self.ask("PUT", path, contents[:100],
                         {"Content-Range": f"bytes 0-99/{size}"})
        self.assertEqual((first.status, first.headers["Upload-Offset"]), (202, "100"))
        self.assertEqual(self.ask("HEAD", path).headers["Upload-Offset"], "100")
        wrong = self.ask("PUT", path, contents[:100], {"Content-Range": f"bytes 0-99/{size}"})
        self.assert_problem(wrong, 409, "conflict")
        self.assertEqual(wrong.headers["Upload-Offset"], "100")
        rest = self.ask("PUT", path, contents[100:],
                        {"Content-Range": f"bytes 100-{size - 1}/{size}"})
        self.assertEqual(rest.status, 201, rest)
        self.assertEqual(self.ask("GET", path).body, contents)

    def test_bytes_of_another_digest_are_refused_and_not_kept(self):
        digest = digest_of(b"what was announced")
        answer = self.ask("PUT", f"/v1/blobs/{digest}", b"something else")
        self.assert_problem(answer, 400, "invalid", digest[:8])
        head = self.ask("HEAD", f"/v1/blobs/{digest}")
        self.assertEqual((head.status, head.headers["Upload-Offset"]), (404, "0"))
        self.assertEqual(self.ask("PUT", f"/v1/blobs/{digest}", b"what was announced").status, 201)

    def test_names_that_are_no_digests_lead_nowhere(self):
        for name in ("x", "..", "%2e%2e", "..%2f..%2fidentity.key", "A" * 64, "0" * 63, "0" * 65,
                     "0" * 64 + "%00", "partial", "%ff"):
            for method in ("GET", "HEAD", "PUT"):
                body = b"" if method == "PUT" else None
                answer = self.ask(method, f"/v1/blobs/{name}", body)
                self.assertIn(answer.status, (400, 404), (name, answer))

    def test_lengths_that_cannot_be_are_refused(self):
        path = f"/v1/blobs/{'12' * 32}"
        for header in (f"bytes 0-{2**63}/{2**63 + 1}", "bytes 0-0/*", "bytes 5-4/10", "bytes 0-9/5",
                       f"bytes 0-{2**64}/{2**64 + 1}", "0-1/2"):
            self.assert_problem(self.ask("PUT", path, b"x", {"Content-Range": header}), 400,
                                "invalid", "Content-Range")
        short = self.ask("PUT", path, b"x", {"Content-Range": "bytes 0-1/5"})
        self.assert_problem(short, 400, "invalid", "Content-Range")
        large = self.ask("PUT", path, b"x",
                         {"Content-Range": f"bytes {2**62}-{2**62}/{2**62 + 2}"})
        self.assert_problem(large, 409, "conflict")


if __name__ == "__main__":
    node.main()
