internal import Glibc
public import StoredLayouts
internal import StoredRecords

/// What the library takes from the process it runs in; a value, so that tests can make their own.
public struct ProcessEnvironment: Sendable {
    public var variables: [String: String]
    public var currentDirectory: String

    public init(variables: [String: String], currentDirectory: String) {
        self.variables = variables
        self.currentDirectory = currentDirectory
    }

    /// This process's own variables and directory.
    public static var current: ProcessEnvironment {
        var variables: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let pair = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 2 { variables[String(pair[0])] = String(pair[1]) }
            entry += 1
        }
        var directory = "/"
        if let path = getcwd(nil, 0) {
            directory = String(cString: path)
            free(path)
        }
        return ProcessEnvironment(variables: variables, currentDirectory: directory)
    }

    /// The variable's value; `nil` when it is unset or empty.
    public func value(_ name: String) -> String? {
        guard let value = variables[name], !value.isEmpty else { return nil }
        return value
    }

    public var home: String { value("HOME") ?? "/" }

    /// `$XDG_CONFIG_HOME/ctxbrowse/config.json`, else below `~/.config`.
    public var configurationFile: String {
        (directory("XDG_CONFIG_HOME") ?? home + "/.config") + "/ctxbrowse/config.json"
    }

    /// `$XDG_STATE_HOME/ctxbrowse`, else below `~/.local/state`.
    public var stateDirectory: String {
        (directory("XDG_STATE_HOME") ?? home + "/.local/state") + "/ctxbrowse"
    }

    /// A base directory; the specification has relative ones ignored.
    private func directory(_ name: String) -> String? {
        value(name).flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
}

extension Clock {
    /// The system's clock.
    public static let system = Clock {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int32(time.tv_nsec))
    }
}
