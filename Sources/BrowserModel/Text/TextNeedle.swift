internal import StoredRecords

/// What is looked for in long texts: a text in any case, unless it holds a capital letter, or a pattern
/// written `/a.*b/`.
public struct TextNeedle: Sendable, Equatable {
    public let text: String
    private let pattern: TextPattern?
    private let isExact: Bool
    private let bytes: [UInt8]
    /// The scalars to compare one by one, where letters beyond ASCII have cases too.
    private let scalars: [UInt32]?

    public init(_ text: String) {
        self.text = text
        pattern = try? TextPattern.typed(text)
        isExact = text.contains(where: \.isUppercase)
        let isPlain = text.utf8.allSatisfy { $0 < 0x80 }
        bytes = Array((isExact ? text : text.lowercased()).utf8)
        scalars = isExact || isPlain ? nil : text.unicodeScalars.flatMap(Self.folded)
    }

    public var isPattern: Bool { pattern != nil }

    /// The bytes that hold the text, one occurrence after the other.
    public func ranges(in text: String, limit: Int = .max) -> [Range<Int>] {
        guard let pattern else {
            return places(in: text, limit: limit).places.map { $0..<$0 + self.text.utf8.count }
        }
        var found: [Range<Int>] = []
        forEachMatch(of: pattern, in: text, { false }) {
            found.append($0)
            return found.count < limit
        }
        return found
    }

    /// Tells the matches of a pattern until it is told that this is enough.
    private func forEachMatch(
        of pattern: TextPattern, in text: String, _ isCancelled: () -> Bool, _ tell: (Range<Int>) -> Bool
    ) {
        var text = text
        text.withUTF8 { all in
            withoutActuallyEscaping(isCancelled) { isCancelled in
                let places = PatternPlaces(pattern, in: all, isCancelled: isCancelled)
                var at = 0
                while let found = places.first(from: at) {
                    if found.count < 24, LongRuns.isInside(all, found.lowerBound) {
                        at = max(found.upperBound, LongRuns.end(all, found.lowerBound))
                        continue
                    }
                    guard tell(found) else { return }
                    at = found.upperBound
                }
            }
        }
    }

    /// The bytes where the text occurs, one occurrence after the other, and how many there are.
    ///
    /// Long base64 is not looked into: a short text is found in it by chance.
    ///
    /// - Parameter limit: places that are told; all are counted.
    public func places(
        in text: String, limit: Int = .max, isCancelled: () -> Bool = { false }
    ) -> (places: [Int], count: Int) {
        if let pattern {
            var places: [Int] = []
            var count = 0
            forEachMatch(of: pattern, in: text, isCancelled) {
                if places.count < limit { places.append($0.lowerBound) }
                count += 1
                return true
            }
            return (places, count)
        }
        guard !bytes.isEmpty else { return ([], 0) }
        var text = text
        if let scalars { return foldedPlaces(&text, scalars, limit, isCancelled) }
        return text.withUTF8 { plainPlaces($0, limit, isCancelled) }
    }

    private func plainPlaces(
        _ all: UnsafeBufferPointer<UInt8>, _ limit: Int, _ isCancelled: () -> Bool
    ) -> (places: [Int], count: Int) {
        var places: [Int] = []
        var count = 0
        let first = bytes[0]
        let other = !isExact && (97...122).contains(first) ? first - 32 : first
        let last = all.count - bytes.count
        var at = 0
        var checked = 0
        while at <= last {
            if at - checked > 1 << 20 {
                checked = at
                if isCancelled() { break }
            }
            guard all[at] == first || all[at] == other, isMatch(all, at) else {
                at += 1
                continue
            }
            if bytes.count < 24, LongRuns.isInside(all, at) {
                at = LongRuns.end(all, at)
                continue
            }
            if places.count < limit { places.append(at) }
            count += 1
            at += bytes.count
        }
        return (places, count)
    }

    private func isMatch(_ all: UnsafeBufferPointer<UInt8>, _ at: Int) -> Bool {
        for offset in bytes.indices {
            var byte = all[at + offset]
            if !isExact, byte >= 65, byte <= 90 { byte += 32 }
            if byte != bytes[offset] { return false }
        }
        return true
    }

    private func foldedPlaces(
        _ text: inout String, _ needle: [UInt32], _ limit: Int, _ isCancelled: () -> Bool
    ) -> (places: [Int], count: Int) {
        var places: [Int] = []
        var count = 0
        // The last scalars read with the byte each begins at, as many as the needle has.
        var recent: [(value: UInt32, start: Int)] = []
        var offset = 0
        var checked = 0
        for scalar in text.unicodeScalars {
            if offset - checked > 1 << 20 {
                checked = offset
                if isCancelled() { break }
            }
            for value in Self.folded(scalar) {
                recent.append((value, offset))
                if recent.count > needle.count { recent.removeFirst() }
                guard value == needle[needle.count - 1], recent.count == needle.count,
                    recent.elementsEqual(needle, by: { $0.value == $1 })
                else { continue }
                if places.count < limit { places.append(recent[0].start) }
                count += 1
                recent = []
            }
            offset += UTF8.width(scalar)
        }
        return (places, count)
    }

    private static func folded(_ scalar: Unicode.Scalar) -> [UInt32] {
        if scalar.value < 0x80 {
            return [scalar.value >= 65 && scalar.value <= 90 ? scalar.value + 32 : scalar.value]
        }
        return scalar.properties.lowercaseMapping.unicodeScalars.map(\.value)
    }
}
