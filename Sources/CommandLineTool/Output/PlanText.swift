internal import ContextStores
internal import StoredRecords

/// A plan and what became of it, for people.
struct PlanText {
    let plan: ChangePlan

    init(_ plan: ChangePlan) {
        self.plan = plan
    }

    private var record: String { "\(plan.target.id.kind.rawValue) \(plan.target.id.key)" }
    private var place: String { "\(record) in \(plan.target.id.source)" }
    private var isTrim: Bool { if case .trim = plan.request { true } else { false } }

    private func counted(_ number: Int) -> String {
        number == 1 && plan.unit.hasSuffix("s") ? "1 \(plan.unit.dropLast())" : "\(number) \(plan.unit)"
    }

    var lines: [String] {
        var lines: [String] = []
        let size = plan.bytes.map { " (\($0) bytes)" } ?? ""
        if isTrim {
            lines.append("trim \(place): keep \(counted(plan.keeps)), remove \(counted(plan.drops))\(size)")
        } else {
            lines.append("delete \(place): remove \(counted(plan.drops))\(size)")
        }
        if let message = plan.lastDropped { lines.append("  last to go: \(Self.excerpt(message))") }
        if let message = plan.firstKept { lines.append("  first to stay: \(Self.excerpt(message))") }
        if !plan.safeKeeps.isEmpty {
            let numbers = plan.safeKeeps.map(String.init).joined(separator: " or ")
            lines.append("  no tool call is parted from its result with --keep \(numbers)")
        }
        lines += plan.fixUps.map { "  then: \($0)" }
        lines += plan.warnings.map { "  warning: \($0.text)" }
        return lines
    }

    var nothingToDo: String {
        isTrim ? "\(place): nothing to remove, it has \(counted(plan.keeps))" : "\(place): nothing to remove"
    }

    func done(_ receipt: ChangeReceipt) -> String {
        let outcome = receipt.outcome
        let act =
            isTrim
            ? "trimmed \(place): kept \(outcome.kept), removed \(counted(outcome.dropped))"
            : "deleted \(place): removed \(counted(outcome.dropped))"
        return "\(act); recovery entry \(receipt.entry)"
    }

    private static func excerpt(_ message: StoredMessage) -> String {
        let text = message.plainText.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let calls = message.toolCalls.map { "→ \($0.name)" }.joined(separator: ", ")
        let shown = text.isEmpty ? calls.isEmpty ? "(no text)" : calls : text
        let short = shown.count > 60 ? shown.prefix(59) + "…" : shown[...]
        let role = message.role == .missing ? "(no role)" : message.role.rawValue
        return "\(message.position + 1) \(role) \(short)"
    }
}
