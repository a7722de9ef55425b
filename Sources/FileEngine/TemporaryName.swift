internal import Glibc

/// The names of files that a write has not put in place yet.
///
/// They are no objects: listings leave them out, so that one that a crash left
/// behind is never taken for a record.
enum TemporaryName {
    private static let beginning = Array(".ctxbrowse-".utf8)
    private static let end = Array(".tmp".utf8)

    static func make() -> FileName {
        let number = UInt64.random(in: .min ... .max)
        return FileName(beginning + Array("\(getpid())-\(String(number, radix: 36))".utf8) + end)
    }

    static func matches(_ name: FileName) -> Bool { matches(name.bytes) }

    static func matches(_ bytes: some BidirectionalCollection<UInt8>) -> Bool {
        bytes.starts(with: beginning) && bytes.suffix(end.count).elementsEqual(end)
    }

    /// The process that made the name; `nil` for any other name.
    static func process(of name: FileName) -> pid_t? {
        guard matches(name) else { return nil }
        let digits = name.bytes.dropFirst(beginning.count).prefix { (48...57).contains($0) }
        guard name.bytes.dropFirst(beginning.count + digits.count).first == UInt8(ascii: "-") else { return nil }
        return pid_t(String(decoding: digits, as: UTF8.self)).flatMap { $0 > 0 ? $0 : nil }
    }
}
