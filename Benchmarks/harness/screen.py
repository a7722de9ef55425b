"""What a terminal shows after some output: enough of xterm for `less` and for ncurses."""
import codecs
import re
import unicodedata

SEQUENCE = re.compile(
    r"\x1b\[([0-9;:?>=!]*)[ -/]*([@-~])"  # CSI
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # OSC
    r"|\x1b[PX^_][^\x1b]*\x1b\\"  # other strings
    r"|\x1b[()*+]."  # character sets
    r"|\x1b(?![\[\]PX^_])([ -/]*[0-~])"  # not the beginning of one of those above, cut off by the end of a read
)


class Screen:
    def __init__(self, columns=80, rows=24):
        self.columns, self.rows = columns, rows
        self.row = self.column = 0
        self.saved = (0, 0)
        self.top, self.bottom = 0, rows - 1
        self.cells = [[" "] * columns for _ in range(rows)]
        self.rest = ""
        self.last = " "
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def lines(self):
        return ["".join(row).rstrip() for row in self.cells]

    def text(self):
        return "\n".join(self.lines())

    def feed(self, data):
        text = self.rest + self.decoder.decode(data)
        self.rest = ""
        at = 0
        while at < len(text):
            character = text[at]
            if character == "\x1b":
                match = SEQUENCE.match(text, at)
                if not match:
                    self.rest = text[at:]
                    return
                if match.group(2):
                    self.control(match.group(1), match.group(2))
                elif match.group(3):
                    self.escape(match.group(3))
                at = match.end()
                continue
            if character < " ":
                self.c0(character)
            elif character != "\x7f":
                self.put(character)
            at += 1

    def put(self, character):
        width = 0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if width == 0:
            return
        if self.column + width > self.columns:
            self.column = 0
            self.line_feed()
        self.cells[self.row][self.column] = character
        if width == 2:
            self.cells[self.row][self.column + 1] = ""
        self.column += width
        self.last = character

    def c0(self, character):
        if character == "\r":
            self.column = 0
        elif character in "\n\v\f":
            self.line_feed()
        elif character == "\b":
            self.column = max(0, min(self.column, self.columns - 1) - 1)
        elif character == "\t":
            self.column = min(self.columns - 1, (self.column // 8 + 1) * 8)

    def line_feed(self):
        if self.row == self.bottom:
            self.scroll(1)
        else:
            self.row = min(self.rows - 1, self.row + 1)

    def scroll(self, count, top=None):
        top = self.top if top is None else top
        for _ in range(min(abs(count), self.bottom - top + 1)):
            if count > 0:
                del self.cells[top]
                self.cells.insert(self.bottom, [" "] * self.columns)
            else:
                del self.cells[self.bottom]
                self.cells.insert(top, [" "] * self.columns)

    def escape(self, code):
        if code == "7":
            self.saved = (self.row, self.column)
        elif code == "8":
            self.row, self.column = self.saved
        elif code == "M":
            if self.row == self.top:
                self.scroll(-1)
            else:
                self.row = max(0, self.row - 1)
        elif code == "D":
            self.line_feed()
        elif code == "E":
            self.column = 0
            self.line_feed()
        elif code == "c":
            self.__init__(self.columns, self.rows)

    def control(self, parameters, code):
        if parameters[:1] in ("?", ">", "=", "!"):
            if code in "hl" and any(mode in ("1049", "47", "1047") for mode in parameters[1:].split(";")):
                self.cells = [[" "] * self.columns for _ in range(self.rows)]
            return
        numbers = [int(part) if part.isdigit() else 0 for part in re.split("[;:]", parameters)]
        count = max(1, numbers[0])
        row = self.cells[self.row]
        column = min(self.column, self.columns - 1)
        if code in "Hf":
            self.row = min(self.rows, count) - 1
            self.column = min(self.columns, max(1, numbers[1] if len(numbers) > 1 else 1)) - 1
        elif code == "A":
            self.row = max(0, self.row - count)
        elif code in "Be":
            self.row = min(self.rows - 1, self.row + count)
        elif code in "Ca":
            self.column = min(self.columns - 1, column + count)
        elif code == "D":
            self.column = max(0, column - count)
        elif code in "G`":
            self.column = min(self.columns, count) - 1
        elif code == "d":
            self.row = min(self.rows, count) - 1
        elif code == "J":
            if numbers[0] == 0:
                row[column:] = [" "] * (self.columns - column)
                rows = range(self.row + 1, self.rows)
            elif numbers[0] == 1:
                row[: column + 1] = [" "] * (column + 1)
                rows = range(self.row)
            else:
                rows = range(self.rows)
            for index in rows:
                self.cells[index] = [" "] * self.columns
        elif code == "K":
            start, end = {0: (column, self.columns), 1: (0, column + 1)}.get(numbers[0], (0, self.columns))
            row[start:end] = [" "] * (end - start)
        elif code == "X":
            end = min(self.columns, column + count)
            row[column:end] = [" "] * (end - column)
        elif code == "P":
            del row[column : column + count]
            row.extend([" "] * (self.columns - len(row)))
        elif code == "@":
            row[column:column] = [" "] * count
            del row[self.columns :]
        elif code == "L":
            self.scroll(-count, self.row)
        elif code == "M":
            self.scroll(count, self.row)
        elif code == "S":
            self.scroll(count)
        elif code == "T":
            self.scroll(-count)
        elif code == "b":
            for _ in range(count):
                self.put(self.last)
        elif code == "r":
            self.top = count - 1
            self.bottom = (numbers[1] if len(numbers) > 1 and numbers[1] else self.rows) - 1
            self.row = self.column = 0
