import BrowserTestSupport
import StoredRecords
import Testing

@testable import BrowserModel

@Suite("Columns that the configuration names")
struct ColumnSettingTests {
    private func read(_ settings: (String, [String])...) -> Preferences {
        Preferences(
            keys: [], theme: nil,
            columns: settings.map { ColumnSetting(kind: $0.0, columns: $0.1, place: "config.json, line 3") })
    }

    @Test("They are named by the word in the heading or the menu; what a list is read by stays first")
    func names() {
        let read = read(
            ("threads", ["updated", "Title", "tokens", "tokens"]), ("index", ["synced", "key"]),
            ("artifacts", ["media type", "mime"]), ("tasks", []))
        #expect(read.problems == [])
        #expect(
            read.columns == [
                .thread: [.name, .updated, .tokens], .index: [.name, .updated], .artifact: [.name, .mime],
                .task: [.name],
            ])
    }

    @Test("What is not understood is one sentence with its place, and the rest holds")
    func problems() {
        let read = read(
            ("threads", ["colour", "tokens"]), ("talks", ["title"]), ("thread", ["id"]), ("tasks", ["messages"]))
        #expect(
            read.problems == [
                "config.json, line 3: there is no column \"colour\" of threads; there are title, agent, messages, "
                    + "tokens, updated, source, id, status, tags, size, created",
                "config.json, line 3: there is no kind \"talks\"; there are indexes, threads, artifacts, tasks, raw",
                "config.json, line 3: the columns of threads are named twice; the first ones hold",
                "config.json, line 3: there is no column \"messages\" of tasks; there are task, agent, context, "
                    + "iteration, state, expires, updated, source, id, size, created",
            ])
        #expect(read.columns == [.thread: [.name, .tokens]])
    }

    @Test("A list begins with them, the menu changes them, and Ctrl-U in it brings them back")
    func used() {
        var driver = BrowserDriver([PretendSource("a", [.thread: PretendRecords.threads("a", 3)])])
        driver.adopt(read(("threads", ["title", "messages", "id"])))
        driver.start()
        #expect(driver.state.listChoices.columns(of: .thread) == [.name, .messages, .id])
        driver.press("c", "j", "Space")
        #expect(driver.state.listChoices.columns(of: .thread) == [.name, .id])
        driver.press("Ctrl-U")
        #expect(driver.state.listChoices.columns(of: .thread) == [.name, .messages, .id])
        #expect(driver.state.listChoices.columns == [:])
    }

    @Test("A mistake is told when the browser starts")
    func told() {
        var driver = BrowserDriver([])
        driver.adopt(read(("talks", [])))
        driver.start()
        #expect(
            driver.state.history.first?.text.hasPrefix("the configuration: config.json, line 3: there is no kind")
                == true)
    }
}
