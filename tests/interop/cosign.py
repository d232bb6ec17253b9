"""Sigstore's cosign, built by Go and kept in the user's cache."""
import os
import pathlib
import subprocess
import sys
import tempfile

import golang
from plasmd import Missing, cache_dir, locked

VERSION = "v3.1.3"
MODULE = f"github.com/sigstore/cosign/v3/cmd/cosign@{VERSION}"


def program():
    """Its path. Raises Missing when it was never built: that takes ten minutes or more, and is done
    only with PLASM_TEST_COSIGN=1, as script/nightly sets it."""
    home = cache_dir() / f"cosign-{VERSION}"
    if not home.exists():
        if os.environ.get("PLASM_TEST_COSIGN") != "1":
            raise Missing(f"cosign {VERSION} was not built yet, which takes ten minutes: "
                          "script/nightly does it, or PLASM_TEST_COSIGN=1")
        with locked(cache_dir() / "cosign.lock"):
            if not home.exists():
                build(home)
    return home / "cosign"


def build(home):
    go = golang.require()
    with tempfile.TemporaryDirectory(dir=cache_dir()) as work:
        target = pathlib.Path(work) / "bin"
        target.mkdir()
        environment = golang.environment(GOBIN=str(target))
        environment["GOFLAGS"] = "-mod=mod -trimpath"
        done = subprocess.run(["nice", go, "install", MODULE], cwd=work, env=environment,
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Missing(f"{MODULE} could not be built: {done.stderr.strip()[-500:]}")
        os.rename(target, home)


if __name__ == "__main__":
    try:
        print(program())
    except Missing as reason:
        sys.exit(str(reason))
