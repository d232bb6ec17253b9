"""QuickJS runs JavaScript and replays."""
import pathlib
import tempfile

import plasmd
import wheel

MIXED = """
console.log(JSON.stringify({
  now: Date.now(),
  random: [Math.random(), Math.random()],
  floats: [0.1 + 0.2, Math.sin(1), Math.pow(2, 0.5), -0, 1 / 0, 0 / 0],
  big: (2n ** 127n - 1n).toString(),
  sorted: ["b", "ä", "a", "B"].sort(),
  match: "2024-02-29".match(/(\\d+)-(\\d+)/).slice(1),
}));
Promise.resolve().then(() => { console.log("later"); std.err.puts("to stderr\\n"); std.exit(5); });
"""


class QuickJsTest(plasmd.ProgramTest):
    @classmethod
    def setUpClass(cls):
        cls.qjs = wheel.program("quickjs.wasm")
        plasmd.compile_fully(cls.qjs)

    def test_runs_a_line_of_javascript(self):
        done = plasmd.run("run", self.qjs, "-e", "console.log([1, 2, 3].map(x => x * x).join())")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"1,4,9\n", b""))

    def test_replays_bit_for_bit_in_every_tier(self):
        seen = self.assert_replays(self.qjs, "--std", "-e", MIXED)
        self.assertEqual((seen["status"], seen["exit_code"]), ("exited", 5))
        self.assertIn('"floats":[0.30000000000000004,0.8414709848078965,', seen["stdout"])
        self.assertIn('"now":1709210096', seen["stdout"])
        self.assertTrue(seen["stdout"].endswith("}\nlater\n"), seen["stdout"])
        self.assertEqual(seen["stderr"], "to stderr\n")

    def test_a_receipt_is_confirmed_by_a_second_run(self):
        job = self.assert_verifies_and_replays(self.qjs, "--std", "-e", MIXED)
        self.assertEqual((job["exit_code"], job["stderr"]), (5, "to stderr\n"))
        job = self.assert_verifies_and_replays(self.qjs, "-e", "console.log('begin'); for (;;);",
                                               flags=["--fuel", "30000000"])
        self.assertEqual(job["status"], "out_of_fuel")

    def test_runs_a_script_from_a_mounted_folder_and_brings_its_file_back(self):
        with tempfile.TemporaryDirectory() as work:
            host = pathlib.Path(work) / "host"
            host.mkdir()
            (host / "main.mjs").write_text(
                'import * as std from "qjs:std";\n'
                'import { twice } from "./lib.mjs";\n'
                'const out = std.open("/app/out.txt", "w");\n'
                'out.puts(twice(std.in.getline()));\n'
                'out.close();\n', encoding="utf-8")
            (host / "lib.mjs").write_text("export const twice = text => text + text;\n", encoding="utf-8")
            back = pathlib.Path(work) / "out.txt"
            done = plasmd.run("run", self.qjs, "/app/main.mjs", stdin=b"ab\n",
                              flags=["--dir", f"{host}::/app", "--output", f"/app/out.txt={back}"])
            self.assertEqual((done.returncode, done.stderr), (0, b""))
            self.assertEqual(back.read_text(encoding="utf-8"), "abab")
            self.assertEqual(sorted(p.name for p in host.iterdir()), ["lib.mjs", "main.mjs"])

    def test_an_endless_script_runs_out_of_fuel_at_the_same_place_in_every_tier(self):
        seen = self.assert_replays(self.qjs, "-e", "console.log('begin'); for (;;);",
                                   flags=["--fuel", "30000000"])
        self.assertEqual((seen["status"], seen["fuel_used"], seen["stdout"]),
                         ("out_of_fuel", "30000000", "begin\n"))


if __name__ == "__main__":
    plasmd.main(lambda: wheel.program("quickjs.wasm"))
