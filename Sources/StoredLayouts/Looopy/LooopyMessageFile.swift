internal import EngineCore
internal import JSONText
internal import StoredRecords

/// One `.json` file of a messages directory, as listed.
struct LooopyMessageFile: Sendable, Hashable {
    var info: ObjectInfo
    /// `nil` when the file is not named as the tool names messages.
    var name: LooopyMessageName?

    init?(_ entry: ObjectEntry) {
        guard case .object(let info) = entry, info.key.lastPart.bytes.suffix(5).elementsEqual(".json".utf8) else {
            return nil
        }
        self.info = info
        name = LooopyMessageName(info.key.lastPart)
    }

    var key: ObjectKey { info.key }
}

/// A message's place in the tool's order: by `index`, then by file name.
///
/// A message without a usable `index` stands where its file name says, and
/// behind all others when that says nothing either.
struct LooopyPlace: Sendable, Hashable, Comparable {
    var index: Double
    var name: [UInt8]

    init(_ file: LooopyMessageFile, index: Double? = nil) {
        self.index = index ?? file.name.map { Double($0.index) } ?? .infinity
        name = file.key.lastPart.bytes
    }

    static func < (left: LooopyPlace, right: LooopyPlace) -> Bool {
        if left.index != right.index { return left.index < right.index }
        return left.name.lexicographicallyPrecedes(right.name)
    }

    /// A page cursor's text; reversible by `init(text:)`.
    var text: String { "\(index):\(ObjectKey(bytes: name).description)" }

    init?(text: String) {
        guard let colon = text.firstIndex(of: ":"), let index = Double(text[..<colon]) else { return nil }
        self.index = index
        name = ObjectKey(description: String(text[text.index(after: colon)...])).bytes
    }
}

/// What the order and the plan of a trim need to know of one message.
struct LooopyMessageHead: Sendable {
    var file: LooopyMessageFile
    var place: LooopyPlace
    var role: String?
    var toolCallID: String?
    var toolCalls: [String]
    var tokens: Int?
    /// Whether the file holds a JSON object, the only thing that can be renumbered inside.
    var isObject: Bool

    init(_ file: LooopyMessageFile, _ bytes: StoredBytes) {
        let fields = LooopyFields(
            bytes, [["index"], ["role"], ["toolCallId"], ["toolCalls"], ["tokens"]])
        self.file = file
        place = LooopyPlace(file, index: Self.number(fields["index"]))
        role = fields.text("role")
        toolCallID = fields.text("toolCallId")
        toolCalls = (fields["toolCalls"]?.arrayValue ?? []).compactMap { $0["id"]?.stringValue }
        tokens = fields.integer("tokens")
        isObject = fields.isReadable
    }

    /// A file that cannot be read stands where its name says.
    init(unreadable file: LooopyMessageFile) {
        self.file = file
        place = LooopyPlace(file)
        toolCalls = []
        isObject = false
    }

    /// A finite number; anything else orders nothing.
    static func number(_ value: JSONValue?) -> Double? {
        value?.doubleValue.flatMap { $0.isFinite ? $0 : nil }
    }
}
