/// Keys of a mode that do nothing on a screen, for reasons that many of them share.
///
/// A key that waits for something of its own, as `n` for a search, stays where it is explained.
struct IdleKeys {
    struct Group {
        var reason: String
        var bindings: [KeyBinding]
    }

    /// Keys that share a reason before they are put together.
    private static let many = 3

    let groups: [Group]
    private let held: Set<KeyBinding>

    init(_ bindings: [KeyBinding], reason: (Command) -> String?) {
        var groups: [Group] = []
        for binding in bindings {
            guard let reason = reason(binding.command) else { continue }
            if let index = groups.firstIndex(where: { $0.reason == reason }) {
                groups[index].bindings.append(binding)
            } else {
                groups.append(Group(reason: reason, bindings: [binding]))
            }
        }
        self.groups = groups.filter { $0.bindings.count >= Self.many }
        held = Set(self.groups.flatMap(\.bindings))
    }

    func holds(_ binding: KeyBinding) -> Bool { held.contains(binding) }
}
