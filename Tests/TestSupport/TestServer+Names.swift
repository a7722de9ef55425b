extension TestServer {
    /// Why this server, unlike others of its kind, does not keep an object of
    /// this name rightly; `nil` where it does.
    public func mismatch(_ key: [UInt8]) -> String? {
        switch self {
        case .moto where key.contains(UInt8(ascii: "\n")): "moto has no page for a path with a line feed"
        case .seaweedfs where key.contains(UInt8(ascii: "\\")): "SeaweedFS takes a backslash for a slash"
        default: nil
        }
    }
}
