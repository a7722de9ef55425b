extension JSONValue {
    /// Reads one JSON document (RFC 8259) from UTF-8 bytes.
    ///
    /// Refused are: a byte order mark, bytes that are not UTF-8, anything behind
    /// the value, and nesting deeper than `limits` (at most `JSONLimits.deepestTree`).
    public static func parse(
        _ bytes: UnsafeRawBufferPointer, limits: JSONLimits = .default
    ) throws(JSONError) -> JSONValue {
        guard let text = JSONBytes(bytes) else { throw JSONError(kind: .empty, offset: 0) }
        var builder = TreeBuilder(text)
        defer { builder.deallocate() }
        var grammar = JSONGrammar(depthLimit: min(limits.depth, JSONLimits.deepestTree))
        do {
            try grammar.run(text, &builder)
            return builder.root
        } catch {
            throw error.located(in: text)
        }
    }

    /// Reads one JSON document from UTF-8 bytes, see `parse(_:limits:)`.
    public static func parse(_ bytes: [UInt8], limits: JSONLimits = .default) throws(JSONError) -> JSONValue {
        let result: Result<JSONValue, JSONError> = bytes.withUnsafeBytes { buffer in
            Result { () throws(JSONError) in try parse(buffer, limits: limits) }
        }
        return try result.get()
    }

    /// Reads one JSON document from a text, see `parse(_:limits:)`.
    public static func parse(_ text: String, limits: JSONLimits = .default) throws(JSONError) -> JSONValue {
        var copy = text
        let result: Result<JSONValue, JSONError> = copy.withUTF8 { buffer in
            Result { () throws(JSONError) in try parse(UnsafeRawBufferPointer(buffer), limits: limits) }
        }
        return try result.get()
    }
}
