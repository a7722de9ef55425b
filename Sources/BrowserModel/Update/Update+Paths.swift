internal import JSONText
internal import StoredRecords

/// Going to a place of a document by its name: a path, an offset.
extension BrowserState {
    /// Goes to a path of the JSON on the screen; `false` when the text is no path.
    mutating func jump(toPath text: String) -> Bool {
        guard PathText.isPath(text) else { return false }
        guard let screen = documentTop, let pane = screen.pane else {
            tell(.warning, "paths lead through JSON documents; there is none on this screen")
            return true
        }
        if pane.form == .table, pane.table != nil {
            goToCell(text)
            return true
        }
        guard let tree = pane.tree else {
            tell(.warning, "\(pane.document.name) is no JSON that paths lead through")
            return true
        }
        for job in jobs where job.screen == screen.id && job.purpose == .findPath { cancel(job.id) }
        send(
            .findPath(PathSearch(report: tree.report, path: text)), .findPath, "go to \(text) in \(pane.document.name)",
            screen: screen.id)
        return true
    }

    /// Shows a byte of the document, counted from 0.
    mutating func goToOffset(_ offset: Int) {
        guard let pane = documentTop?.pane else { return }
        let layout = layout
        guard offset >= 0, offset < pane.document.bytes.count else {
            return tell(.warning, "\(pane.document.name) has \(Words.count(pane.document.bytes.count, "bytes"))")
        }
        let range = offset..<offset + 1
        editPane { pane in
            switch pane.form {
            case .hex: pane.hex.show(range, width: layout.contentWidth, height: layout.contentLines)
            case .text: pane.text.show(offset, width: layout.contentWidth, height: layout.contentLines)
            case .tree: pane.tree?.go(to: offset, height: layout.contentLines)
            case .table: pane.table?.show(offset: offset, height: max(1, layout.contentLines - 1))
            }
        }
    }

    /// What `:` takes beside numbers: a path, or an offset as `0x1f0`; `false` when the text is neither.
    mutating func goToPlace(_ text: String) -> Bool {
        if jump(toPath: text) { return true }
        guard text.hasPrefix("0x"), let offset = Int(text.dropFirst(2), radix: 16) else { return false }
        if documentTop?.pane == nil {
            tell(.warning, "offsets count the bytes of a document; there is none on this screen")
        } else {
            goToOffset(offset)
        }
        return true
    }

    mutating func takePath(_ answer: Answer, _ job: InFlight) {
        guard let screen = documentTop, screen.id == job.screen else { return }
        let layout = layout
        switch answer {
        case .foundPath(.found(let start)):
            editPane { pane in
                pane.form = .tree
                pane.tree?.go(to: start, height: layout.contentLines)
            }
        case .foundPath(.missing(let sentence)): tell(.warning, sentence)
        case .foundPath(.cancelled): break
        case .failed(let error): tell(error)
        default: break
        }
    }

    /// How a path that is being typed can go on: whole paths, one step longer.
    ///
    /// Looks at the first members of a container only, so that it can be asked at every key.
    public func pathCandidates(_ typed: String, limit: Int = 40) -> [String] {
        guard PathText.isPath(typed), let tree = documentTop?.pane?.tree else { return [] }
        return tree.candidates(for: typed, limit: limit)
    }
}

extension TreePane {
    /// Members that are looked at for one list of candidates.
    private static let lookedAt = 2_000

    func candidates(for typed: String, limit: Int) -> [String] {
        let outline = report.outline
        let (done, last) = PathText.unfinished(typed)
        guard let steps = PathText.steps(done), var node = outline.root else { return [] }
        for step in steps {
            guard let child = Self.near(step, in: node, outline) else { return [] }
            node = child
        }
        var found: [String] = []
        var looked = 0
        outline.forEachChild(of: node) { child in
            looked += 1
            let step = outline.key(of: child).map(JSONPath.Component.key) ?? .index(child.ordinal)
            let spelling = PathText.spelling(of: step)
            // A key with odd characters is found by its plain beginning too.
            let plain = if case .key(let key) = step { "." + key } else { spelling }
            if last == "." || spelling.hasPrefix(last) || plain.hasPrefix(last), spelling != last {
                found.append((done == "." ? (spelling.hasPrefix("[") ? "." : "") : done) + spelling)
            }
            return found.count < limit && looked < Self.lookedAt
        }
        return found
    }

    private static func near(
        _ step: JSONPath.Component, in node: JSONOutlineNode, _ outline: JSONOutline
    ) -> JSONOutlineNode? {
        if case .index(let index) = step {
            return index >= 0 ? outline.children(of: node, in: index..<index + 1).first : nil
        }
        var found: JSONOutlineNode?
        outline.forEachChild(of: node) { child in
            if outline.key(of: child).map(JSONPath.Component.key) == step { found = child }
            return found == nil && child.ordinal < lookedAt
        }
        return found
    }
}
