"""Jobs with receipts v2 and what is done to them, for the tests of several verbs."""
import dataclasses
import json
import pathlib
import shutil

import cli
import dsse

VERDICTS = {"VALID": 0, "VALID_LEGACY_UNBOUND": 0, "MALFORMED": 10, "BAD_SIGNATURE": 11,
            "UNKNOWN_KEY": 12, "WRONG_KEY": 13, "NODE_BLOCKED": 14, "KEY_NOT_VALID": 15,
            "KEY_REVOKED": 16, "NOT_LOGGED": 17, "BAD_LOG_PROOF": 18, "NOT_WITNESSED": 19,
            "INCONSISTENT": 20, "WRONG_JOB": 21, "TOO_LATE": 22, "WRONG_OUTPUT": 23,
            "REPLAY_DIFFERS": 30, "REPLAY_INCONCLUSIVE": 31, "REPLAY_IMPOSSIBLE": 32}
LOG_BAD = 18


def beside(path, suffix):
    return path.with_name(path.name + suffix)


@dataclasses.dataclass
class Issued:
    """A receipt v2 in its files."""
    file: pathlib.Path
    report: dict  # what execute-job printed

    @property
    def proof(self):
        return beside(self.file, ".tlog-proof")

    @property
    def manifest(self):
        return beside(self.file, ".manifest.json")

    @property
    def envelope(self):
        return json.loads(self.file.read_bytes())

    @property
    def statement(self):
        return dsse.payload(self.envelope)

    @property
    def predicate(self):
        return self.statement["predicate"]


class ReceiptTest(cli.CliTest):
    """The class's data folder is a node; "me" is its name in its own list of trusted nodes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.made = 0
        maker = cls("runTest")
        maker.issue(cli.example("hello.wasm"), "first", folder=cls.home)
        maker.assert_ends(maker.plasm("trust", "add", "me", "--self"), 0)

    def runTest(self):  # lets setUpClass use the helpers
        pass

    def issue(self, *words, folder=None, data=None, status=0, tier="quick", **options):
        """Runs a job and gives its receipt, in a file of its own."""
        type(self).made += 1
        file = (folder or self.folder) / f"r{self.made}.json"
        done = self.plasmd("execute-job", "--data-dir", data or self.data, "--tier", tier,
                           "-o", file, *words, **options)
        self.assert_ends(done, status)
        return Issued(file, json.loads(done.stdout))

    def key_of(self, name, data=None):
        return (data or self.data) / f"{name}.key"

    def public_key(self, name="receipt", data=None):
        """A PEM file with a node's public key."""
        file = self.folder / f"{name}.pem"
        file.write_bytes(dsse.public_pem(self.key_of(name, data)))
        return file

    def write(self, name, contents):
        """A file in the test's folder, with bytes, text or a JSON document."""
        if isinstance(contents, str):
            contents = contents.encode()
        path = self.folder / name
        path.write_bytes(contents if isinstance(contents, bytes) else dsse.compact(contents))
        return path

    def lie(self, issued, edit, name="lie.json", key="receipt"):
        """The node signs something else. No proof of the log is beside it."""
        return self.write(name, dsse.lie(issued.envelope, edit, self.key_of(key)))

    def verifier(self, *level):
        """The data folder of somebody else, who trusts the node as "node"."""
        data = self.folder / "verifier"
        self.assert_ends(self.plasm("trust", "add", "node", self.data / "card.json", *level, data=data), 0)
        return data

    def new_card(self, edit, data=None, name="card2.json"):
        """A card of the node that follows the one it has issued, in a file."""
        card = json.loads((( data or self.data) / "card.json").read_bytes())
        document = dsse.payload(card)
        document["version"] += 1
        edit(document)
        return self.write(name, dsse.sign(document, self.key_of("identity", data), dsse.CARD))

    def verify(self, receipt, *flags, data=None):
        file = receipt.file if isinstance(receipt, Issued) else receipt
        return self.plasm("verify", file, *flags, data=data)

    def assert_verdict(self, done, verdict, *texts):
        """The verdict, in the text and as exit status, and what else the report says."""
        out = done.stdout.decode()
        self.assertEqual(out.split(" ")[0], verdict, out + done.stderr.decode())
        self.assertEqual(done.returncode, VERDICTS[verdict])
        for text in texts:
            self.assertIn(text, out)

    def assert_verified(self, receipt, verdict, *flags, data=None, says=()):
        done = self.verify(receipt, *flags, data=data)
        self.assert_verdict(done, verdict, *says)
        return done

    def shown(self, receipt, *flags, data=None):
        """The report as JSON."""
        done = self.verify(receipt, "--json", *flags, data=data)
        report = json.loads(done.stdout)
        self.assertEqual(done.returncode, report["exit_status"])
        return report

    def log_key(self, data=None):
        """The log's key as policies and --vkey have it."""
        return json.loads(self.plasm("log", "show", "--json", data=data).stdout)["vkey"]

    def copy_of(self, folder, name):
        copy = self.folder / name
        shutil.copytree(folder, copy)
        return copy

    def assert_sound_log(self, data=None):
        done = self.plasm("log", "fsck", data=data)
        self.assert_ends(done, 0)
        return int(done.stdout.split()[1])
