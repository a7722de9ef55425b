public import ContextStores
internal import Glibc
internal import StoredRecords

/// Keys to press without a terminal, and the size of the screen they are pressed on.
public struct BrowserScript: Sendable {
    public var text: String
    public var width: Int
    public var height: Int

    public init(_ text: String, width: Int = 80, height: Int = 24) {
        self.text = text
        self.width = width
        self.height = height
    }

    /// The script that tests name: `CTXBROWSE_SCRIPT` is a file, `CTXBROWSE_SCRIPT_SIZE` a size like `80x24`.
    public init?(environment: ProcessEnvironment) {
        guard let path = environment.value("CTXBROWSE_SCRIPT") else { return nil }
        let size = (environment.value("CTXBROWSE_SCRIPT_SIZE") ?? "80x24").split(separator: "x").compactMap { Int($0) }
        self.init(Self.read(path), width: size.first ?? 80, height: size.count > 1 ? size[1] : 24)
    }

    private static func read(_ path: String) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return ":cannot-read \(path)" }
        defer { close(file) }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = Glibc.read(file, &buffer, buffer.count), count > 0 { text += buffer.prefix(count) }
        return String(decoding: text, as: UTF8.self)
    }
}
