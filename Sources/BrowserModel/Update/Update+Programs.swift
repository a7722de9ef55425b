internal import StoredRecords
internal import TerminalSurface

/// What a program of the user's is given, and which program.
enum HandOver: Sendable, Equatable {
    case pager, editor
    case pipe(command: String, keepsOutput: Bool)
}

/// What is handed to programs of the user's: the pager, an editor, a command line.
extension BrowserState {
    private struct Given {
        var bytes: StoredBytes
        /// For people.
        var name: String
        /// A file name that tells an editor how to show its text.
        var fileName: String

        init(_ document: RecordDocument) {
            bytes = document.bytes
            name = document.name
            fileName =
                switch document.format {
                case .json: name.hasSuffix(".json") ? name : name + ".json"
                case .jsonLines: name.hasSuffix("l") ? name : name + ".jsonl"
                case .text, .binary: name
                }
        }

        init(_ message: StoredMessage) {
            bytes = StoredBytes(message.plainText)
            name = "message \(message.position + 1)"
            fileName = name + ".md"
        }
    }

    /// The message or the document in sight.
    private var given: Given? {
        switch top {
        case .thread(let screen):
            guard let message = screen.current, !message.plainText.isEmpty else { return nil }
            return Given(message)
        case .document(let screen): return screen.pane.map { Given($0.document) }
        default: return nil
        }
    }

    var reasonAgainstHandingOver: String? {
        switch top {
        case .thread(let screen) where screen.current == nil: return "there is no message"
        case .thread where given == nil: return "this message has no text; p shows it as stored"
        case .browse: return targetRecord == nil ? "no record is selected" : nil
        default: return given == nil ? "there is nothing to show yet" : nil
        }
    }

    mutating func openPager() { hand(.pager) }

    mutating func openEditor() { hand(.editor) }

    /// Gives a program what is in sight, or all of the record that is selected in a list, which is read first.
    private mutating func hand(_ purpose: HandOver) {
        guard let record = targetRecord else { return }
        if let given { return give(given, of: record, purpose) }
        guard case .browse = top else { return }
        for job in jobs {
            if case .gather = job.purpose { cancel(job.id) }
        }
        let work: BrowserEffect.Work = record.id.kind == .thread ? .transcript(record.id) : .documents(record.id)
        send(work, .gather(record, purpose), "read \(record.name)", screen: top.id)
    }

    mutating func takeGathered(_ answer: Answer, _ record: RecordSummary, _ purpose: HandOver) {
        switch answer {
        case .documents(let documents):
            guard let document = documents.first(where: \.isContent) ?? documents.first else {
                return tell(.warning, "\(record.name) holds nothing to show")
            }
            give(Given(document), of: record, purpose)
        case .failed(let error): if error.kind != .cancelled { tell(error) }
        default: break
        }
    }

    private mutating func give(_ given: Given, of record: RecordSummary, _ purpose: HandOver) {
        let (bytes, name) = (given.bytes, given.name)
        switch purpose {
        case .pager: send(.page(bytes, name: name), .handOver, "show \(name) in the pager")
        case .editor:
            send(
                .makeEditorCopy(bytes, name: given.fileName), .editorCopy(name: name), "copy \(name) for the editor",
                screen: top.id)
        case .pipe(let command, keepsOutput: false):
            send(.pipe(bytes, command: command), .handOver, "pipe \(name) to \(command)")
        case .pipe(let command, keepsOutput: true):
            send(
                .capture(bytes, command: command), .capture(record, command: command), "pipe \(name) to \(command)",
                screen: top.id)
        }
    }

    mutating func takeEdited(_ wasSaved: Bool) {
        guard wasSaved else { return }
        tell(
            .warning, "what was saved in the editor is not kept: it had a copy, and the store is as before",
            details: ["help: save it under another name there, or export with e"])
    }

    // MARK: Pipes

    mutating func openPipe() {
        input = Input(.pipe)
        input?.keepsOutput = keepsPipeOutput
    }

    mutating func acceptPipe(_ command: String, keepsOutput: Bool) {
        keepsPipeOutput = keepsOutput
        guard !command.allSatisfy(\.isWhitespace) else { return }
        hand(.pipe(command: command, keepsOutput: keepsOutput))
    }

    mutating func takeCaptured(_ output: CapturedOutput, _ record: RecordSummary, _ command: String) {
        let name = TextFit.truncated(Sanitizer.visible(command), to: 40)
        if output.bytes.count > 0 {
            let document = RecordDocument(name: "output of \(name)", format: .text, bytes: output.bytes)
            var screen = DocumentScreen(id: newScreenID(), record: record, parts: [document])
            screen.title = "| \(name)"
            push(.document(screen))
            prepareDocuments()
        }
        if let failure = output.failure {
            tell(.warning, "\(name) \(failure)")
        } else if output.isCut {
            tell(.warning, "\(name) wrote more; this is the first \(Words.size(Int64(output.bytes.count)))")
        } else if output.bytes.count == 0 {
            tell(.info, "\(name) wrote nothing")
        }
    }
}
