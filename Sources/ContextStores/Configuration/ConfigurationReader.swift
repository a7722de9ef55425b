internal import EngineCore
internal import JSONText
internal import StoredLayouts
internal import StoredRecords

extension Configuration {
    /// Reads the file; a missing one gives an empty configuration, and
    /// whatever is wrong becomes a problem beside what could be used.
    ///
    /// - Parameter isRequired: whether a missing file is a problem, as when
    ///   the user named it.
    public static func read(
        _ path: String, isRequired: Bool, environment: ProcessEnvironment
    ) -> Configuration {
        let bytes: [UInt8]?
        do throws(StorageError) {
            bytes = try PosixFile.read(path, operation: "read the configuration")
        } catch {
            return .uncertain([error.description])
        }
        guard let bytes else {
            return isRequired ? .uncertain(["there is no configuration file \(path)"]) : Configuration()
        }
        return parse(bytes, path: path, environment: environment)
    }

    private static func uncertain(_ problems: [String]) -> Configuration {
        var configuration = Configuration(problems: problems)
        configuration.isCertainOfSources = false
        return configuration
    }

    static func parse(_ bytes: [UInt8], path: String, environment: ProcessEnvironment) -> Configuration {
        let plain = RelaxedJSON.plain(bytes)
        let root: JSONValue
        do throws(JSONError) {
            root = try JSONValue.parse(plain)
        } catch {
            return .uncertain(["\(path): \(error.description)"])
        }
        var reader = ConfigurationReader(text: plain, path: path, environment: environment)
        reader.read(root)
        return reader.result
    }
}

/// Takes the known members of the configuration one by one.
private struct ConfigurationReader {
    let text: [UInt8]
    let path: String
    let environment: ProcessEnvironment
    var result = Configuration()

    init(text: [UInt8], path: String, environment: ProcessEnvironment) {
        self.text = text
        self.path = path
        self.environment = environment
    }

    mutating func read(_ root: JSONValue) {
        guard let members = root.objectValue else {
            problem("", "expected an object with \"sources\"", [])
            return
        }
        for member in members {
            switch member.key.text {
            case "sources": readSources(member.value)
            case "theme":
                if let theme = string(member.value, ["theme"]) {
                    result.theme = theme
                    result.places["theme"] = place(["theme"])
                }
            case "keys": readKeys(member.value)
            case "columns":
                result.columns = lists(member.value, ["columns"])
                for kind in result.columns.keys { result.places["columns.\(kind)"] = place(["columns", kind]) }
            case "recovery": readRecovery(member.value)
            default:
                problem(
                    member.key.text, "unknown setting; expected sources, theme, keys, columns or recovery",
                    [member.key.text])
            }
        }
    }

    private mutating func readSources(_ value: JSONValue) {
        guard let members = value.objectValue else {
            problem("sources", "expected an object with a member for each source", ["sources"])
            return
        }
        for member in members {
            let place = ["sources", member.key.text]
            if result.sources.contains(where: { $0.name == member.key.text }) {
                problem(member.key.text, "the source is named twice; the first one holds", place)
                continue
            }
            if let location = member.value.stringValue {
                addSource(member.key.text, location, place: place) { _ in }
            } else if let settings = member.value.objectValue {
                readSource(member.key.text, settings, place)
            } else {
                problem(member.key.text, "expected a location or an object with \"location\"", place)
            }
        }
    }

    private mutating func readSource(_ name: String, _ settings: [JSONMember], _ place: [String]) {
        var location: String?
        var engine = EngineOptions()
        var layout = LayoutOptions()
        var prefix = ""
        for setting in settings {
            let here = place + [setting.key.text]
            let value = setting.value
            switch setting.key.text {
            case "location": location = string(value, here)
            case "prefix": prefix = string(value, here) ?? ""
            case "readOnly": engine.readOnly = boolean(value, here) ?? false
            case "deadline":
                if let seconds = positive(value, here) { engine.deadline = .seconds(seconds) }
            case "maxMessages": layout.maxMessages = positive(value, here)
            case "layouts":
                layout.layouts = strings(value, here)
                for name in layout.layouts where !LayoutDetection.names.contains(name) {
                    problem(name, "unknown layout; expected \(Self.alternatives(LayoutDetection.names))", here)
                }
            case "threadKeyPrefix": layout.threadKeyPrefix = string(value, here) ?? layout.threadKeyPrefix
            case "threadSetKey": layout.threadSetKey = string(value, here) ?? layout.threadSetKey
            case "indexKeyPrefix": layout.indexKeyPrefix = string(value, here) ?? layout.indexKeyPrefix
            case "tables":
                guard let tables = value.objectValue else {
                    problem(setting.key.text, "expected an object: default table name to the name used here", here)
                    continue
                }
                for table in tables {
                    guard LayoutDetection.tables.contains(table.key.text) else {
                        problem(
                            table.key.text, "unknown table; expected \(Self.alternatives(LayoutDetection.tables))",
                            here + [table.key.text])
                        continue
                    }
                    if let name = string(table.value, here + [table.key.text]) { layout.tables[table.key.text] = name }
                }
            default:
                problem(
                    setting.key.text,
                    "unknown setting; expected location, layouts, prefix, tables, threadKeyPrefix, threadSetKey, "
                        + "indexKeyPrefix, readOnly, maxMessages or deadline", here)
            }
        }
        guard let location else {
            // One that is there and wrong has been told.
            if !settings.contains(where: { $0.key.text == "location" }) {
                problem(name, "the source has no \"location\"", place)
            }
            return
        }
        addSource(name, location, place: place) { spec in
            spec.engineOptions = engine
            spec.layoutOptions = layout
            spec.prefix = prefix
        }
    }

