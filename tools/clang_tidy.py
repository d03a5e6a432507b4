#!/usr/bin/python3
"""Runs clang-tidy over the product's sources, several at once; a source whose content, headers, flags and
configuration were found clean before is not looked at again.

    tools/clang_tidy.py BUILD_FOLDER [FILE...]      BUILD_FOLDER holds compile_commands.json

What was clean is remembered in BANTER_TIDY_CACHE (default ~/.cache/banter/clang-tidy), one empty file each.
"""
import hashlib
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import tidy

CLANG_TIDY = "clang-tidy-14"
# Other people's sources, compiled by us.
FOREIGN = {"server/base/boost_src.cpp", "server/empty.cpp"}


def read(path):
    try:
        with open(os.path.join(tidy.ROOT, path), encoding="utf-8") as file:
            return file.read()
    except OSError:
        return None


def with_headers(path, seen):
    """`path` and all of our headers that it sees, directly or not."""
    text = read(path)
    if path in seen or text is None:
        return seen
    seen[path] = text
    for _, name, quoted in tidy.includes_of(text):
        if quoted:
            with_headers("server/" + name, seen)
    return seen


def fingerprint(path, command, common):
    digest = hashlib.sha256(common)
    digest.update(command.replace(tidy.ROOT, "").encode())
    for name, text in sorted(with_headers(path, {}).items()):
        digest.update(f"{name}\0{text}\0".encode())
    return digest.hexdigest()


def look_at(build, path):
    """(clean, what clang-tidy said, seconds)"""
    begun = time.monotonic()
    ran = subprocess.run([CLANG_TIDY, "-p", build, "--quiet", os.path.join(tidy.ROOT, path)], cwd=tidy.ROOT,
                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    said = ran.stdout
    if ran.returncode != 0 and not said.strip():
        said = ran.stderr
    return ran.returncode == 0, said.strip(), time.monotonic() - begun


def main(arguments):
    build = os.path.abspath(arguments[0])
    wanted = {os.path.relpath(os.path.abspath(path), tidy.ROOT) for path in arguments[1:]}
    cache = os.environ.get("BANTER_TIDY_CACHE") or os.path.join(
        os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "banter", "clang-tidy")
    os.makedirs(cache, exist_ok=True)
    version = subprocess.run([CLANG_TIDY, "--version"], check=True, stdout=subprocess.PIPE).stdout
    common = version + (read(".clang-tidy") or "").encode()

    todo = {}
    known = 0
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        for entry in json.load(file):
            path = os.path.relpath(entry["file"], tidy.ROOT)
            if not path.startswith(("server/", "bench/")) or path in FOREIGN or (wanted and path not in wanted):
                continue
            mark = os.path.join(cache, fingerprint(path, entry["command"], common))
            if os.path.exists(mark):
                known += 1
            else:
                todo[path] = mark

    bad = 0
    jobs = int(os.environ.get("BANTER_JOBS") or os.cpu_count() or 2)
    with ThreadPoolExecutor(jobs) as pool:
        for path, (clean, said, seconds) in zip(todo, pool.map(lambda path: look_at(build, path), todo)):
            if clean:
                open(todo[path], "w").close()
            else:
                bad += 1
                print(said)
            if os.environ.get("BANTER_TIDY_TIMES"):
                print(f"{seconds:6.1f} s {path}", file=sys.stderr)
    print(f"clang-tidy: {len(todo)} files looked at, {known} known to be clean, {bad} with findings", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
