"""The library shows its interface and nothing of what it is built on."""
import os
import pathlib
import re
import sys
import unittest

from installed import call

LIST = pathlib.Path(__file__).with_name("exported_symbols.txt")
LIBRARY = next((pathlib.Path(os.environ["PLASM_BUILD"]) / "lib").glob("libplasm.so.0.*"))


def exported():
    lines = call("nm", "-D", "-C", "--defined-only", LIBRARY).splitlines()
    # One name for the variants of a constructor or destructor; the version's own entry is none.
    names = {re.sub(r"@@?PLASM_0$", "", line.split(maxsplit=2)[2]) for line in lines}
    return sorted(names - {"PLASM_0"})


class SymbolsTest(unittest.TestCase):
    def setUp(self):
        if os.environ["PLASM_SANITIZE"]:
            self.skipTest("sanitizers add symbols of their own")

    def test_they_are_those_of_the_list(self):
        # After a wanted change: write what this prints. One that breaks programs which are built
        # already needs a new PLASM_ABI_VERSION.
        self.assertEqual("\n".join(exported()) + "\n", LIST.read_text("utf-8"))

    def test_they_are_all_of_the_interface(self):
        for name in exported():
            self.assertRegex(name, r"^((typeinfo|typeinfo name|vtable) for )?plasm::v0::")

    def test_it_loads_nothing_but_the_languages_libraries(self):
        dynamic = call("readelf", "-d", LIBRARY)
        needed = set(re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic))
        self.assertLessEqual(needed, {"libc.so.6", "libgcc_s.so.1", "libm.so.6", "libstdc++.so.6",
                                      "ld-linux-x86-64.so.2"})
        self.assertEqual(re.findall(r"\(SONAME\).*\[(.*)\]", dynamic), ["libplasm.so.0"])
        self.assertNotRegex(dynamic, r"\((RPATH|RUNPATH|TEXTREL)\)")


if __name__ == "__main__":
    if sys.argv[1:] == ["--print"]:
        print("\n".join(exported()))
    else:
        unittest.main()
