public import StoredRecords

extension BrowserDriver {
    /// A browser that shows the one document of an artifact.
    public static func showing(_ format: RecordDocument.Format, _ text: String) -> BrowserDriver {
        var source = PretendSource(
            "a", [.artifact: .init([PretendRecords.artifact("a", "x", title: "x", type: "data")])])
        source.documents = { _ in [RecordDocument(name: "x", format: format, bytes: StoredBytes(text))] }
        var driver = BrowserDriver([source])
        driver.start()
        driver.press("3", "Enter")
        return driver
    }

    /// Searches what is shown, as a user types it.
    public mutating func search(_ text: String) {
        press("/")
        type(text)
        press("Enter")
    }
}
