internal import ContextStores

/// Tells ids from sources.
///
/// Ids come first, and the first operand always is one. Of those that follow,
/// the first one that names a source (an existing path, a location such as
/// `sqlite:PATH`, a configured name, or anything written as a path: `/x`,
/// `./x`, `../x`, `~/x`) and all after it are sources. Between two `--` stand
/// ids whatever they look like, and after the second one sources.
struct OperandSorting: Sendable {
    /// Whether the word names an existing path or a configured source.
    let isKnownSource: @Sendable (String) -> Bool

    struct Sorted: Hashable {
        var ids: [String]
        var sources: [String]
    }

    func sort(_ words: OperandWords, for operands: Verb.Operands) -> Sorted {
        switch operands {
        case .sources:
            return Sorted(ids: [], sources: words.all)
        case .optional:
            let all = words.all
            let first = all.prefix(1).filter { !namesSource($0) }
            return Sorted(ids: Array(first), sources: Array(all.dropFirst(first.count)))
        case .one:
            let all = words.all
            return Sorted(ids: Array(all.prefix(1)), sources: Array(all.dropFirst()))
        case .many:
            if let trailing = words.trailing {
                return Sorted(ids: words.plain + (words.literal ?? []), sources: trailing)
            }
            let all = words.all
            let rest = all.dropFirst()
            let cut = rest.firstIndex(where: namesSource) ?? all.endIndex
            return Sorted(ids: Array(all[..<cut]), sources: Array(all[cut...]))
        }
    }

    /// Whether a word is taken for a source where one may stand.
    func namesSource(_ word: String) -> Bool {
        Self.looksLikePath(word) || Self.looksLikeLocation(word) || isKnownSource(word)
    }

    static func looksLikePath(_ word: String) -> Bool {
        word == "." || word == ".." || ["/", "./", "../", "~/"].contains { word.hasPrefix($0) }
    }

    static func looksLikeLocation(_ word: String) -> Bool {
        StoreLocation.looksLikeSource(word)
    }
}
