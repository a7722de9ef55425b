"""Start to first frame beside `less`."""
import os

import data
from browsing import Less, browser, is_framed
from measuring import interleave

LINES = 200


def measure(table, repetitions=20):
    small = data.small_store()
    text = os.path.join(data.DATA, "small.txt")
    with open(text, "w") as file:
        file.writelines(f"line {number} of a small file\n" for number in range(LINES))
    less = Less(text)

    def frame():
        folder, terminal = browser(small)
        with folder, terminal:
            return terminal.until(is_framed)

    def content():
        folder, terminal = browser(small)
        with folder, terminal:
            # The demo of a store's content: the number of its threads is shown.
            return terminal.until(lambda screen: "thread 1" in screen.text())

    found = interleave(repetitions, ours=frame, peer=less.seconds, content=content)
    table.at_most("1  start to first frame; less, small file", found["ours"], found["peer"], 3)
    table.note("   start to the records of a small SQLite store", found["content"], found["peer"])