    private mutating func addSource(
        _ name: String, _ location: String, place: [String], _ set: (inout SourceSpec) -> Void
    ) {
        guard !name.isEmpty else {
            problem(name, "a source needs a name", place)
            return
        }
        guard let expanded = expand(location, place) else { return }
        var text = expanded
        if text == "~" || text.hasPrefix("~/") { text = environment.home + text.dropFirst() }
        if let scheme = StoreLocation.foreignScheme(of: text) {
            problem(name, "nothing here can reach a \(scheme):// location", place)
            return
        }
        var spec = SourceSpec(
            name: name, location: StoreLocation(text, relativeTo: environment.currentDirectory), origin: .configured)
        set(&spec)
        result.sources.append(spec)
    }

    private mutating func readRecovery(_ value: JSONValue) {
        guard let members = value.objectValue else {
            problem("recovery", "expected an object", ["recovery"])
            return
        }
        for member in members {
            let here = ["recovery", member.key.text]
            switch member.key.text {
            case "maxBytes":
                if let bytes = positive(member.value, here) { result.recovery.maximumBytes = Int64(bytes) }
            case "maxEntryBytes":
                if let bytes = positive(member.value, here) { result.recovery.maximumEntryBytes = Int64(bytes) }
            case "maxAgeDays":
                if let days = positive(member.value, here) { result.recovery.maximumAgeDays = days }
            default:
                problem(member.key.text, "unknown setting; expected maxBytes, maxEntryBytes or maxAgeDays", here)
            }
        }
        result.recovery.maximumEntryBytes = min(result.recovery.maximumEntryBytes, result.recovery.maximumBytes)
    }

    /// The text with every `${NAME}` replaced by that environment variable.
    private mutating func expand(_ text: String, _ place: [String]) -> String? {
        do throws(VariableText.Problem) {
            return try VariableText.expanded(text, environment)
        } catch {
            problem(place.last ?? "", error.sentence, place)
            return nil
        }
    }

    private mutating func string(_ value: JSONValue, _ place: [String]) -> String? {
        if let text = value.stringValue { return expand(text, place) }
        problem(place.last ?? "", "expected text", place)
        return nil
    }

    private mutating func strings(_ value: JSONValue, _ place: [String]) -> [String] {
        if let text = value.stringValue { return [text] }
        guard let items = value.arrayValue else {
            problem(place.last ?? "", "expected a list of texts", place)
            return []
        }
        return items.compactMap { string($0, place) }
    }

    private mutating func lists(_ value: JSONValue, _ place: [String]) -> [String: [String]] {
        guard let members = value.objectValue else {
            problem(place.last ?? "", "expected an object", place)
            return [:]
        }
        var lists: [String: [String]] = [:]
        for member in members {
            let list = strings(member.value, place + [member.key.text])
            // What is no list was told, and is not to be taken for an empty one.
            if member.value.stringValue != nil || member.value.arrayValue != nil { lists[member.key.text] = list }
        }
        return lists
    }

    /// `{"list": {"x": "delete"}}`: a mode, a key, a command.
    private mutating func readKeys(_ value: JSONValue) {
        guard let modes = value.objectValue else {
            problem("keys", "expected an object with a member for each mode", ["keys"])
            return
        }
        for mode in modes {
            let place = ["keys", mode.key.text]
            guard let keys = mode.value.objectValue else {
                problem(mode.key.text, "expected an object: the name of a key to the name of a command", place)
                continue
            }
            for key in keys {
                let here = place + [key.key.text]
                guard let command = key.value.stringValue else {
                    problem(key.key.text, "expected the name of a command, or \"none\"", here)
                    continue
                }
                result.keys.append(
                    KeySetting(mode: mode.key.text, key: key.key.text, command: command, place: self.place(here)))
            }
        }
    }

    /// Where a member is: file, line and name.
    private func place(_ names: [String]) -> String {
        "\(path), line \(line(of: names)): \"\(names.joined(separator: "."))\""
    }

    private mutating func boolean(_ value: JSONValue, _ place: [String]) -> Bool? {
        if let flag = value.boolValue { return flag }
        problem(place.last ?? "", "expected true or false", place)
        return nil
    }

    private mutating func positive(_ value: JSONValue, _ place: [String]) -> Int? {
        if let number = value.intValue, number > 0 { return number }
        problem(place.last ?? "", "expected a whole number above 0", place)
        return nil
    }

    /// "a, b or c".
    private static func alternatives(_ names: [String]) -> String {
        names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
    }

    private mutating func problem(_ name: String, _ reason: String, _ place: [String]) {
        let member = name.isEmpty ? "" : " \"\(place.joined(separator: "."))\":"
        // A setting of an unknown name may be a mistyped "sources".
        if !["theme", "keys", "columns", "recovery"].contains(place.first) { result.isCertainOfSources = false }
        result.problems.append("\(path), line \(line(of: place)):\(member) \(reason)")
    }

    /// The line on which the member of this path begins, found by walking the names in order.
    private func line(of place: [String]) -> Int {
        var at = 0
        for name in place {
            let needle = Array("\"\(name)\"".utf8)
            guard let found = find(needle, from: at) else { break }
            at = found + needle.count
        }
        return 1 + text[..<at].count { $0 == 10 }
    }

    private func find(_ needle: [UInt8], from start: Int) -> Int? {
        guard !needle.isEmpty, text.count >= needle.count else { return nil }
        var at = start
        while at + needle.count <= text.count {
            if text[at..<at + needle.count].elementsEqual(needle) { return at }
            at += 1
        }
        return nil
    }
}
