"""The packages, made from the release build, and a clean Debian root to install them into."""
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from plasmd import Missing, cache_dir, locked

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "packages"
NAMES = ("plasm", "plasmd", "plasm-worker", "plasm-dht", "libplasm0", "libplasm-dev")
# What the packages depend on, and what `apt` needs to say so.
INCLUDE = ("init-system-helpers", "libseccomp2", "libstdc++6", "libtorrent-rasterbar2.0",
           "systemd-standalone-sysusers", "systemd-standalone-tmpfiles")
SECONDS = 1800


def asked_for():
    """Making packages takes a minute or more, and is done only with PLASM_TEST_PACKAGES=1."""
    if os.environ.get("PLASM_TEST_PACKAGES") != "1":
        print("takes minutes: script/nightly does it, or PLASM_TEST_PACKAGES=1")
        sys.exit(77)


def epoch():
    """The time of the sources: that of the commit."""
    return subprocess.run(["git", "-C", ROOT, "log", "-1", "--format=%ct"], text=True, stdout=subprocess.PIPE,
                          check=True).stdout.strip()


def make(tree=ROOT):
    """{file name: SHA-256} of the packages of what is built in a tree, made anew."""
    done = subprocess.run([tree / "script" / "package", "--no-build"], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=SECONDS, check=False,
                          env={**os.environ, "SOURCE_DATE_EPOCH": epoch()})
    assert done.returncode == 0, done.stderr
    return {name: digest for digest, name in (line.split() for line in done.stdout.splitlines())}


def built_elsewhere(folder):
    """The tree as it is, built anew in another folder, whose name is longer."""
    names = subprocess.run(["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                           stdout=subprocess.PIPE, check=True).stdout.decode().rstrip("\0").split("\0")
    for name in names:
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    # A cache would give what another folder has compiled, and with it the same bytes: one of its own is empty.
    done = subprocess.run([folder / "script" / "configure-and-build", "release", "package_files"], text=True,
                          env={**os.environ, "CCACHE_DIR": str(folder / "ccache"), "SOURCE_DATE_EPOCH": epoch()},
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=2 * SECONDS, check=False)
    assert done.returncode == 0, done.stdout
    return folder


def paths():
    found = {name: next(FOLDER.glob(f"{name}_*.deb"), None) for name in NAMES}
    assert all(found.values()), f"not all packages are in {FOLDER}: {found}"
    return found


class CleanRoot:
    """Debian 12 with little in it, in a folder. Commands run in it as root, each with processes of its own
    that end with it."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        subprocess.run(["cp", "-a", "--", f"{base()}/.", self.folder], check=True)

    def run(self, *words, user=None, environment=None, check=True, stdin=""):
        as_user = ["runuser", "-u", user, "--"] if user else []
        env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LC_ALL": "C.UTF-8",
               "DEBIAN_FRONTEND": "noninteractive", **(environment or {})}
        done = subprocess.run(
            ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c",
             'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"', self.folder, *as_user, *words],
            text=True, env=env, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            timeout=SECONDS, check=False)
        assert not check or done.returncode == 0, f"{words}: {done.returncode}\n{done.stdout}"
        return done

    def put(self, *files):
        for file in files:
            shutil.copy(file, self.folder / "tmp")
        return [f"/tmp/{pathlib.Path(file).name}" for file in files]

    def path(self, absolute):
        return self.folder / absolute.lstrip("/")


def base():
    """The clean root that is copied, made once by mmdebstrap."""
    if os.geteuid() != 0:
        raise Missing("only root can make a root folder and install into it")
    if not shutil.which("mmdebstrap"):
        raise Missing("mmdebstrap is not installed: script/bootstrap develop installs it")
    # Another list is another root.
    home = cache_dir() / f"bookworm-root-{hashlib.sha256(' '.join(INCLUDE).encode()).hexdigest()[:16]}"
    with locked(cache_dir() / "bookworm-root.lock"):
        if not home.exists():
            with tempfile.TemporaryDirectory(dir=cache_dir()) as work:
                made = pathlib.Path(work) / "root"
                done = subprocess.run(
                    ["mmdebstrap", "--variant=minbase", f"--include={','.join(INCLUDE)}", "bookworm", made],
                    text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=1800, check=False)
                if done.returncode != 0:
                    raise Missing(f"mmdebstrap: {done.stdout.strip()[-500:]}")
                os.rename(made, home)
    return home


def as_version(package, version, folder):
    """The same package under another version, as an older release would be."""
    with tempfile.TemporaryDirectory() as work:
        subprocess.run(["dpkg-deb", "--raw-extract", package, work], check=True)
        control = pathlib.Path(work) / "DEBIAN" / "control"
        text = control.read_text("utf-8")
        own = next(line.split()[1] for line in text.splitlines() if line.startswith("Version:"))
        control.write_text(text.replace(f"Version: {own}\n", f"Version: {version}\n")
                           .replace(f"(= {own})", f"(= {version})"), "utf-8")
        made = pathlib.Path(folder) / f"{package.name.split('_')[0]}_{version}_amd64.deb"
        subprocess.run(["dpkg-deb", "--root-owner-group", "-Znone", "--build", work, made],
                       stdout=subprocess.DEVNULL, check=True)
        return made
