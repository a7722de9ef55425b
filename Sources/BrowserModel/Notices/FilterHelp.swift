/// How filters are written, for the help of lists.
enum FilterHelp {
    static let title = "What a filter takes"

    static let rows = [
        ("refund policy", "both words, in any order, in title, id, origin, source or metadata"),
        ("Refund", "a word with a capital letter in that case only"),
        ("\"two words\"", "words as they stand"),
        ("/a.*b/", "a regular expression"),
        ("!word", "what does not hold it; ! stands before any other form too"),
        ("older:30d newer:12h", "by the last change: h, d, w, mo, y, or a date like 2025-01-31"),
        ("larger:1m smaller:20k", "by stored size"),
        ("messages:>100 tokens:<5k", "by number"),
        ("source:NAME agent: status:", "by the beginning of the name"),
    ]

    /// Some of it, for the line where a filter is typed, in shorter and shorter forms.
    static let hints = [
        "words  \"two words\"  /a.*b/  !word  older:30d  source:NAME", "words  !word  older:30d  source:NAME",
        "!word  older:30d", "",
    ]
}

/// How a search through the contents of all sources is written.
enum SearchHelp {
    static let title = "What a search takes"

    static let rows = [
        ("refund policy", "both words, in any order, in all that is stored of a record"),
        ("Refund", "a word with a capital letter in that case only"),
        ("\"two words\"", "words next to each other as they stand"),
        ("/a.*b/", "a regular expression; /\"/ is the sign \" itself"),
    ]

    static let hints = ["words  \"two words\"  /a.*b/", ""]
}
