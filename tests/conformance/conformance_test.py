#!/usr/bin/env python3
"""Runs the WASI preview1 conformance suite with the plasmd that PLASMD names.

The suite and its runner are published beside this tree, under
$PLASM_SHARED_DIR/conformance/wasi-testsuite. They are copied before they run: the runner
cleans up in the suite's own folders. Without them the test ends with status 77, a skip.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77
SUITES = "tests/*/wasm32-wasip1"
LAUNCHER = pathlib.Path(__file__).resolve().with_name("run_runner.py")


def run_suites(published, work):
    """Returns the runner's finished process and its report."""
    suite = work / "wasi-testsuite"
    shutil.copytree(published, suite, ignore=shutil.ignore_patterns("__pycache__"))
    report = work / "report.json"
    environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1", HOME=str(work),
                       XDG_DATA_HOME=str(work / "data"))
    folders = sorted(str(folder) for folder in suite.glob(SUITES))
    if not folders:
        sys.exit(f"{published} holds no {SUITES}")
    done = subprocess.run(
        [sys.executable, str(LAUNCHER), str(suite / "test-runner" / "wasi_test_runner.py"),
         "-r", str(suite / "adapter.py"), "--json-output-location", str(report), "-t", *folders],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if not report.exists():
        print(done.stdout)
        sys.exit(f"the runner ended with status {done.returncode} and without a report")
    return done, json.loads(report.read_text(encoding="utf-8"))


def main():
    if not os.environ.get("PLASMD"):
        sys.exit("PLASMD must name the plasmd binary to test")
    published = pathlib.Path(os.environ.get("PLASM_SHARED_DIR", "")) / "conformance" / "wasi-testsuite"
    if not (published / "adapter.py").exists():
        print(f"skipped: the conformance suite is not at {published} (PLASM_SHARED_DIR says where to look)")
        return SKIPPED

    # A compilation may still be under way in there.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as work:
        done, report = run_suites(published, pathlib.Path(work))
        tests = sum(1 for _ in published.glob(f"{SUITES}/*.wasm"))

    failed = passed = 0
    for result in report["results"]:
        print(f"{result['name']}: {result['passed']} passed, {result['failed']} failed, "
              f"{result['skipped']} skipped, {result['duration_s']:.1f} s")
        passed += result["passed"]
        for test in result["tests"]:
            if test["outcome"] != "pass":
                failed += 1
                print(f"  {test['outcome']}: {test['name']}")
                for message in test["failures"]:
                    print("    " + message.replace("\n", "\n    "))
    print(f"{passed} of {tests} tests passed")
    # A test that the runner leaves out is as bad as one that fails.
    return 0 if done.returncode == 0 and failed == 0 and passed == tests > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
