internal import StoredRecords

/// The columns of each kind for people.
enum RecordTable {
    static func make(_ kind: RecordKind, showsSource: Bool) -> Table {
        // Never cut: the id is what the next command needs.
        var columns: [Table.Column] = [.init(title: "ID")]
        switch kind {
        case .index: columns += [.init(title: "ORIGIN", isFlexible: true), .init(title: "SYNCED")]
        case .thread:
            columns += [.init(title: "MESSAGES", isNumber: true), .init(title: "UPDATED")]
        case .artifact:
            columns += [.init(title: "TYPE"), .init(title: "STATUS"), .init(title: "UPDATED")]
        case .task:
            columns += [.init(title: "STATE"), .init(title: "ITERATION", isNumber: true), .init(title: "UPDATED")]
        case .raw: columns += [.init(title: "UPDATED")]
        }
        columns += [.init(title: "BYTES", isNumber: true, isOptional: true), .init(title: "TITLE", isFlexible: true)]
        if showsSource { columns.append(.init(title: "SOURCE", isFlexible: true, keepsEnds: true)) }
        columns.append(.init(title: "NOTES", isFlexible: true, isRemark: true))
        return Table(columns)
    }

    /// - Parameter isBrief: times to the minute, for a terminal.
    static func row(_ record: RecordSummary, showsSource: Bool, isBrief: Bool) -> [String] {
        var row = [record.id.key]
        func text(_ time: Timestamp?) -> String {
            guard let time else { return "" }
            // "2025-06-08T08:00" of the whole, which always begins so.
            return isBrief ? String(time.iso8601.prefix(16)).replacing("T", with: " ") : time.iso8601
        }
        let updated = text(record.updated)
        switch record.id.kind {
        case .index:
            guard case .index(let detail) = record.detail else {
                row += ["", updated]
                break
            }
            row += [detail.origin, detail.synced == nil ? updated : text(detail.synced)]
        case .thread: row += [record.messages.map(String.init) ?? "", updated]
        case .artifact:
            guard case .artifact(let detail) = record.detail else {
                row += ["", "", updated]
                break
            }
            row += [detail.type, detail.status, updated]
        case .task:
            guard case .task(let detail) = record.detail else {
                row += ["", "", updated]
                break
            }
            row += [detail.state, detail.iteration.map(String.init) ?? "", updated]
        case .raw: row.append(updated)
        }
        row += [record.bytes.map { String($0) } ?? "", record.title]
        if showsSource { row.append(record.id.source) }
        row.append(record.notes.joined(separator: "; "))
        return row
    }
}
