"""An installation in a folder of its own, and how a stranger builds against it."""
import os
import pathlib
import shutil
import subprocess

SOURCE = pathlib.Path(os.environ["PLASM_SOURCE"])
SECONDS = 300


def call(*words, **options):
    done = subprocess.run([str(word) for word in words], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=SECONDS, check=False, **options)
    assert done.returncode == 0, f"{' '.join(map(str, words))}\n{done.stdout}"
    return done.stdout


def compiler_flags():
    """Those without which a program cannot load a library that sanitizers are built into."""
    sanitizers = os.environ["PLASM_SANITIZE"]
    return [f"-fsanitize={sanitizers}"] if sanitizers else []


def install(prefix, *components):
    for component in components or (None,):
        only = ["--component", component] if component else []
        call(os.environ["CMAKE"], "--install", os.environ["PLASM_BUILD"], "--prefix", prefix, *only)


def files(prefix):
    return sorted(str(path.relative_to(prefix)) for path in prefix.rglob("*") if not path.is_dir())


def library_folder(prefix):
    return next(prefix.rglob("libplasm.so.0")).parent


def configure(source, build, prefix):
    """The finished process: configuring may be meant to fail."""
    return subprocess.run(
        [os.environ["CMAKE"], "-S", source, "-B", build, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={prefix}",
         f"-DCMAKE_CXX_COMPILER={os.environ['CXX']}", f"-DCMAKE_CXX_FLAGS={' '.join(compiler_flags())}"],
        text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=SECONDS, check=False)


def build(project, work, prefix):
    """The program that a project of this tree makes, built where nothing of this tree is."""
    source, folder = work / project.name, work / f"{project.name}-build"
    shutil.copytree(project, source)
    configured = configure(source, folder, prefix)
    assert configured.returncode == 0, configured.stdout
    call(os.environ["CMAKE"], "--build", folder)
    return next(path for path in folder.iterdir() if path.is_file() and os.access(path, os.X_OK)
                and path.suffix == "")
