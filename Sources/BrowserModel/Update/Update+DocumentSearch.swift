internal import StoredRecords

extension DocumentPane {
    /// What is highlighted: the text looked for without the word that says where.
    public var needle: String { form == .tree ? TreeSearchText(find.text).needle : find.text }

    /// What is looked for in the bytes of the document.
    var pattern: BytesPattern { form == .hex ? BytesPattern(hexOrText: find.text) : BytesPattern(find.text) }

    /// `hit 3 of 12`; `nil` when nothing is looked for or the cursor is on no hit.
    public var hit: String? {
        guard !find.text.isEmpty else { return nil }
        let place: Int? =
            switch form {
            case .tree: tree?.match?.lowerBound
            case .table: table?.match
            case .text, .hex: text.match?.lowerBound
            }
        guard let place else { return nil }
        guard let places = find.places else { return "hit ? of …" }
        return "hit \(places.number(of: place).map(Words.grouped) ?? "?") of \(places.total)"
    }
}

extension InFlight {
    /// Whether it only adds to what is shown already, so that the status line goes on saying where the cursor is.
    public var isAside: Bool {
        switch purpose {
        case .findAll, .summarize: true
        default: false
        }
    }
}

/// Searching in a document.
extension BrowserState {
    mutating func searchDocument(_ text: String) {
        editPane { pane in
            pane.find = TextFind()
            pane.find.text = text
            pane.text.match = nil
        }
        findInDocument(forward: true)
        countMatches()
    }

    mutating func findInDocument(forward: Bool) {
        guard let screen = documentTop, let pane = screen.pane, !pane.find.text.isEmpty else { return }
        if pane.form == .table, pane.table != nil { return findInTable(forward: forward) }
        editPane {
            $0.find.isWrapping = false
            $0.find.note = ""
        }
        let from: Int
        if pane.form == .tree, let tree = pane.tree {
            from = tree.search(pane.find.text, forward: forward).from
        } else if let match = pane.text.match {
            from = forward ? match.upperBound : match.lowerBound
        } else {
            from = pane.form == .hex ? pane.hex.start(width: layout.contentWidth) : pane.text.top
        }
        find(from: from, forward: forward)
    }

    private mutating func find(from: Int, forward: Bool) {
        guard let screen = documentTop, let pane = screen.pane else { return }
        for job in jobs where job.screen == screen.id && job.purpose == .find { cancel(job.id) }
        let label = "search \(pane.document.name)"
        if pane.form == .tree, var search = pane.tree?.search(pane.find.text, forward: forward) {
            search.from = from
            send(.findInTree(search), .find, label, screen: screen.id)
        } else {
            let search = BytesSearch(
                bytes: pane.document.bytes, pattern: pane.pattern, from: from, isForward: forward)
            send(.find(search), .find, label, screen: screen.id)
        }
        editPane { $0.find.isForward = forward }
    }

    mutating func takeFound(_ answer: Answer, _ job: InFlight) {
        guard let screen = documentTop, screen.id == job.screen, let pane = screen.pane else { return }
        let layout = layout
        switch answer {
        case .foundText(let range?):
            editPane { pane in
                pane.text.match = range
                if pane.find.isWrapping {
                    pane.find.note = pane.find.isForward ? "from the beginning again" : "from the end again"
                }
                switch pane.form {
                case .text: pane.text.show(range.lowerBound, width: layout.contentWidth, height: layout.contentLines)
                case .hex: pane.hex.show(range, width: layout.contentWidth, height: layout.contentLines)
                case .table: break
                case .tree: pane.tree?.show(range, height: layout.contentLines)
                }
            }
            // Another form of the document may have been searched before.
            if pane.find.places == nil { countMatches() }
        case .foundText(nil):
            if pane.find.isWrapping { return tellNotFound(pane) }
            editPane { $0.find.isWrapping = true }
            find(from: pane.find.isForward ? 0 : pane.document.bytes.count, forward: pane.find.isForward)
        case .failed(let error): tell(error)
        default: break
        }
    }

    private mutating func tellNotFound(_ pane: DocumentPane) {
        let part =
            pane.form == .tree ? pane.tree?.percentRead.map { " in the \($0) % that has been read" } ?? "" : ""
        tell(.warning, "\(Words.quoted(pane.find.text)) is not in \(pane.document.name)\(part)")
    }

    /// Has the matches counted that `hit 3 of 12` is told from.
    mutating func countMatches() {
        guard let screen = documentTop, let pane = screen.pane, !pane.find.text.isEmpty, pane.find.places == nil
        else { return }
        for job in jobs where job.screen == screen.id && job.purpose == .findAll { cancel(job.id) }
        let scan: MatchScan
        if pane.form == .tree, let tree = pane.tree {
            scan = MatchScan(.tree(tree.report, TreeSearchText(pane.find.text)))
        } else if pane.form == .table, let table = pane.table {
            scan = MatchScan(.rows(table.shownRows, pane.find.text))
        } else {
            scan = MatchScan(.bytes(pane.document.bytes, pane.pattern))
        }
        send(.findAll(scan), .findAll, "count the hits in \(pane.document.name)", screen: screen.id)
    }

    mutating func takeAllFound(_ answer: Answer, _ job: InFlight) {
        guard let screen = documentTop, screen.id == job.screen, case .foundAll(let places) = answer else { return }
        let isAwaited = screen.pane?.find.waitsForPlaces == true
        editPane {
            $0.find.places = places
            $0.find.waitsForPlaces = false
        }
        if isAwaited { findInTable(forward: screen.pane?.find.isForward ?? true) }
    }
}
