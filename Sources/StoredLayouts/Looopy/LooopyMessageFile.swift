internal import EngineCore
internal import JSONText
internal import StoredRecords

/// One `.json` file of a messages directory, as listed.
struct LooopyMessageFile: Sendable, Hashable {
    var info: ObjectInfo
    /// `nil` when the file is not named as the tool names messages.
    var name: LooopyMessageName?

    init?(_ entry: ObjectEntry) {
        guard case .object(let info) = entry, info.key.lastPart.bytes.suffix(5).elementsEqual(".json".utf8) else {
            return nil
        }
        self.info = info
        name = LooopyMessageName(info.key.lastPart)
    }

    var key: ObjectKey { info.key }
}
