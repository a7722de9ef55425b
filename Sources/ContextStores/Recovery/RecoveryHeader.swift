internal import JSONText
internal import StoredRecords

/// The JSON form of an entry's `entry.json`.
enum RecoveryHeader {
    static func encode(_ entry: RecoverySummary) -> [UInt8] {
        let request: [JSONMember]
        switch entry.request {
        case .trim(let keep, let snap):
            request = [
                JSONMember("act", .text("trim")), JSONMember("keep", .integer(keep)), JSONMember("snap", .bool(snap)),
            ]
        case .delete(let scope):
            request = [JSONMember("act", .text("delete")), JSONMember("scope", .text(scope.rawValue))]
        }
        var members: [JSONMember] = [
            JSONMember("version", .integer(1)),
            JSONMember("state", .text(entry.state.rawValue)),
            JSONMember("made", .text(entry.made.iso8601)),
            JSONMember("request", .object(request)),
            JSONMember("source", .text(entry.record.source)),
            JSONMember("location", .text(entry.location)),
            JSONMember("prefix", .text(entry.prefix)),
            JSONMember("layout", .text(entry.record.layout)),
            JSONMember("kind", .text(entry.record.kind.rawValue)),
            JSONMember("key", .text(entry.record.key)),
            JSONMember("title", .text(entry.title)),
            JSONMember("dropped", .integer(entry.dropped)),
            JSONMember("unit", .text(entry.unit)),
        ]
        if let group = entry.group { members.append(JSONMember("group", .text(group))) }
        return Array(JSONValue.object(members).serialized(.pretty(indent: 2)).utf8) + [UInt8(ascii: "\n")]
    }

    /// `nil` when the bytes are no header this version understands.
    static func decode(_ bytes: [UInt8], id: String, bytesOnDisk: Int64) -> RecoverySummary? {
        guard let value = try? JSONValue.parse(bytes), value["version"]?.intValue == 1,
            let state = value["state"]?.stringValue.flatMap(RecoverySummary.State.init(rawValue:)),
            let made = value["made"]?.stringValue.flatMap(Timestamp.init(iso8601:)),
            let request = value["request"].flatMap(decodeRequest),
            let source = value["source"]?.stringValue, let location = value["location"]?.stringValue,
            let layout = value["layout"]?.stringValue,
            let kind = value["kind"]?.stringValue.flatMap(RecordKind.init(rawValue:)),
            let key = value["key"]?.stringValue
        else { return nil }
        return RecoverySummary(
            id: id, made: made, request: request,
            record: RecordID(source: source, layout: layout, kind: kind, key: key),
            title: value["title"]?.stringValue ?? "", location: location, prefix: value["prefix"]?.stringValue ?? "",
            dropped: value["dropped"]?.intValue ?? 0, unit: value["unit"]?.stringValue ?? "records",
            bytes: bytesOnDisk, state: state, group: value["group"]?.stringValue)
    }

    private static func decodeRequest(_ value: JSONValue) -> ChangeRequest? {
        switch value["act"]?.stringValue {
        case "trim":
            value["keep"]?.intValue.map { .trim(keep: $0, snap: value["snap"]?.boolValue ?? false) }
        case "delete":
            value["scope"]?.stringValue.flatMap(DeleteScope.init(rawValue:)).map { .delete($0) }
        default: nil
        }
    }
}
