internal import Glibc

/// Who may do what with a file: what is kept of it beside its content.
struct FileAttributes: Equatable {
    var permissions: mode_t
    var owner: uid_t
    var group: gid_t

    /// The names under which an object of this engine has them.
    private static let modeName = "mode"
    private static let ownerName = "owner"

    init(_ status: FileStatus) {
        permissions = status.permissions
        owner = status.owner
        group = status.group
    }

    /// Those of an object that was read earlier: `mode` in octal and `owner`
    /// as `UID:GID`; `nil` where they are not of a file.
    ///
    /// Bits beyond reading, writing and executing are not given back: no file
    /// shall run with another user's rights because of what a text says.
    /// Those of a directory do not mean that.
    init?(_ attributes: [String: String], ofDirectory: Bool = false) {
        guard let mode = attributes[Self.modeName].flatMap({ mode_t($0, radix: 8) }),
            let ids = attributes[Self.ownerName]?.split(separator: ":").map({ UInt32($0) }), ids.count == 2,
            let owner = ids[0], let group = ids[1]
        else { return nil }
        permissions = mode & (ofDirectory ? 0o3777 : 0o777)
        self.owner = owner
        self.group = group
    }

    var named: [String: String] {
        let mode = String(permissions, radix: 8)
        return [
            Self.modeName: String(repeating: "0", count: max(0, 4 - mode.count)) + mode,
            Self.ownerName: "\(owner):\(group)",
        ]
    }

    /// Gives them to the open file or directory; false with `errno` set when its mode cannot be changed.
    func apply(to file: borrowing Descriptor) -> Bool {
        giveOwner(to: file)
        // A new directory has this bit from the one around it.
        let inherited = (FileStatus(of: file)?.permissions ?? 0) & S_ISGID
        let number = file.number
        return retrying({ fchmod(number, permissions | inherited) }) == 0
    }

    /// Gives the owner and group as far as the writer may.
    ///
    /// Only root may give files away; without it the writer becomes the owner,
    /// and the group, to which the owner may belong, still stays.
    func giveOwner(to file: borrowing Descriptor) {
        guard let own = FileStatus(of: file), own.owner != owner || own.group != group else { return }
        let number = file.number
        if fchown(number, owner, group) != 0 { _ = fchown(number, uid_t.max, group) }
    }
}
