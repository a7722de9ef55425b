/// The entries of one directory in key order, their names in one piece of memory.
struct DirectoryEntries: Sendable {
    private struct Place: Sendable {
        /// The first bytes of the name behind what all names begin with,
        /// greatest first: they decide most comparisons.
        var lead: UInt64 = 0
        var start: Int
        var length: Int32
        var kind: FileStatus.Kind
    }

    private var bytes: [UInt8] = []
    private var places: [Place] = []

    static func read(_ directory: borrowing Descriptor) -> Result<DirectoryEntries, DirectoryEntry.ReadFailure> {
        var all = DirectoryEntries()
        let failure = DirectoryEntry.forEach(in: directory) { name, kind in
            let start = all.bytes.count
            all.bytes.append(contentsOf: name)
            if kind == .directory { all.bytes.append(UInt8(ascii: "/")) }
            all.places.append(Place(start: start, length: Int32(all.bytes.count - start), kind: kind))
            return true
        }
        if let failure { return .failure(failure) }
        all.sort()
        return .success(all)
    }

    var count: Int { places.count }

    subscript(position: Int) -> DirectoryEntry {
        let kind = places[position].kind
        let name = sortName(position)
        return DirectoryEntry(name: FileName(kind == .directory ? name.dropLast() : name), kind: kind)
    }

    /// The name, with a `/` at the end of a directory's.
    func sortName(_ position: Int) -> ArraySlice<UInt8> {
        let place = places[position]
        return bytes[place.start..<place.start + Int(place.length)]
    }

    /// The first position whose name satisfies the test, which none does that
    /// comes before one that does not.
    func firstPosition(where test: (ArraySlice<UInt8>) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = low + (high - low) / 2
            if test(sortName(middle)) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private mutating func sort() {
        let common = commonLength()
        bytes.withUnsafeBufferPointer { bytes in
            for index in places.indices {
                let name = bytes[places[index].start..<places[index].start + Int(places[index].length)]
                var lead: UInt64 = 0
                var shift = 56
                for byte in name.dropFirst(common).prefix(8) {
                    lead |= UInt64(byte) << UInt64(shift)
                    shift -= 8
                }
                places[index].lead = lead
            }
            places.sort { left, right in
                if left.lead != right.lead { return left.lead < right.lead }
                return bytes[left.start..<left.start + Int(left.length)]
                    .lexicographicallyPrecedes(bytes[right.start..<right.start + Int(right.length)])
            }
        }
    }

    /// How many bytes all names begin with alike.
    private func commonLength() -> Int {
        guard let first = places.first else { return 0 }
        var length = Int(first.length)
        bytes.withUnsafeBufferPointer { bytes in
            for place in places where length > 0 {
                length = min(length, Int(place.length))
                var same = 0
                while same < length, bytes[first.start + same] == bytes[place.start + same] { same += 1 }
                length = same
            }
        }
        return length
    }
}
