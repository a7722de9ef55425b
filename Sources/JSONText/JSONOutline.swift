/// An index of a document of any size for a folding tree: opens at once, reads on in steps.
///
/// Reading checks the document in full. Everything before `readCount` can be
/// shown at any time, also when the document turns out to be broken later on.
/// The index holds only large containers and places in them; what is small is
/// read again when it is asked for.
///
/// An outline is a value: a reader on another thread advances its own copy and
/// hands copies over to whoever shows them.
public struct JSONOutline: Sendable {
    /// The bytes that `init` reads, enough for the first screens.
    public static let firstStep = 256 * 1024

    public let region: any ByteRegion
    /// How many bytes have been read and found valid.
    public private(set) var readCount = 0
    /// Whether the reading has ended, at the end of the document or at an error.
    public private(set) var isFinished = false
    /// What is wrong with the document; everything before can be shown.
    public private(set) var error: JSONError?

    private var grammar: JSONGrammar
    private var indexer: OutlineIndexer

    var index: OutlineIndex { indexer.index }

    /// Reads the first part of a document.
    ///
    /// - Parameters:
    ///   - threshold: The bytes from which on a container near the root is indexed.
    ///   - limits: Deeper nesting is an error; the default is as deep as a tree can be shown and searched.
    public init(
        _ region: any ByteRegion, threshold: Int = 16 * 1024, limits: JSONLimits = JSONLimits(depth: 10_000),
        firstStep: Int = JSONOutline.firstStep
    ) {
        self.region = region
        grammar = JSONGrammar(depthLimit: limits.depth)
        indexer = OutlineIndexer(threshold: threshold)
        advance(by: firstStep)
    }

    /// The part of the document that has been read, from 0 to 1.
    public var progress: Double {
        isFinished || region.count == 0 ? 1 : Double(readCount) / Double(region.count)
    }

    /// The memory the index takes beside the document.
    public var indexByteCount: Int { index.byteCount }

    /// Reads about `budget` bytes more; does nothing once the outline is finished.
    ///
    /// - Returns: Whether the outline is finished.
    @discardableResult
    public mutating func advance(by budget: Int = 8 << 20) -> Bool {
        guard !isFinished else { return true }
        let pause = readCount + max(1, budget)
        let fault: JSONError? = region.withBytes { buffer in
            guard let bytes = JSONBytes(buffer) else { return JSONError(kind: .empty, offset: 0) }
            do throws(JSONFault) {
                try grammar.run(bytes, &indexer, pause: pause, stringPause: pause)
                return nil
            } catch {
                return located(error, in: bytes)
            }
        }
        indexer.updateOpenRecords()
        if let fault {
            error = fault
            readCount = fault.offset
            isFinished = true
        } else {
            readCount = min(grammar.offset, region.count)
            isFinished = grammar.isAtEnd
        }
        return isFinished
    }

    private func located(_ fault: JSONFault, in bytes: JSONBytes) -> JSONError {
        let place = JSONTextPosition(of: fault.offset, in: bytes)
        let path = indexer.path(in: bytes, includingNextElement: !fault.isBetweenValues)
        return JSONError(
            kind: fault.kind, offset: fault.offset, line: place.line, column: place.column, path: path,
            found: fault.offset < bytes.count ? bytes[fault.offset] : nil)
    }

    /// Lends the bytes as far as they have been read; nil for an empty document.
    func withRead<R>(_ body: (JSONBytes) -> R) -> R? {
        region.withBytes { buffer in JSONBytes(buffer).map(body) }
    }

    /// Where readings of parts of the document must stop.
    var limit: Int { isFinished && error == nil ? .max : readCount }
}
