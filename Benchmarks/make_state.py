#!/usr/bin/env python3
"""Makes a large context-connectors index: state.json and search.json as the tool writes them.

usage: make_state.py DIRECTORY [--bytes B]

One entry a source file, two-space indentation, names and hashes all different.
"""
import argparse
import hashlib
import os

FOLDERS = ["core", "util", "net", "ui", "api", "store", "billing", "search"]
ENDINGS = ["ts", "py", "swift", "md", "go", "rs"]
HEAD = """{
  "version": 1,
  "contextState": {
    "mode": "%s",
    "checkpointId": "d524c1a0811da49592f84108",
    "addedBlobs": [
      "%s"
    ],
    "deletedBlobs": []%s"""
TAIL = """
  },
  "source": {
    "type": "github",
    "config": {
      "owner": "acme",
      "repo": "monolith",
      "ref": "main"
    },
    "resolvedRef": "9a370ebd95136e8b2036f4aeb83295b77f4cd60f",
    "syncedAt": "2026-11-11T11:11:11.000Z"
  }
}"""


def blob(number):
    name = hashlib.sha256(str(number).encode()).hexdigest()
    folder, part = FOLDERS[number % 8], FOLDERS[number // 8 % 8]
    path = f"src/{folder}/{part}/module_{number // 64}/file_{number}.{ENDINGS[number % 6]}"
    return f'      [\n        "{name}",\n        "{path}"\n      ]'


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("directory")
    parser.add_argument("--bytes", type=int, default=100_000_000)
    options = parser.parse_args()
    os.makedirs(options.directory, exist_ok=True)
    added = hashlib.sha256(b"added").hexdigest()
    with open(os.path.join(options.directory, "search.json"), "w") as file:
        file.write(HEAD % ("search-only", added, "") + TAIL)
    with open(os.path.join(options.directory, "state.json"), "w") as file:
        written = file.write(HEAD % ("full", added, ',\n    "blobs": [\n'))
        end = "\n    ]" + TAIL
        number = 0
        while written < options.bytes - len(end):
            written += file.write(("" if number == 0 else ",\n") + blob(number))
            number += 1
        file.write(end)
    print(f"{options.directory}: {number} blobs")


if __name__ == "__main__":
    main()
