internal import JSONText
internal import StoredRecords
internal import TerminalSurface

extension Session {
    /// Why bytes are no session.
    public enum Unusable: Error, Sendable, Equatable {
        case damaged
        /// A newer version wrote them.
        case newer
    }

    /// The number that files of this form carry; it grows when older versions could not read them rightly.
    private static let form = 1

    // MARK: Writing

    /// The session as JSON, made for people to look at too.
    public var encoded: [UInt8] {
        var members: [(String, JSONValue)] = [("form", .integer(Self.form)), ("toured", .bool(hasToured))]
        switch tab {
        case .sources?: members.append(("tab", "sources"))
        case .records(let kind)?: members.append(("tab", .text(kind.plural)))
        case nil: break
        }
        if let scope { members.append(("scope", .text(scope))) }
        if let source { members.append(("source", .text(source))) }
        if let theme { members.append(("theme", .text(theme.rawValue))) }
        let show: [(String, JSONValue)] = [
            ("wrap", .bool(settings.wraps)), ("tools", .bool(!settings.foldsTools)),
            ("metadata", .bool(settings.showsMetadata)), ("mouse", .bool(settings.usesMouse)),
        ]
        members.append(("show", JSONValue(members: show)))
        members.append(
            (
                "sort",
                Self.byKind(lists.sorts) { sort in
                    JSONValue(members: [("by", .text(sort.field.rawValue)), ("down", .bool(sort.descending))])
                }
            ))
        members.append(("columns", Self.columns(lists.columns)))
        members.append(
            (
                "selected",
                Self.byKind(selected) { id in
                    JSONValue(members: [
                        ("source", .text(id.source)), ("layout", .text(id.layout)), ("key", .text(id.key)),
                    ])
                }
            ))
        var configured: [(String, JSONValue)] = [("columns", Self.columns(lists.configured))]
        if let configuredTheme { configured.append(("theme", .text(configuredTheme.rawValue))) }
        members.append(("configured", JSONValue(members: configured)))
        members.append(("lines", .array(lineHistory.lines.map { .text($0) })))
        members.append(("words", .array(wordHistory.lines.map { .text($0) })))
        return Array((JSONValue(members: members).serialized(.pretty(indent: 2)) + "\n").utf8)
    }

    private static func byKind<Value>(
        _ values: [RecordKind: Value], _ encode: (Value) -> JSONValue
    ) -> JSONValue {
        JSONValue(members: RecordKind.allCases.compactMap { kind in values[kind].map { (kind.plural, encode($0)) } })
    }

    private static func columns(_ columns: [RecordKind: [ListColumn]]) -> JSONValue {
        byKind(columns) { .array($0.map { .text($0.rawValue) }) }
    }

    // MARK: Reading

    /// Takes what is understood; members and words of no meaning are passed over.
    public init(_ bytes: [UInt8]) throws(Unusable) {
        guard let root = try? JSONValue.parse(bytes), let form = root["form"]?.intValue, form >= 1 else {
            throw .damaged
        }
        if form > Self.form { throw .newer }
        hasToured = root["toured"]?.boolValue ?? true
        if let word = root["tab"]?.stringValue {
            tab = word == "sources" ? .sources : RecordKind.allCases.first { $0.plural == word }.map { .records($0) }
        }
        scope = root["scope"]?.stringValue
        source = root["source"]?.stringValue
        theme = Self.theme(root["theme"])
        let show = root["show"]
        settings = ViewSettings(
            wraps: show?["wrap"]?.boolValue ?? true, foldsTools: !(show?["tools"]?.boolValue ?? false),
            showsMetadata: show?["metadata"]?.boolValue ?? false, usesMouse: show?["mouse"]?.boolValue ?? false)
        lists.sorts = Self.byKind(root["sort"]) { _, value in
            guard let field = value["by"]?.stringValue.flatMap(RecordSort.Field.init) else { return nil }
            return RecordSort(field, descending: value["down"]?.boolValue ?? false)
        }
        lists.columns = Self.columns(root["columns"])
        selected = Self.byKind(root["selected"]) { kind, value in
            guard let source = value["source"]?.stringValue, let layout = value["layout"]?.stringValue,
                let key = value["key"]?.stringValue
            else { return nil }
            return RecordID(source: source, layout: layout, kind: kind, key: key)
        }
        configuredTheme = Self.theme(root["configured"]?["theme"])
        lists.configured = Self.columns(root["configured"]?["columns"])
        lineHistory = Self.history(root["lines"])
        wordHistory = Self.history(root["words"])
    }

    /// A file that was edited by hand may hold what this program would not keep.
    private static func history(_ value: JSONValue?) -> LineHistory {
        let lines = (value?.arrayValue ?? []).compactMap(\.stringValue)
        return LineHistory(lines.filter { !LineHistory.mayHoldSecret($0) })
    }

    private static func theme(_ value: JSONValue?) -> ThemeName? {
        value?.stringValue.flatMap(ThemeName.init(rawValue:))
    }

    private static func byKind<Value>(
        _ object: JSONValue?, _ decode: (RecordKind, JSONValue) -> Value?
    ) -> [RecordKind: Value] {
        var values: [RecordKind: Value] = [:]
        for kind in RecordKind.allCases {
            if let value = object?[kind.plural] { values[kind] = decode(kind, value) }
        }
        return values
    }

    private static func columns(_ object: JSONValue?) -> [RecordKind: [ListColumn]] {
        byKind(object) { kind, value in
            let known = (value.arrayValue ?? []).compactMap { item in
                item.stringValue.flatMap(ListColumn.init(rawValue:)).flatMap { column in
                    ListColumn.all(of: kind).contains(column) ? column : nil
                }
            }
            return known.isEmpty ? nil : known
        }
    }
}
