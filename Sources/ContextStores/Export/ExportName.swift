public import StoredRecords

/// Makes file names from ids and titles, which are stored text and may be anything.
public enum ExportName {
    /// Longest name in bytes, ending included.
    public static let limit = 200

    /// One file name for the record: no path separator, no control or
    /// invisible character, not hidden, not a reserved name, at most `limit` bytes.
    public static func name(for id: RecordID, ending: String) -> String {
        name(from: id.key, fallback: id.kind.rawValue, ending: ending)
    }

    static func name(from text: String, fallback: String, ending: String) -> String {
        var stem = ""
        for scalar in text.unicodeScalars {
            stem.unicodeScalars.append(isHarmless(scalar) ? scalar : "_")
        }
        // A leading dot hides the file, a leading dash looks like an option.
        while let first = stem.unicodeScalars.first, first == "." || first == "-" || first == " " {
            stem.unicodeScalars.removeFirst()
        }
        if stem.allSatisfy({ $0 == "_" || $0 == " " || $0 == "." }) { stem = fallback }
        let tail = ending.isEmpty ? "" : ".\(ending)"
        return cut(stem, to: limit - tail.utf8.count) + tail
    }

    /// The name with a number before its ending: "a.md", 2 -> "a-2.md".
    static func numbered(_ name: String, _ number: Int) -> String {
        let tail = ending(of: name).map { ".\($0)" } ?? ""
        let stem = String(name.dropLast(tail.count))
        let mark = "-\(number)"
        return cut(stem, to: limit - tail.utf8.count - mark.utf8.count) + mark + tail
    }

    /// The part after the last dot of the last path part; `nil` without one.
    static func ending(of path: String) -> String? {
        let last = path.split(separator: "/", omittingEmptySubsequences: true).last ?? ""
        guard let dot = last.lastIndex(of: "."), dot != last.startIndex else { return nil }
        let ending = last[last.index(after: dot)...]
        return ending.isEmpty ? nil : String(ending)
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "/", "\\", ":", "*", "?", "\"", "<", ">", "|": return false
        default: break
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse:
            return false
        default: return !scalar.properties.isDefaultIgnorableCodePoint
        }
    }

    /// The longest beginning of at most so many bytes that ends between characters.
    private static func cut(_ text: String, to bytes: Int) -> String {
        var result = text
        if result.utf8.count <= bytes { return result }
        result = ""
        var count = 0
        for character in text {
            let size = String(character).utf8.count
            if count + size > bytes { break }
            result.append(character)
            count += size
        }
        return result
    }
}
