internal import JSONText
internal import StoredRecords

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
