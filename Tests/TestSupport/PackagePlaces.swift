import Glibc

/// Where the package's own files are while its tests run.
public enum PackagePlaces {
    public static let root: String = {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        return parts.dropLast(3).joined(separator: "/")
    }()

    /// Stores as the real tools wrote them; copy before changing.
    public static let fixtures = root + "/Tests/StoredLayoutsTests/Fixtures"

    /// The program as it was built together with the tests.
    public static let program: String = {
        #if DEBUG
            return root + "/.build/debug/ctxbrowse"
        #else
            return root + "/.build/release/ctxbrowse"
        #endif
    }()
}
