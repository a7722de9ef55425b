internal import StoredRecords

/// Following what grows: looks at the store while the screen is on top.
extension BrowserState {
    var followTop: Follow? {
        switch top {
        case .thread(let screen): screen.follow
        case .browse(let screen): screen.follow
        default: nil
        }
    }

    /// Why what is on the screen cannot be followed; `nil` when it can.
    var reasonAgainstFollowing: String? {
        switch top {
        case .thread: nil
        case .browse(let screen): screen.kind == nil ? "this is the list of sources" : nil
        case .document: "a document is read as a whole; r reads it again"
        case .diff: "differences are worked out once; r compares again"
        case .results: "what was found is not followed; r searches again"
        case .reader, .jobs, .recovery: "there is nothing here that grows"
        }
    }

    mutating func toggleFollow() {
        let now = now
        switch top {
        case .thread(let screen):
            let follow = screen.follow == nil ? Follow(due: now) : nil
            edit(thread: screen.id) { $0.follow = follow }
            sayFollow(follow)
        case .browse(let screen):
            var follow = screen.follow == nil ? Follow(due: now.adding(milliseconds: Follow.shortest)) : nil
            follow?.known = Set(screen.list?.rows.map(\.id) ?? [])
            edit(browse: screen.id) {
                $0.follow = follow
                // From now on it is the record that stays in focus, not the place.
                if let kind = $0.kind, follow != nil, $0.lists[kind]?.selected != nil {
                    $0.lists[kind]?.anchor = .record
                }
            }
            sayFollow(follow)
        default: break
        }
        lookAgain()
    }

    /// That it follows is what the status line says all the time, and a notice would cover.
    private mutating func sayFollow(_ follow: Follow?) {
        if follow == nil { tell(.info, "no longer following") }
    }

    /// Looks when it is time to; only at what is on the screen.
    mutating func lookAgain() {
        guard let due = followTop?.due, due <= now, dialog == nil else { return }
        let now = now
        switch top {
        case .thread(let screen):
            // What is being read is read first.
            if screen.isLoading { return edit(thread: screen.id) { $0.follow?.rest(now) } }
            edit(thread: screen.id) { $0.follow?.look(now) }
            send(.revision(screen.record.id), .revision, "follow \(screen.record.id.key)", screen: screen.id)
        case .browse(let screen):
            guard let kind = screen.kind, let list = screen.list else { return }
            if list.isLoading { return edit(browse: screen.id) { $0.follow?.rest(now) } }
            let wanted = list.refreshing.filter { wanted in
                !list.windows.contains { $0.source == wanted.source && $0.error != nil }
            }
            edit(browse: screen.id) {
                $0.follow?.look(now)
                $0.follow?.known = Set(list.rows.map(\.id))
            }
            for wanted in wanted { ask(screen.id, kind, wanted) }
            if wanted.isEmpty { edit(browse: screen.id) { $0.follow?.looked(now) } }
        default: break
        }
    }

    // MARK: Threads

    mutating func takeRevision(_ answer: Answer, _ job: InFlight) {
        guard let id = job.screen, case .thread(let screen) = screens.first(where: { $0.id == id }),
            let follow = screen.follow
        else { return }
        let now = now
        switch answer {
        case .revision(nil):
            edit(thread: id) { $0.follow = nil }
            tell(.warning, "the thread is not stored any more; what is shown was read before")
        case .revision(let revision?):
            if follow.revision == revision { return edit(thread: id) { $0.follow?.looked(now) } }
            edit(thread: id) { $0.follow?.revision = revision }
            let request = screen.following
            send(
                .messages(screen.record.id, request), .followed(request), "follow \(screen.record.id.key)", screen: id)
        case .failed(let error): followFailed(id, error)
        default: edit(thread: id) { $0.follow?.looked(now) }
        }
    }

    mutating func takeFollowed(_ answer: Answer, _ job: InFlight, _ request: PageRequest) {
        guard let id = job.screen, case .thread(let screen) = screens.first(where: { $0.id == id }),
            screen.follow != nil
        else { return }
        let now = now
        let height = layout.contentLines
        switch answer {
        case .messages(let page):
            var outcome = FollowedThread.grown(0)
            edit(thread: id) {
                outcome = $0.followed(page, request, height: height)
                $0.follow?.looked(now)
            }
            switch outcome {
            case .grown(0): break
            case .grown: send(.summary(screen.record.id), .summary, "read \(screen.record.id.key)")
            case .rewritten:
                let count = page.total.number.map { Words.count($0, "messages") } ?? "other messages"
                tell(.warning, "another program rewrote the thread: \(count) now, \(Words.total(screen.total)) before")
                refreshThread(id)
            }
        case .failed(let error):
            // Asked for anew at the next look, whether the record changes again or not.
            edit(thread: id) { $0.follow?.revision = nil }
            followFailed(id, error)
        default: break
        }
    }

    private mutating func followFailed(_ id: ScreenID, _ error: StorageError) {
        guard case .thread(let screen) = screens.first(where: { $0.id == id }) else { return }
        let now = now
        if error.kind == .cancelled {
            // Ctrl-C stops following, as it stops all that runs.
            edit(thread: id) { $0.follow = nil }
            return
        }
        // Said once; the status line says it as long as it lasts.
        if screen.follow?.error == nil { tell(error) }
        edit(thread: id) { $0.follow?.failed(error, now) }
    }

    // MARK: Lists

    /// A page of a followed list has come; when it was the last of a look, says what is new.
    mutating func noteFollowed(_ id: ScreenID, _ kind: RecordKind, top before: Int) {
        guard case .browse(let screen) = screens.first(where: { $0.id == id }), let follow = screen.follow,
            follow.isLooking, screen.kind == kind, let list = screen.list
        else { return }
        let now = now
        let height = layout.recordLines
        // Records that come in above the first row are seen where the first row was seen.
        if before == 0 {
            edit(browse: id) { $0.lists[kind]?.showTop(height: height) }
        }
        guard !list.isLoading else { return }
        let fresh = list.rows.filter { !follow.known.contains($0.id) }
        edit(browse: id) {
            $0.follow?.arrived += fresh.count
            $0.follow?.looked(now)
            // The preview shows what is stored now.
            if let shown = $0.preview.record, let record = $0.list?.selectedRecord, shown.id == record.id,
                shown != record
            {
                $0.preview.record = nil
            }
        }
        for source in Set(fresh.map(\.id.source)) { recount(source, kind) }
    }
}

extension RecordList {
    /// Shows the first row again, as far as the cursor stays on the screen.
    mutating func showTop(height: Int) {
        top = 0
        scroll(height: height)
    }
}
