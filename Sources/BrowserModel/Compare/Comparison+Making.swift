internal import JSONText
public import StoredRecords

extension Comparison {
    /// Compares two records; `nil` when cancelled.
    public static func of(
        _ left: ComparedRecord, _ right: ComparedRecord, isCancelled: () -> Bool = { false },
        report: (Int) -> Void = { _ in }
    ) -> Comparison? {
        var comparison = Comparison()
        comparison.notes = left.notes + right.notes.filter { !left.notes.contains($0) }
        let pairs = pairs(left.documents, right.documents)
        var done = 0
        for (left, right) in pairs {
            let isWhole = comparison.add(left, right, isCancelled) { report(done + $0) }
            guard isWhole, !isCancelled() else { return nil }
            done += (left?.bytes.count ?? 0) + (right?.bytes.count ?? 0)
        }
        if comparison.isFull {
            comparison.notes.append("only the first \(Words.grouped(mostRows)) rows are kept")
        }
        return comparison
    }

    /// Compares two documents; `nil` when cancelled.
    public static func of(
        _ left: RecordDocument, _ right: RecordDocument, isCancelled: () -> Bool = { false },
        report: (Int) -> Void = { _ in }
    ) -> Comparison? {
        var comparison = Comparison()
        guard comparison.add(left, right, isCancelled, report), !isCancelled() else { return nil }
        return comparison
    }

    /// Documents of one name belong together, and two contents whose names differ.
    private static func pairs(
        _ left: [RecordDocument], _ right: [RecordDocument]
    ) -> [(RecordDocument?, RecordDocument?)] {
        var pairs: [(RecordDocument?, RecordDocument?)] = []
        var rest = right
        for document in left {
            if let index = rest.firstIndex(where: { $0.name == document.name }) {
                pairs.append((document, rest.remove(at: index)))
            } else {
                pairs.append((document, nil))
            }
        }
        for document in rest {
            let lonely = pairs.firstIndex { $0.1 == nil && $0.0?.isContent == document.isContent }
            if document.isContent, let lonely {
                pairs[lonely].1 = document
            } else {
                pairs.append((nil, document))
            }
        }
        return pairs
    }

    /// - Returns: Whether it came to its end.
    private mutating func add(
        _ left: RecordDocument?, _ right: RecordDocument?, _ isCancelled: () -> Bool, _ report: (Int) -> Void
    ) -> Bool {
        let name =
            left?.name == right?.name
            ? left?.name ?? "" : [left?.name, right?.name].compactMap(\.self).joined(separator: " → ")
        let index = sections.count
        sections.append(Section(name: name, left: left.map(Side.init), right: right.map(Side.init)))
        guard let left, let right else {
            let change: DiffRow.Change = left == nil ? .added : .removed
            if left == nil { added += 1 } else { removed += 1 }
            let size = Words.size(Int64((left ?? right)?.bytes.count ?? 0))
            append(
                .document(name: name, note: "only on the \(left == nil ? "right" : "left"), \(size)"), change,
                section: index, depth: 0, isDifference: true)
            return true
        }
        let before = count
        let heading = rows.count
        append(.document(name: name, note: ""), .inside, section: index, depth: 0, isUnfolded: true)
        let difference = ByteDifference.of(left.bytes, right.bytes, isCancelled)
        if difference == .cancelled { return false }
        let isWhole =
            difference == .none || compare(left, right, difference, section: index, isCancelled, report)
        guard case .document(_, let problem) = rows[heading].content else { return isWhole }
        if count == before {
            rows[heading].change = .same
            let how = difference == .none ? "no difference" : "no difference but in spelling and order"
            rows[heading].content = .document(name: name, note: problem.isEmpty ? how : "\(how); \(problem)")
        }
        return isWhole
    }

    private mutating func compare(
        _ left: RecordDocument, _ right: RecordDocument, _ difference: ByteDifference, section: Int,
        _ isCancelled: () -> Bool, _ report: (Int) -> Void
    ) -> Bool {
        if left.format == .json, right.format == .json {
            guard let leftOutline = Self.outline(left.bytes, isCancelled),
                let rightOutline = Self.outline(right.bytes, isCancelled)
            else { return false }
            if leftOutline.error == nil, rightOutline.error == nil, let a = leftOutline.root, let b = rightOutline.root
            {
                sections[section].left?.report = OutlineReport(leftOutline)
                sections[section].right?.report = OutlineReport(rightOutline)
                var comparer = JSONComparer(leftOutline, rightOutline, section: section, self)
                comparer.run(a, b, isCancelled, report)
                self = comparer.comparison
                return !isCancelled()
            }
            note("compared as text: one of them is no valid JSON", section)
        }
        if left.format == .binary || right.format == .binary {
            if case .at(let offset) = difference {
                addBytes(left.bytes, right.bytes, from: offset, section: section)
            }
            return true
        }
        return compareLines(left.bytes, right.bytes, section: section, isCancelled, report)
    }

    mutating func note(_ text: String, _ section: Int) {
        guard let heading = rows.lastIndex(where: { $0.section == section && $0.depth == 0 }),
            case .document(let name, let note) = rows[heading].content
        else { return }
        rows[heading].content = .document(name: name, note: note.isEmpty ? text : "\(note); \(text)")
    }

    private static func outline(_ bytes: StoredBytes, _ isCancelled: () -> Bool) -> JSONOutline? {
        var outline = JSONOutline(bytes)
        while !outline.isFinished {
            if isCancelled() { return nil }
            outline.advance()
        }
        return outline
    }

    private mutating func addBytes(_ left: StoredBytes, _ right: StoredBytes, from offset: Int, section: Int) {
        changed += 1
        let sizes = "\(Words.grouped(left.count)) → \(Words.count(right.count, "bytes"))"
        append(
            .note("bytes differ from offset 0x\(String(offset, radix: 16)) (\(Words.grouped(offset))) on; \(sizes)"),
            .changed, section: section, depth: 1, isDifference: true)
    }
}
