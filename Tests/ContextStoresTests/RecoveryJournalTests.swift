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
        let notes = try last.prune(keeping: newest.id)
        #expect(try last.entries().entries.map(\.id) == [newest.id, made[4]])
        #expect(notes.count == 2)
        #expect(notes.first?.contains("3 recovery entries older than 90 days") == true)
    }

    @Test(arguments: ["../x", "", "a/b", ".", "20260101-000000-000000/../x"])
    func anIdThatIsNoEntryNameNeverReachesAPath(id: String) throws {
        #expect(try journal().summary(id) == nil)
    }
}
