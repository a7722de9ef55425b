/// The three types of artifact and the file each keeps its content in.
enum LooopyContent: String, CaseIterable, Sendable {
    case file, data, dataset

    var fileName: String {
        switch self {
        case .file: "content.txt"
        case .data: "data.json"
        case .dataset: "rows.jsonl"
        }
    }
}
