internal import StoredRecords

public struct OutlineReport: Sendable, Equatable {}

public struct TreePane: Sendable, Equatable {
    init(_ report: OutlineReport, bytes: StoredBytes) {}
    mutating func move(by: Int, height: Int) {}
    mutating func moveTo(row: Int, height: Int) {}
    mutating func run(_ command: Command, height: Int) {}
    mutating func show(offset: Int, height: Int) {}
    var searchStart: Int { 0 }
    var searchEnd: Int { 0 }
    public var path: String { "" }
    public var value: String { "" }
}
