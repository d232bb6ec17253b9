"""Writes a program's man page from its --help and that of each of its verbs.

    man_page.py PROGRAM > NAME.1

The date is that of SOURCE_DATE_EPOCH.
"""
import datetime
import os
import pathlib
import re
import subprocess
import sys

LISTS = ("Positionals", "Options", "Subcommands")


def help_of(program, verbs):
    return subprocess.run([program, *verbs, "--help"], text=True, stdout=subprocess.PIPE, timeout=60,
                          env={"PATH": os.environ["PATH"]}, check=True).stdout


def parse(text):
    """(description, usage, {list: [(term, description)]}, footer)"""
    head, _, rest = text.partition("Usage: ")
    usage, _, rest = rest.partition("\n")
    lists = {name: [] for name in LISTS}
    footer = []
    current = None
    for line in rest.splitlines():
        if line.rstrip(":") in LISTS and line.endswith(":"):
            current = lists[line.rstrip(":")]
        elif current is not None and line.startswith("   "):  # goes on
            term, about = current[-1]
            current[-1] = (term, f"{about} {line.strip()}".strip())
        elif current is not None and line.startswith("  "):
            term, _, about = line.strip().partition("  ")
            term = re.sub(r":[A-Z]+ (?:in )?\[.*", "", term)  # the description says it in words
            current.append((term, about.strip()))
        elif line.strip():
            current = None
            footer.append(line.strip())
    return " ".join(head.split()), usage.strip(), lists, " ".join(footer)


def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text.startswith((".", "'")) else text


def terms(entries):
    for term, about in entries:
        yield from (".TP", f"\\fB{roff(term)}\\fR", roff(about))


def verb_page(program, name, verbs):
    about, usage, lists, footer = parse(help_of(program, verbs))
    yield from (f".SS {roff(' '.join([name, *verbs]))}", roff(about), ".PP", f"\\fB{roff(usage)}\\fR")
    yield from terms(lists["Positionals"])
    yield from terms(entry for entry in lists["Options"] if not entry[0].startswith("-h,"))
    if footer:
        yield from (".PP", roff(footer))
    for verb, _ in lists["Subcommands"]:
        yield from verb_page(program, name, [*verbs, verb])


def page(program):
    name = pathlib.Path(program).name
    about, usage, lists, footer = parse(help_of(program, []))
    version = subprocess.run([program, "--version"], text=True, stdout=subprocess.PIPE, timeout=60,
                             check=True).stdout.strip()
    date = datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), datetime.timezone.utc)
    yield f'.TH {name.upper()} 1 "{date:%Y-%m-%d}" "{version}" "User Commands"'
    about = re.sub(rf"^{re.escape(name)} ", "", about).rstrip(".")
    yield from (".SH NAME", f"{roff(name)} \\- {roff(about)}")
    yield from (".SH SYNOPSIS", f"\\fB{roff(usage)}\\fR", ".SH OPTIONS", *terms(lists["Options"]))
    yield ".SH VERBS"
    for verb, _ in lists["Subcommands"]:
        yield from verb_page(program, name, [verb])
    if footer:
        yield from (".SH NOTES", roff(footer))
    others = sorted({"plasm", "plasmd"} - {name})
    yield from (".SH SEE ALSO", ", ".join(f"\\fB{other}\\fR(1)" for other in others))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print("\n".join(page(sys.argv[1])))
