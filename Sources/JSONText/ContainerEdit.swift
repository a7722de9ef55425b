/// What one splice adds to and takes out of one container.
struct ContainerEdit {
    var removals: Set<JSONPath.Component> = []
    /// New children in their order, with a key for objects.
    var additions: [(key: String?, value: [UInt8])] = []

    /// The patches that make the edit; nil when the value is not a container of the right kind.
    func patches(
        of container: JSONSpan, _ scanner: JSONScanner, _ original: UnsafeRawBufferPointer
    ) throws(JSONError) -> [Patch]? {
        let isObject = container.kind == .object
        guard container.kind.isContainer, additions.allSatisfy({ ($0.key != nil) == isObject }) else { return nil }
        let children = try scanner.children(of: container)
        let isKept = children.enumerated().map { position, child in
            guard let key = scanner.key(of: child) else { return !removals.contains(.index(position)) }
            return !removals.contains(.key(key))
        }
        var patches = removalPatches(of: container, children, isKept)
        guard !additions.isEmpty else { return patches }
        guard Set(additions.compactMap { $0.key.map(JSONPath.Component.key) }).count == additions.count || !isObject
        else {
            throw JSONError(kind: .conflictingEdits, offset: container.range.lowerBound)
        }

        var parts: [UInt8] = []
        let comma = separator(in: container, children, original)
        let lastKept = isKept.lastIndex(of: true)
        for (position, addition) in additions.enumerated() {
            if position > 0 || lastKept != nil { parts += comma }
            if let key = addition.key {
                parts += JSONString(key).quoted.utf8
                parts += colon(children, original)
            }
            parts += addition.value
        }
        if let lastKept {
            let end = children[lastKept].range.upperBound
            patches.append(Patch(end..<end, parts))
        } else if let first = children.first, let last = children.last {
            patches = [Patch(first.outer.lowerBound..<last.range.upperBound, parts)]
        } else {
            let inside = container.range.lowerBound + 1
            patches.append(Patch(inside..<inside, parts))
        }
        return patches
    }

    /// A kept child keeps the comma and white space before it; a removed one takes its own along.
    private func removalPatches(of container: JSONSpan, _ children: [JSONSpan], _ isKept: [Bool]) -> [Patch] {
        guard isKept.contains(true) else {
            let inside = container.range.lowerBound + 1..<container.range.upperBound - 1
            return children.isEmpty ? [] : [Patch(inside, [])]
        }
        var patches: [Patch] = []
        var hasKept = false
        for (position, child) in children.enumerated() {
            if isKept[position] {
                hasKept = true
            } else if hasKept {
                patches.append(Patch(children[position - 1].range.upperBound..<child.range.upperBound, []))
            } else {
                patches.append(Patch(child.outer.lowerBound..<children[position + 1].outer.lowerBound, []))
            }
        }
        return patches
    }

    /// The comma with the white space that the container has around its own commas.
    private func separator(
        in container: JSONSpan, _ children: [JSONSpan], _ original: UnsafeRawBufferPointer
    ) -> [UInt8] {
        guard let last = children.last else { return [0x2C] }
        guard children.count > 1 else {
            return [0x2C] + original[container.range.lowerBound + 1..<last.outer.lowerBound]
        }
        return Array(original[children[children.count - 2].range.upperBound..<last.outer.lowerBound])
    }

    private func colon(_ children: [JSONSpan], _ original: UnsafeRawBufferPointer) -> [UInt8] {
        guard let last = children.last, let key = last.key else { return [0x3A] }
        return Array(original[key.upperBound..<last.range.lowerBound])
    }
}
