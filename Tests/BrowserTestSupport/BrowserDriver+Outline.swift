internal import JSONText
internal import StoredRecords

extension BrowserDriver {
    static func outline(_ bytes: StoredBytes) -> JSONOutline {
        var outline = JSONOutline(bytes)
        while !outline.isFinished { outline.advance() }
        return outline
    }
}
