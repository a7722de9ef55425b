import Glibc
import StoredLayouts
import StoredRecords
import TestSupport
import Testing

@testable import ContextStores

@Suite struct RecoveryJournalTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func journal(_ limits: RecoveryLimits = RecoveryLimits(), day: Int64 = 0) -> RecoveryJournal {
        RecoveryJournal(
            stateDirectory: directory.path, limits: limits,
            clock: Clock { Timestamp(seconds: 1_700_000_000 + day * 86_400, nanoseconds: 5_000_000) })
    }

    private func plan(_ key: String = "t1") -> ChangePlan {
        let id = RecordID(source: "s", layout: "memexllm", kind: .thread, key: key)
        return ChangePlan(
            request: .trim(keep: 3, snap: true), target: RecordSummary(id: id, title: "Title \u{1b}[31m"),
            unit: "messages", keeps: 3, drops: 7, basis: PlanBasis())
    }

    private static let items: [RecoveryItem] = [
        .attributes(key: [0xFF, 0x2F, 0x61], before: ["mode": "0600", "": "ü"], after: [:]),
        .object(key: [0xFF, 0x2F, 0x61], before: StoredBytes([0, 1, 2, 255]), after: nil),
        .object(key: [0x61], before: StoredBytes([]), after: StoredBytes(Array(repeating: 7, count: 600_000))),
        .row(
            table: "messages \"x\"", columns: ["rowid", "a", "b", "c", "d", "e"],
            values: [
                .integer(.min), .null, .real(-0.0), .text("日本\u{0}語"), .invalidText([0xC3, 0x28]), .bytes([]),
            ]),
        .updatedRow(
            table: "t", identity: [RawColumn("rowid", .integer(4))], before: [RawColumn("i", .integer(1))],
            after: [RawColumn("i", .real(.infinity))]),
        .key(key: [0, 13, 10], before: nil, timeToLive: .milliseconds(1500), after: StoredBytes("x")),
        .key(key: [1], before: StoredBytes("x"), timeToLive: nil, after: nil),
        .member(key: [2], member: [0xFE]),
        .fact(name: "count", value: .integer(10)),
    ]

    private func record(_ items: [RecoveryItem], in journal: RecoveryJournal) throws -> RecoverySummary {
        let writer = try journal.begin(plan(), location: "/x/db", prefix: "")
        for item in items { try writer.record(item) }
        try writer.seal()
        writer.unlock()
        return try #require(try journal.summary(writer.entry.id))
    }

    @Test func `entries of one act share the name of the first, whatever becomes of them, and others have none`() throws
    {
        let journal = journal()
        func begin(_ group: ChangeGroup?) throws -> RecoverySummary {
            var plan = plan()
            plan.group = group
            let writer = try journal.begin(plan, location: "/x/db", prefix: "")
            try writer.seal()
            writer.unlock()
            return try #require(try journal.summary(writer.entry.id))
        }
        let alone = try begin(nil)
        let first = try begin(.first)
        let second = try begin(.of(entry: first.id))
        #expect(alone.group == nil)
        #expect(first.group == first.id && second.group == first.id && second.id != first.id)
        try journal.setState(.done, of: second)
        try journal.setState(.undone, of: second)
        #expect(try journal.summary(second.id)?.group == first.id)
        // An entry without a group is written as it always was.
        let header = try #require(try PosixFile.read("\(journal.directory)/\(alone.id)/entry.json", operation: "read"))
        #expect(!String(decoding: header, as: UTF8.self).contains("group"))
        #expect(RecoveryHeader.decode(header, id: alone.id, bytesOnDisk: 0)?.record.key == "t1")
    }

    @Test func everythingRecordedIsReadBackExactly() throws {
        let journal = journal()
        let entry = try record(Self.items, in: journal)
        #expect(entry.state == .sealed)
        #expect(entry.request == .trim(keep: 3, snap: true))
        #expect(entry.title == "Title \u{1b}[31m")
        #expect(try journal.open(entry).allItems() == Self.items)
    }

    @Test func rowsOfOneTableAreReadBackWhateverStandsBetweenThem() throws {
        func row(_ table: String, _ columns: [String], _ number: Int64) -> RecoveryItem {
            .row(table: table, columns: columns, values: columns.map { _ in .integer(number) })
        }
        let items = [
            row("a", ["x", "y"], 1), row("a", ["x", "y"], 2), .fact(name: "rows", value: .integer(2)),
            row("a", ["x", "y"], 3), row("b", ["x", "y"], 4), row("b", ["x"], 5), row("b", ["x"], 6),
            row("a", ["x", "y"], 7), row("a", [], 8), row("a", [], 9),
        ]
        let journal = journal()
        #expect(try journal.open(try record(items, in: journal)).allItems() == items)
    }

    @Test func aTableIsNamedOnceForARunOfRows() throws {
        let journal = journal()
        let name = String(repeating: "long name of a table ", count: 50)
        let items = (0..<100).map { RecoveryItem.row(table: name, columns: [name], values: [.integer($0)]) }
        let entry = try record(items, in: journal)
        let bytes = try PosixFile.read(directory.path + "/recovery/" + entry.id + "/items", operation: "test")
        #expect(try #require(bytes).count < 100 * name.utf8.count)
    }

    @Test func anEntryBelongsToTheUserAlone() throws {
        let entry = try record(Self.items, in: journal())
        for name in ["", "/items", "/entry.json"] {
            var info = stat()
            #expect(stat(directory.path + "/recovery/" + entry.id + name, &info) == 0)
            #expect(info.st_mode & 0o077 == 0, "\(name)")
        }
    }

    @Test func aDamagedEntryIsRefusedWhicheverByteIsWrong() throws {
        let journal = journal()
        let entry = try record(Array(Self.items.suffix(4)), in: journal)
        let path = directory.path + "/recovery/" + entry.id + "/items"
        let bytes = try #require(try PosixFile.read(path, operation: "test"))
        for offset in bytes.indices {
            var damaged = bytes
            damaged[offset] ^= 0x10
            try PosixFile.replace(path, with: damaged, operation: "test")
            #expect(throws: StorageError.self, "byte \(offset)") { try journal.open(entry) }
        }
        for length in [0, 10, bytes.count - 1] {
            try PosixFile.replace(path, with: Array(bytes[..<length]), operation: "test")
            #expect(throws: StorageError.self, "length \(length)") { try journal.open(entry) }
        }
    }

    @Test func anEntryInUseIsBusyForOthers() throws {
        let journal = journal()
        let entry = try record(Self.items, in: journal)
        let reader = try journal.open(entry)
        let error = #expect(throws: StorageError.self) { try journal.open(entry) }
        #expect(error?.kind == .busy)
        #expect(try reader.allItems().count == Self.items.count)
    }

    @Test func anUnfinishedEntryIsAbandonedOnlyWhenItsWriterIsGone() throws {
        let journal = journal()
        var writer: RecoveryWriter? = try journal.begin(plan(), location: "/x", prefix: "")
        let entry = try #require(writer?.entry)
        #expect(try journal.isAbandoned(entry) == false)
        writer = nil
        #expect(try journal.isAbandoned(entry))
    }

    /// A program that is started at that moment has every open file until it is itself.
    @Test func anEntryIsFreeWhenItsWriterIsGoneThoughAnotherProcessStillHasTheFile() throws {
        let journal = journal()
        var writer: RecoveryWriter? = try journal.begin(plan(), location: "/x", prefix: "")
        let entry = try #require(writer?.entry)
        let held = duplicates(of: "\(entry.id)/items")
        defer { for file in held { close(file) } }
        #expect(!held.isEmpty)
        writer = nil
        #expect(try journal.isAbandoned(entry))
    }

    /// Further descriptors of this process's open files in the test's directory whose names end like this.
    private func duplicates(of ending: String) -> [Int32] {
        RawFiles.names("/proc/self/fd").compactMap { name in
            var buffer = [CChar](repeating: 0, count: 4096)
            let count = readlink("/proc/self/fd/\(name)", &buffer, buffer.count)
            guard count > 0, let file = Int32(name) else { return nil }
            let target = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
            return target.hasPrefix(directory.path) && target.hasSuffix(ending) ? dup(file) : nil
        }
    }

    @Test func anEntryPastItsSizeLimitIsRefused() throws {
        let journal = journal(RecoveryLimits(maximumBytes: 1 << 20, maximumEntryBytes: 1000))
        let writer = try journal.begin(plan(), location: "/x", prefix: "")
        let error = #expect(throws: StorageError.self) {
            try writer.record(.object(key: [1], before: StoredBytes(Array(repeating: 1, count: 2000)), after: nil))
        }
        #expect(error?.kind == .full)
        #expect(error?.help.contains("recovery.maxEntryBytes") == true)
    }

    @Test func oldAndSurplusEntriesGoOldestFirstAndAreReported() throws {
        var made: [String] = []
        for day in [0, 1, 2, 95, 96] as [Int64] {
            let journal = journal(day: day)
            let entry = try record(
                [.object(key: [1], before: StoredBytes(Array(repeating: 1, count: 900)), after: nil)], in: journal)
            try journal.setState(.done, of: entry)
            made.append(entry.id)
        }
        let limits = RecoveryLimits(maximumBytes: 1900, maximumEntryBytes: 1000, maximumAgeDays: 90)
        let last = journal(limits, day: 97)
        let newest = try record([.fact(name: "n", value: .null)], in: last)
        let notes = try last.prune(keeping: newest)
        #expect(try last.entries().entries.map(\.id) == [newest.id, made[4]])
        #expect(notes.count == 2)
        #expect(notes.first?.contains("3 recovery entries older than 90 days") == true)
    }

    @Test func `no entry of an act on many records goes before the act can be undone as one`() throws {
        let limits = RecoveryLimits(maximumBytes: 1900, maximumEntryBytes: 1000, maximumAgeDays: 90)
        let item = RecoveryItem.object(key: [1], before: StoredBytes(Array(repeating: 1, count: 900)), after: nil)
        let other = try record([item], in: self.journal(limits))
        let journal = journal(limits, day: 1)
        try journal.setState(.done, of: other)
        var group: [String] = []
        for _ in 0..<4 {
            var plan = plan()
            plan.group = group.first.map { .of(entry: $0) } ?? .first
            let writer = try journal.begin(plan, location: "/x/db", prefix: "")
            try writer.record(item)
            try writer.seal()
            writer.unlock()
            try journal.setState(.done, of: writer.entry)
            _ = try journal.prune(keeping: writer.entry)
            group.append(writer.entry.id)
        }
        #expect(try journal.entries().entries.map(\.id) == Array(group.reversed()))
    }

    @Test(arguments: ["../x", "", "a/b", ".", "20260101-000000-000000/../x"])
    func anIdThatIsNoEntryNameNeverReachesAPath(id: String) throws {
        #expect(try journal().summary(id) == nil)
    }
}
