/// Changes values inside the bytes of a document and leaves every other byte as it was.
///
/// Edits are collected first and made together, in one pass over the bytes:
///
///     var splice = JSONSplice()
///     splice.replace(".index", with: 4)
///     let changed = try splice.apply(to: original)
///
/// Paths mean the document before any edit. Of duplicate keys the last one is
/// replaced, because it is the one readers see.
public struct JSONSplice: Sendable {
    private enum Edit: Sendable {
        case replace(JSONPath, [UInt8])
        case set(key: String, in: JSONPath, [UInt8])
        case append(to: JSONPath, [UInt8])
        case remove(JSONPath)
    }

    private var edits: [Edit] = []

    public init() {}

    public var isEmpty: Bool { edits.isEmpty }

    /// Replaces the value at a path that must be there with the bytes of one JSON value.
    public mutating func replace(_ path: JSONPath, with value: [UInt8]) { edits.append(.replace(path, value)) }

    /// Replaces the value at a path that must be there.
    public mutating func replace(_ path: JSONPath, with value: JSONValue) {
        replace(path, with: value.serializedBytes())
    }

    /// Replaces the value of a key, or adds the member at the end, laid out like the members before it.
    public mutating func set(_ key: String, in object: JSONPath = .root, to value: [UInt8]) {
        edits.append(.set(key: key, in: object, value))
    }

    /// Replaces the value of a key, or adds the member at the end.
    public mutating func set(_ key: String, in object: JSONPath = .root, to value: JSONValue) {
        set(key, in: object, to: value.serializedBytes())
    }

    /// Adds an element at the end of an array, laid out like the elements before it.
    public mutating func append(_ value: [UInt8], to array: JSONPath) { edits.append(.append(to: array, value)) }

    /// Adds an element at the end of an array.
    public mutating func append(_ value: JSONValue, to array: JSONPath) {
        append(value.serializedBytes(), to: array)
    }

    /// Takes out an element, or every member with the last key of the path, with the comma that parted it.
    ///
    /// The root cannot be removed.
    public mutating func remove(_ path: JSONPath) { edits.append(.remove(path)) }

    /// The document with all edits made.
    ///
    /// Throws when the document or a new value is not valid JSON, a path leads
    /// nowhere, or two edits touch the same value; then nothing is made.
    public func apply(to original: [UInt8], limits: JSONLimits = .default) throws(JSONError) -> [UInt8] {
        let result: Result<[UInt8], JSONError> = original.withUnsafeBytes { buffer in
            Result { () throws(JSONError) in try apply(to: buffer, limits: limits) }
        }
        return try result.get()
    }

    /// The document with all edits made, see `apply(to:limits:)`.
    public func apply(
        to original: UnsafeRawBufferPointer, limits: JSONLimits = .default
    ) throws(JSONError) -> [UInt8] {
        let scanner = JSONScanner(original, limits: limits)
        let paths = edits.flatMap(paths(of:))
        let spans = try scanner.locate(paths)
        var found: [JSONPath: JSONSpan] = [:]
        for (path, span) in zip(paths, spans) { found[path] = span }

        var patches: [Patch] = []
        var containers: [JSONPath: ContainerEdit] = [:]
        for edit in edits {
            switch edit {
            case .replace(let path, let value):
                guard let span = found[path] else { throw missing(path) }
                patches.append(Patch(span.range, try checked(value, limits)))
            case .set(let key, let object, let value):
                let value = try checked(value, limits)
                if let span = found[object.appending(key: key)] {
                    patches.append(Patch(span.range, value))
                } else {
                    containers[object, default: ContainerEdit()].additions.append((key, value))
                }
            case .append(let array, let value):
                containers[array, default: ContainerEdit()].additions.append((nil, try checked(value, limits)))
            case .remove(let path):
                guard let last = path.components.last, let parent = path.parent, found[path] != nil
                else { throw missing(path) }
                containers[parent, default: ContainerEdit()].removals.insert(last)
            }
        }
        for (path, edit) in containers {
            guard let span = found[path] else { throw missing(path) }
            guard let made = try edit.patches(of: span, scanner, original) else {
                throw JSONError(kind: .notAContainer, offset: span.range.lowerBound, path: path)
            }
            patches += made
        }
        return try Patch.apply(patches, to: original)
    }

    private func paths(of edit: Edit) -> [JSONPath] {
        switch edit {
        case .replace(let path, _): [path]
        case .set(let key, let object, _): [object, object.appending(key: key)]
        case .append(let array, _): [array]
        case .remove(let path): path.parent.map { [path, $0] } ?? [path]
        }
    }

    private func missing(_ path: JSONPath) -> JSONError { JSONError(kind: .pathNotFound, offset: 0, path: path) }

    private func checked(_ value: [UInt8], _ limits: JSONLimits) throws(JSONError) -> [UInt8] {
        let result: Result<Void, JSONError> = value.withUnsafeBytes { buffer in
            Result { () throws(JSONError) in try JSONScanner(buffer, limits: limits).validate() }
        }
        try result.get()
        return value
    }
}

/// New bytes for a range of the original.
struct Patch {
    var range: Range<Int>
    var bytes: [UInt8]

    init(_ range: Range<Int>, _ bytes: [UInt8]) {
        self.range = range
        self.bytes = bytes
    }

    /// Copies the original with every patch in its place; patches that overlap are refused.
    static func apply(_ patches: [Patch], to original: UnsafeRawBufferPointer) throws(JSONError) -> [UInt8] {
        let ordered = patches.sorted {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }
        var result: [UInt8] = []
        result.reserveCapacity(original.count + patches.reduce(0) { $0 + $1.bytes.count - $1.range.count })
        var position = 0
        for patch in ordered {
            guard patch.range.lowerBound >= position else {
                throw JSONError(kind: .conflictingEdits, offset: patch.range.lowerBound)
            }
            result += original[position..<patch.range.lowerBound]
            result += patch.bytes
            position = patch.range.upperBound
        }
        result += original[position...]
        return result
    }
}
