import BrowserModel
import Glibc
import TestSupport
import Testing

@testable import BrowserProgram

@Suite("Completing paths")
struct PathCompletionTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        for name in ["stores", "other", ".hidden"] { mkdir(directory.path + "/" + name, 0o700) }
        for name in ["store.db", "a b", "notes"] { close(creat(directory.path + "/" + name, 0o600)) }
    }

    private func choices(_ typed: String) -> PathChoices { PathCompletion.choices(for: directory.path + "/" + typed) }

    @Test("What begins so is offered in order, directories with a slash")
    func beginnings() {
        let base = directory.path + "/"
        #expect(choices("sto") == PathChoices(paths: [base + "store.db", base + "stores/"], count: 2))
        #expect(choices("a").paths == [base + "a b"])
        #expect(
            choices("").paths.map { String($0.dropFirst(base.count)) } == [
                "a b", "notes", "other/", "store.db", "stores/",
            ])
        #expect(choices(".h").paths == [base + ".hidden/"])
        #expect(choices("none") == PathChoices(paths: [], count: 0))
        #expect(choices("none/x") == PathChoices(paths: [], count: 0))
    }

    @Test("A large directory is offered in part, and its number is told")
    func large() {
        for number in 0..<300 { close(creat("\(directory.path)/other/\(number)", 0o600)) }
        let found = choices("other/")
        #expect(found.count == 300)
        #expect(found.paths.count == 200)
    }

    @Test("The user's own directory is written as it was typed")
    func home() {
        #expect(PathCompletion.choices(for: "~") == PathChoices(paths: ["~/"], count: 1))
        #expect(PathCompletion.choices(for: "~/").paths.allSatisfy { $0.hasPrefix("~/") })
    }
}
