"""The commands of a document, run as printed.

A ```console block holds commands behind `$ `, their further lines behind `> `, and what they
print. A line that is only an ellipsis stands for any lines, one within a line for any characters.
"""
import re
import subprocess

ELLIPSIS = "…"
MARK = "--- end of command"


def console_blocks(text):
    """[(command, expected output)] of the blocks, in order."""
    commands = []
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        printed = True  # a line of output cannot continue a command
        for line in block.splitlines():
            if line.startswith("$ "):
                commands.append([line[2:], []])
                printed = False
            elif line.startswith("> ") and not printed:
                commands[-1][0] += "\n" + line[2:]
            else:
                commands[-1][1].append(line)
                printed = True
    return [(command, "\n".join(expected)) for command, expected in commands]


def pattern(expected):
    parts = re.split(rf"(?:^{ELLIPSIS}$)", expected, flags=re.MULTILINE)
    inner = [".*?".join(re.escape(piece) for piece in part.split(ELLIPSIS)) for part in parts]
    return re.compile(r"\A" + "(?:(?s:.*))".join(inner).strip() + r"\Z")


def check_as_printed(test, text, shell):
    """Runs the commands of `text` as one script; each is a subtest of `test`. `shell` takes a script, of
    which the first command that fails ends it, and gives the finished process."""
    commands = console_blocks(text)
    done = shell("".join(f"{command}\necho '{MARK}'\n" for command, _ in commands))
    outputs = done.stdout.split(MARK)
    test.assertEqual(len(outputs), len(commands) + 1, done.stdout)
    test.assertEqual(done.returncode, 0, done.stdout)
    for (command, expected), output in zip(commands, outputs):
        with test.subTest(command=command):
            test.assertRegex(output.strip(), pattern(expected))
    return len(commands)


def run_as_printed(test, text, folder, environment):
    """Runs the commands of `text` in one shell in `folder`; each is a subtest of `test`."""
    return check_as_printed(test, text, lambda script: subprocess.run(
        ["sh", "-e"], input=script, cwd=folder, env=environment, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, timeout=300, check=False))


def demo_folder(work, bin_folder, root):
    """The repository as a stranger has it after script/demo, below the folder `work`."""
    tree = work / "plasm"
    (tree / "build" / "release").mkdir(parents=True)
    (tree / "build" / "release" / "bin").symlink_to(bin_folder)
    (tree / "examples").symlink_to(root / "examples")
    return tree
