internal import StoredRecords

/// What became of a look at the end of a thread.
enum FollowedThread: Equatable {
    /// So many messages more than before.
    case grown(Int)
    /// What is shown is no longer what is stored.
    case rewritten
}

extension ThreadScreen {
    /// The page that tells what came after what is shown: the last two
    /// messages with it, to see whether they are still the same.
    var following: PageRequest {
        guard window.isAtEnd else { return PageRequest(.last, limit: 1) }
        guard let last = blocks.last?.message.position else { return PageRequest(.first, limit: Self.pageSize) }
        return PageRequest(.position(max(0, last - 1)), limit: Self.pageSize)
    }

    /// Whether the last line of the thread is on the screen.
    func seesEnd(height: Int) -> Bool {
        guard window.isAtEnd, !blocks.isEmpty else { return blocks.isEmpty }
        var place: MessageLine? = top
        for _ in 0..<height { place = place.flatMap(next) }
        return place == nil
    }

    /// Whether the reader is at the end, so that what is added is to be seen too.
    private func isAtBottom(height: Int) -> Bool {
        blocks.isEmpty || cursor.message == blocks.count - 1 && seesEnd(height: height)
    }

    /// Takes in what is stored after the messages that are shown.
    mutating func followed(
        _ page: Page<StoredMessage>, _ request: PageRequest, height: Int
    ) -> FollowedThread {
        guard request == following else { return .grown(0) }
        guard window.isAtEnd else { return followedFar(page) }
        let isAtBottom = isAtBottom(height: height)
        let last = blocks.last?.message.position ?? -1
        var fresh: [StoredMessage] = []
        var grown: StoredMessage?
        for message in page.items {
            if message.position > last {
                fresh.append(message)
                continue
            }
            guard let shown = blocks.last(where: { $0.message.position == message.position })?.message else {
                return .rewritten
            }
            if shown == message { continue }
            // The last message may be one that is still being written, also in the middle of its file.
            guard message.position == last, shown.id ?? message.id == message.id,
                shown.role == .missing || shown.role == message.role
            else { return .rewritten }
            grown = message
        }
        let overlap = blocks.filter { $0.message.position >= last - 1 }.count
        guard page.items.count - fresh.count == overlap else { return .rewritten }
        append(fresh, replacing: grown, page)
        if isAtBottom, grown != nil || !fresh.isEmpty { moveToEnd(height: height) }
        follow?.arrived += fresh.count
        follow?.below += fresh.count
        scroll(height: height)
        noteSeen(height: height)
        evict()
        return .grown(fresh.count)
    }

    private mutating func append(
        _ fresh: [StoredMessage], replacing grown: StoredMessage?, _ page: Page<StoredMessage>
    ) {
        if let grown, !blocks.isEmpty { blocks[blocks.count - 1] = MessageBlock(grown) }
        blocks += fresh.map(MessageBlock.init)
        window.grow(fresh, replacingLast: grown, next: page.next, total: page.total)
        pair()
    }

    /// The end of the thread is far from what is shown: only its length is of interest.
    private mutating func followedFar(_ page: Page<StoredMessage>) -> FollowedThread {
        guard case .exact(let now) = page.total, case .exact(let before) = total else { return .grown(0) }
        if now < before { return .rewritten }
        window.setTotal(page.total)
        follow?.arrived += now - before
        follow?.below += now - before
        return .grown(now - before)
    }

    /// What has been seen is no longer news.
    mutating func noteSeen(height: Int) {
        if let below = follow?.below, below > 0, seesEnd(height: height) { follow?.below = 0 }
    }
}
