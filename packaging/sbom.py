"""Writes what Plasm is made of, as SPDX 2.3 in JSON: the Debian packages that it is compiled with, from
script/bootstrap and dpkg, and the engine's crates, from Cargo.lock.

    sbom.py VERSION > plasm.spdx.json

The same inputs give the same bytes; the date is that of SOURCE_DATE_EPOCH.
"""
import datetime
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[1]
# Of the list in script/bootstrap: what builds, and what only the tests are made of.
TOOLS = {"cmake", "g++", "ninja-build", "pkg-config", "python3"}
NOT_INSIDE = {"ca-certificates", "git", "libbenchmark-dev", "libgmock-dev", "libgtest-dev"}
SHARED = {"libseccomp-dev", "libtorrent-rasterbar-dev"}


def build_packages():
    text = (ROOT / "script" / "bootstrap").read_text("utf-8")
    return re.search(r"^build='(.*?)'", text, re.M | re.S)[1].split()


def installed(names):
    """[(name, version, source, architecture)], for those that are there."""
    done = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package}\t${Version}\t${source:Package}\t${Architecture}\n", *names],
        text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if done.returncode != 0:
        sys.exit(f"sbom: {done.stderr.strip()}: script/bootstrap installs what Plasm is built with")
    return [line.split("\t") for line in sorted(set(done.stdout.splitlines()))]


def identifier(*words):
    return "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", "-".join(words))


def package(spdx_id, name, version, purl, **more):
    return {"SPDXID": spdx_id, "name": name, "versionInfo": version, "filesAnalyzed": False,
            "downloadLocation": "NOASSERTION", "licenseConcluded": "NOASSERTION",
            "licenseDeclared": "NOASSERTION", "copyrightText": "NOASSERTION",
            "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                              "referenceLocator": purl}], **more}


def relation(left, kind, right):
    return {"spdxElementId": left, "relationshipType": kind, "relatedSpdxElement": right}


def debian_parts():
    """(package, its relation to Plasm) of each Debian package."""
    compiler = subprocess.run(["g++", "-dumpversion"], text=True, stdout=subprocess.PIPE, check=True)
    major = compiler.stdout.strip().split(".")[0]
    names = [name for name in build_packages() if name not in NOT_INSIDE]
    for name, version, source, architecture in installed([*names, f"libstdc++-{major}-dev", f"libgcc-{major}-dev"]):
        part = package(identifier("deb", name), name, version,
                       f"pkg:deb/debian/{name}@{version.replace(':', '%3A').replace('+', '%2B')}?arch={architecture}",
                       sourceInfo=f"Debian source package {source}")
        if name in TOOLS:
            yield part, "tool"
        else:
            yield part, "shared" if name in SHARED else "inside"


def crates():
    lock = tomllib.loads((ROOT / "src" / "sandbox" / "engine" / "Cargo.lock").read_text("utf-8"))
    for crate in sorted(lock["package"], key=lambda crate: (crate["name"], crate["version"])):
        if "source" not in crate:
            continue  # our own
        yield package(identifier("crate", crate["name"], crate["version"]), crate["name"], crate["version"],
                      f"pkg:cargo/{crate['name']}@{crate['version'].replace('+', '%2B')}",
                      checksums=[{"algorithm": "SHA256", "checksumValue": crate["checksum"]}])


def document(version):
    plasm = package("SPDXRef-plasm", "plasm", version, f"pkg:generic/plasm@{version}")
    plasm["licenseDeclared"] = plasm["licenseConcluded"] = "Apache-2.0"
    packages = [plasm]
    relations = [relation("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-plasm")]
    for part, kind in debian_parts():
        packages.append(part)
        relations.append({"tool": relation(part["SPDXID"], "BUILD_TOOL_OF", "SPDXRef-plasm"),
                          "shared": relation("SPDXRef-plasm", "DYNAMIC_LINK", part["SPDXID"]),
                          "inside": relation("SPDXRef-plasm", "STATIC_LINK", part["SPDXID"])}[kind])
    for part in crates():
        packages.append(part)
        # The lock names crates of other systems and of the build too.
        relations.append(relation("SPDXRef-plasm", "DEPENDS_ON", part["SPDXID"]))
    contents = json.dumps([packages, relations], sort_keys=True).encode()
    created = datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), datetime.timezone.utc)
    return {"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT",
            "name": f"plasm-{version}",
            "documentNamespace": f"urn:plasm:sbom:{version}:{hashlib.sha256(contents).hexdigest()}",
            "creationInfo": {"created": f"{created:%Y-%m-%dT%H:%M:%SZ}", "creators": ["Tool: plasm-sbom"]},
            "packages": packages, "relationships": relations}


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print(json.dumps(document(sys.argv[1]), indent=1, ensure_ascii=False))
