/// The large containers of a document and places in them to start reading from.
///
/// Only containers of at least `threshold` bytes are recorded; smaller ones are
/// read again when they are shown. The threshold grows with the square of the
/// depth, which bounds the index by a fraction of the document however deeply
/// it nests: at any depth, recorded containers do not overlap.
struct OutlineIndex: Sendable {
    /// A child to start reading at.
    struct Checkpoint: Sendable {
        var ordinal: Int
        /// Where the child begins; in an object, its key.
        var offset: Int
    }

    struct Record: Sendable {
        var kind: JSONKind
        var start: Int
        /// Nil while the end has not been read.
        var end: Int?
        /// The children that have begun; settled when the end is known.
        var childCount: Int
        /// The position in the container that holds this one.
        var ordinal: Int
        /// Where the key begins, when there is one.
        var keyStart: Int?
        /// The position of the holding container's record.
        var parent: Int?
        var checkpoints: [Checkpoint] = []
    }

    /// A place to start reading at, inside `container` or, when that is nil, at the start of the document.
    struct Anchor {
        var container: Int?
        var offset: Int
        /// The next child to begin.
        var ordinal: Int
        var isBehindChild: Bool
    }

    /// In the order of their starts; the records of all containers around a recorded one are there too.
    var records: [Record] = []
    let threshold: Int

    init(threshold: Int) { self.threshold = max(1, threshold) }

    /// The least size of a recorded container and the distance of its checkpoints.
    func spacing(atDepth depth: Int) -> Int {
        let step = min(depth, 1 << 15) / 16
        return threshold * (1 + step * step)
    }

    /// The memory taken by the index.
    var byteCount: Int {
        records.reduce(0) {
            $0 + MemoryLayout<Record>.stride + $1.checkpoints.capacity * MemoryLayout<Checkpoint>.stride
        }
    }

    /// The position of the first record that starts at or behind an offset.
    func firstRecord(from offset: Int) -> Int {
        var low = 0
        var high = records.count
        while low < high {
            let middle = (low + high) / 2
            if records[middle].start < offset { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The record of the container that starts at an offset.
    func record(startingAt offset: Int) -> Int? {
        let position = firstRecord(from: offset)
        return position < records.count && records[position].start == offset ? position : nil
    }

    /// The nearest place at or before an offset to start reading at.
    func anchor(before offset: Int) -> Anchor {
        var candidate = firstRecord(from: offset + 1) - 1
        var ended: Int?
        while candidate >= 0 {
            guard let end = records[candidate].end, end <= offset else { break }
            ended = candidate
            candidate = records[candidate].parent ?? -1
        }
        guard candidate >= 0 else {
            guard let ended, let end = records[ended].end else {
                return Anchor(container: nil, offset: 0, ordinal: 0, isBehindChild: false)
            }
            return Anchor(container: nil, offset: end, ordinal: 1, isBehindChild: true)
        }
        let anchor = self.anchor(in: candidate) { $0.offset <= offset }
        if let ended, let end = records[ended].end, end > anchor.offset {
            return Anchor(container: candidate, offset: end, ordinal: records[ended].ordinal + 1, isBehindChild: true)
        }
        return anchor
    }

    /// The last checkpoint of a container that fits, or else its start; fitting ones come before all others.
    func anchor(in record: Int, last fits: (Checkpoint) -> Bool) -> Anchor {
        let checkpoints = records[record].checkpoints
        var low = 0
        var high = checkpoints.count
        while low < high {
            let middle = (low + high) / 2
            if fits(checkpoints[middle]) { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else {
            return Anchor(container: record, offset: records[record].start, ordinal: 0, isBehindChild: false)
        }
        let checkpoint = checkpoints[low - 1]
        return Anchor(
            container: record, offset: checkpoint.offset, ordinal: checkpoint.ordinal, isBehindChild: false)
    }

    /// A machine that reads on from an anchor to the end of its container.
    func grammar(from anchor: Anchor) -> JSONGrammar {
        guard let container = anchor.container, anchor.offset > records[container].start else {
            return JSONGrammar(valueAt: anchor.offset)
        }
        return JSONGrammar(
            resumingIn: records[container].kind, at: anchor.offset, isBehindChild: anchor.isBehindChild)
    }
}
