internal import JSONText
internal import StoredRecords

/// What the order and the plan of a trim need to know of one message.
struct LooopyMessageHead: Sendable {
    var file: LooopyMessageFile
    var place: LooopyPlace
    var role: String?
    var toolCallID: String?
    /// The ids of the calls it makes and of those it answers.
    var cut: ToolCallCut.Entry
    var tokens: Int?
    /// Whether the file holds a JSON object, the only thing that can be renumbered inside.
    var isObject: Bool

    init(_ file: LooopyMessageFile, _ bytes: StoredBytes) {
        let fields = LooopyFields(
            bytes, [["index"], ["role"], ["toolCallId"], ["toolCalls"], ["tokens"]], sized: [["content"]])
        self.file = file
        place = LooopyPlace(file, index: Self.number(fields["index"]))
        role = fields.text("role")
        toolCallID = fields.text("toolCallId")
        // Long texts are not read for it: only a list holds calls and results.
        let parts = fields.kind("content") == .array ? LooopyFields(bytes, [["content"]])["content"]?.arrayValue : nil
        cut = ToolCallCut.Entry(
            calls: (fields["toolCalls"]?.arrayValue ?? []).map {
                ToolCall(id: $0["id"]?.stringValue, name: "", arguments: nil)
            },
            isResult: role == MessageRole.tool.rawValue || toolCallID != nil, answers: toolCallID,
            content: (parts ?? []).map { .json($0) })
        tokens = fields.integer("tokens")
        isObject = fields.isReadable
    }

    /// A file that cannot be read stands where its name says.
    init(unreadable file: LooopyMessageFile) {
        self.file = file
        place = LooopyPlace(file)
        cut = ToolCallCut.Entry(calls: [], isResult: false, answers: [])
        isObject = false
    }

    /// A finite number; anything else orders nothing.
    static func number(_ value: JSONValue?) -> Double? {
        value?.doubleValue.flatMap { $0.isFinite ? $0 : nil }
    }
}
