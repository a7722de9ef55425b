internal import EngineCore
internal import StoredRecords

/// Types, sizes and remaining lives of many keys.
enum RedisDescription {
    /// One round trip while all are strings, else a second one for the others.
    static func describe(
        _ keys: [StoredKey], _ router: RedisRouter, window: Int, _ job: LaneJob, _ operation: String
    ) throws(StorageError) -> [KeyInfo?] {
        let replies = try router.send(
            keys.flatMap { [RedisCommand("PTTL", key: $0), RedisCommand("STRLEN", key: $0)] }, window: window, job,
            operation)
        var infos: [KeyInfo?] = []
        infos.reserveCapacity(keys.count)
        var others: [Int] = []
        for index in keys.indices {
            let (life, length) = (replies[2 * index], replies[2 * index + 1])
            if let error = life.error ?? length.error, error.code != "WRONGTYPE" {
                guard error.isAboutKey else { throw error.error(operation, place: router.place) }
                // There it is, but what it holds is not for this user.
                infos.append(KeyInfo(type: .other, size: 0, timeToLive: nil))
                continue
            }
            guard let milliseconds = life.integer, milliseconds != -2 else {
                infos.append(nil)
                continue
            }
            if length.error != nil { others.append(index) }
            infos.append(
                KeyInfo(
                    type: length.error == nil ? .string : .other, size: Int(length.integer ?? 0),
                    timeToLive: milliseconds < 0 ? nil : .milliseconds(milliseconds)))
        }
        guard !others.isEmpty else { return infos }
        let questions = [("TYPE", "")] + counted.map { ($0.command, $0.name) }
        let answers = try router.send(
            others.flatMap { index in questions.map { RedisCommand($0.0, key: keys[index]) } }, window: window, job,
            operation)
        for (position, index) in others.enumerated() {
            let start = position * questions.count
            guard let name = answers[start].text, name != "none" else {
                infos[index] = nil
                continue
            }
            guard let match = counted.firstIndex(where: { $0.name == name }) else { continue }
            infos[index]?.type = counted[match].type
            infos[index]?.size = Int(answers[start + 1 + match].integer ?? 0)
        }
        return infos
    }

    /// The types other than strings, by the server's name, and what counts their entries.
    private static let counted: [(name: String, type: KeyType, command: String)] = [
        ("set", .set, "SCARD"), ("list", .list, "LLEN"), ("hash", .hash, "HLEN"), ("zset", .sortedSet, "ZCARD"),
        ("stream", .stream, "XLEN"),
    ]
}
