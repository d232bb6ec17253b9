"""The `go` on the PATH, and the checker of logs in go_log/ built with it.

Modules come from Go's module proxy by way of `go` itself.
"""
import os
import pathlib
import re
import shutil
import subprocess

from plasmd import Missing

CHECKER = pathlib.Path(__file__).resolve().parent / "go_log"
OLDEST = (1, 22)


def environment(**more):
    return dict(os.environ, GOTOOLCHAIN="local", GOFLAGS="-trimpath -buildvcs=false", **more)


def require():
    """The path of `go`; raises Missing when there is none, or no way to the modules."""
    go = shutil.which("go")
    if go is None:
        raise Missing("there is no `go` on the PATH")
    said = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, check=True).stdout
    version = re.match(r"go(\d+)\.(\d+)", said)
    if version is None or tuple(map(int, version.groups())) < OLDEST:
        raise Missing(f"`go` is {said.strip()}, and the test needs {OLDEST[0]}.{OLDEST[1]}")
    downloaded = subprocess.run([go, "mod", "download"], cwd=CHECKER, env=environment(),
                                capture_output=True, text=True, timeout=300, check=False)
    if downloaded.returncode != 0:
        raise Missing("no golang.org/x/mod here, and no way to Go's module proxy: "
                      f"{downloaded.stderr.strip()}")
    return go


def build_checker(target):
    subprocess.run([require(), "build", "-o", str(target), "."], cwd=CHECKER, env=environment(), check=True)
