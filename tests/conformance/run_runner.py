"""Starts the conformance suite's runner under Debian 12's Python 3.11.

Usage: run_runner.py RUNNER ARGUMENTS…

The runner asks Python 3.12 whether a value is `in` an enumeration, and a package for colours
whether it may use them. This gives it an answer to both and leaves the runner as published.
"""
import enum
import runpy
import sys
import types


def contains_value(enumeration, value):
    """What 3.12 does: true for a member and for a member's value."""
    return isinstance(value, enumeration) or value in enumeration._value2member_map_


def no_colours():
    module = types.ModuleType("colorama")
    module.Fore = types.SimpleNamespace(GREEN="", RED="", LIGHTBLACK_EX="", RESET="")
    module.init = lambda **_: None
    return module


if __name__ == "__main__":
    if sys.version_info < (3, 12):
        enum.EnumType.__contains__ = contains_value
    sys.modules["colorama"] = no_colours()
    sys.argv = sys.argv[1:]
    sys.path[0] = sys.argv[0].rpartition("/")[0]
    runpy.run_path(sys.argv[0], run_name="__main__")
