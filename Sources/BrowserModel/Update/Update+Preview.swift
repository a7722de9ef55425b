internal import StoredRecords
internal import TerminalSurface

/// The preview beside a list, asked for once the cursor has rested.
extension BrowserState {
    mutating func scrollPreview(by count: Int) {
        guard let screen = browseTop, let preview = layout.preview else { return }
        edit(browse: screen.id) { $0.preview.scroll(by: count, height: preview.height) }
    }

    /// Remembers what the preview is to show once the cursor has rested.
    mutating func wantPreview() {
        guard let screen = browseTop, layout.hasPreview, screen.kind != nil else { return }
        let record = screen.list?.selectedRecord
        if record == nil {
            if screen.list?.isLoading != true {
                if let request = screen.preview.request { cancel(request) }
                edit(browse: screen.id) { $0.preview.clear() }
            }
            return
        }
        let isShown = screen.preview.record == record && screen.preview.request == nil
        let isComing = screen.preview.wanted == record
        if isComing { return }
        if let request = screen.preview.request { cancel(request) }
        let due = now.adding(milliseconds: Preview.pause)
        edit(browse: screen.id) {
            $0.preview.request = nil
            $0.preview.wanted = isShown ? nil : record
            $0.preview.due = isShown ? nil : due
        }
    }

    mutating func askPreview(_ id: ScreenID) {
        guard case .browse(let screen) = screens.first(where: { $0.id == id }), let record = screen.preview.wanted
        else {
            return edit(browse: id) { $0.preview.due = nil }
        }
        edit(browse: id) { $0.preview.due = nil }
        let label = "preview \(record.id.key)"
        let request: RequestID
        if record.id.kind == .thread {
            request = send(
                .messages(record.id, PageRequest(.first, limit: Preview.messages)), .preview(record.id), label,
                screen: id)
        } else if let bytes = record.bytes, bytes <= Preview.documentBytes {
            request = send(.documents(record.id), .preview(record.id), label, screen: id)
        } else {
            return showPreview(id, record, .nothing)
        }
        edit(browse: id) { $0.preview.request = request }
    }

    mutating func takePreview(_ answer: Answer, _ job: InFlight, _ record: RecordID) {
        guard let id = job.screen, case .browse(let screen) = screens.first(where: { $0.id == id }),
            let wanted = screen.preview.wanted, wanted.id == record
        else { return }
        switch answer {
        case .messages(let page): showPreview(id, wanted, .messages(page))
        case .documents(let documents): showPreview(id, wanted, .documents(documents))
        case .failed(let error): showPreview(id, wanted, .failure(error))
        default: break
        }
    }

    private mutating func showPreview(_ id: ScreenID, _ record: RecordSummary, _ content: Preview.Content) {
        let width = layout.previewWidth
        let now = now
        edit(browse: id) {
            $0.preview.request = nil
            $0.preview.wanted = nil
            $0.preview.show(record, content, width: width, now: now)
        }
    }
}
