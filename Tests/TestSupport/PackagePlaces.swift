import Glibc

/// Where the package's own files are while its tests run.
public enum PackagePlaces {
    public static let root: String = {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        return parts.dropLast(3).joined(separator: "/")
    }()

    /// Stores as the real tools wrote them; copy before changing.
    public static let fixtures = root + "/Tests/StoredLayoutsTests/Fixtures"

    /// The program, which is built beside the tests.
    public static let program: String = {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let path = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
        return path.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/ctxbrowse"
    }()
}
