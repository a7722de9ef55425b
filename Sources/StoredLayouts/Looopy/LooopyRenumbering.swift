internal import EngineCore
internal import JSONText
internal import StoredRecords

/// Gives messages the numbers their places ask for.
///
/// The tool takes the number of files as the next message's `index`, so the
/// files of a directory must be numbered from 0 without gaps, or what is
/// appended next sorts before what is there.
enum LooopyRenumbering {
    /// The message with this `index`, and with it in its `id`; every other
    /// byte stays as it is.
    ///
    /// An index that is missing is added, since the tool orders by nothing
    /// else. An id that the tool did not make is left, and so is a file that
    /// holds no JSON object.
    static func renumbered(_ bytes: StoredBytes, to index: Int) -> StoredBytes {
        let fields = LooopyFields(bytes, [["index"], ["id"], ["contextId"]])
        guard fields.isReadable else { return bytes }
        var splice = JSONSplice()
        if fields["index"] != .integer(index) { splice.set("index", to: .integer(index)) }
        if let id = fields.text("id"), let number = number(of: id, fields), number != index {
            splice.set("id", to: JSONValue("\(id.dropLast(String(number).count))\(index)"))
        }
        if splice.isEmpty { return bytes }
        let changed: [UInt8]? = bytes.withBytes { buffer in
            do throws(JSONError) { return try splice.apply(to: buffer) } catch { return nil }
        }
        return changed.map { StoredBytes($0) } ?? bytes
    }

    /// The number at the end of an id made by the tool: `CONTEXT-INDEX`;
    /// `nil` for an id that means something else, such as a UUID.
    private static func number(of id: String, _ fields: LooopyFields) -> Int? {
        guard let dash = id.lastIndex(of: "-") else { return nil }
        let digits = id[id.index(after: dash)...]
        guard let number = Int(digits), String(number) == digits else { return nil }
        let isMade = fields.text("contextId").map { $0 == id[..<dash] } ?? (fields.integer("index") == number)
        return isMade ? number : nil
    }

    /// The key of a message file that gets this index, different from every
    /// key in `taken`; a name that is not the tool's stays as it is.
    static func key(
        for file: LooopyMessageFile, index: Int, taken: inout Set<ObjectKey>
    ) -> ObjectKey {
        guard var name = file.name, name.index != index else { return file.key }
        name.index = index
        var directory = file.key
        directory.bytes.removeLast(file.key.lastPart.bytes.count)
        while true {
            let key = ObjectKey(bytes: directory.bytes + Array(name.text.utf8))
            if taken.insert(key).inserted { return key }
            name.sequence = name.sequence == .max ? 0 : name.sequence + 1
        }
    }
}
