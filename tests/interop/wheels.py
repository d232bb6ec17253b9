"""Packages from PyPI, in a folder of the user's cache: what a test imports that Debian has not."""
import os
import subprocess
import sys
import tempfile

from plasmd import Missing, cache_dir, locked


def use(*packages):
    """Makes `name==version` packages importable; raises Missing when they can't be had."""
    # By interpreter: some of what they depend on is compiled.
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    home = cache_dir() / "-".join([version, *(p.replace("==", "-") for p in packages)])
    if not home.exists():
        with locked(cache_dir() / "download.lock"):
            if not home.exists():
                install(packages, home)
    sys.path.insert(0, str(home))


def install(packages, home):
    with tempfile.TemporaryDirectory(dir=cache_dir()) as work:
        # A folder of packages rather than a venv, which Debian's python3 cannot make alone.
        target = os.path.join(work, "packages")
        command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet",
                   "--only-binary", ":all:", "--no-cache-dir", "--timeout", "15", "--retries", "1",
                   "--target", target, *packages]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
        except subprocess.TimeoutExpired:
            raise Missing(f"{' '.join(packages)} did not arrive within 300 s") from None
        if done.returncode != 0:
            said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise Missing(f"{' '.join(packages)} could not be installed with pip: {said}")
        os.rename(target, home)
