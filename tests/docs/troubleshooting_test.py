"""docs/troubleshooting.md has messages that the programs do print."""
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
# What the system says, not we.
OF_THE_SYSTEM = ("Connection refused", "Permission denied")


def literals():
    """The texts of the sources, those that were broken over lines put together."""
    texts = [path.read_text("utf-8") for folder in ("src", "apps") for path in sorted((ROOT / folder).rglob("*.cc"))
             if not path.name.endswith("_test.cc")]
    return re.sub(r'"\s*"', "", "\n".join(texts))


def messages():
    text = (ROOT / "docs" / "troubleshooting.md").read_text("utf-8")
    return re.findall(r"^\| `([^`]+)`", text, re.M)


class TroubleshootingTest(unittest.TestCase):
    def test_every_message_is_one_that_the_programs_have(self):
        sources = literals()
        self.assertGreater(len(messages()), 25)
        for message in messages():
            for part in message.split("…"):
                if part not in OF_THE_SYSTEM:
                    with self.subTest(message=message):
                        self.assertTrue(part.strip() in sources, "no program has this text")


if __name__ == "__main__":
    unittest.main(verbosity=2)
