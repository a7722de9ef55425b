import EngineCore
import StoredLayouts
import TestSupport
import Testing

@testable import ContextStores

@Suite struct ConfigurationTests {
    private let environment = ProcessEnvironment(
        variables: ["HOME": "/home/a", "DATA": "/srv/data"], currentDirectory: "/some dir")

    private func parse(_ text: String) -> Configuration {
        Configuration.parse(Array(text.utf8), path: "config.json", environment: environment)
    }

    @Test func jsonWithCommentsAndTrailingCommasIsRead() {
        let configuration = parse(
            """
            // my stores
            {
              sources: {
                'main': "~/memexllm.db", /* a file */
                work: { location: "${DATA}/agents", readOnly: true, maxMessages: +50, deadline: 0x0A,
                        layouts: ["looopy"], tables: { threads: "t2", }, },
              },
              theme: "dark",
            }
            """)
        #expect(configuration.problems == [])
        #expect(configuration.theme == "dark")
        #expect(configuration.sources.map(\.name) == ["main", "work"])
        #expect(configuration.sources[0].location == .path("/home/a/memexllm.db"))
        let work = configuration.sources[1]
        #expect(work.location == .path("/srv/data/agents"))
        #expect(work.engineOptions == EngineOptions(readOnly: true, deadline: .seconds(10)))
        #expect(work.layoutOptions == LayoutOptions(maxMessages: 50, tables: ["threads": "t2"], layouts: ["looopy"]))
    }

    @Test(arguments: [
        ("{\n  sources: {\n    a: 5,\n    b: \"x\"\n  }\n}", "line 3"),
        ("{\n  sources: {\n    a: { locations: \"x\", location: \"y\" },\n  },\n}", "line 3"),
        ("{\n  sources: { a: { location: \"x\",\n    readOnly: 1 } } }", "line 3"),
        ("{ sources: { a: \"${NOT_SET}/x\" } }", "NOT_SET is not set"),
        ("{ sources: { a: { location: \"${NOT_SET}/x\" } } }", "NOT_SET is not set"),
        ("{\n  sources: { a: {} } }", "has no \"location\""),
        (
            "{\n  sources: { a: { location: \"x\",\n    layouts: [\"bogus\"] } } }",
            "line 3: \"sources.a.layouts\": unknown layout"
        ),
        (
            "{\n  sources: { a: { location: \"x\", tables: { nope: \"x\" } } } }",
            "expected threads, messages or indexes"
        ),
        ("{\n  colour: 1 }", "unknown setting"),
        ("{\n  recovery: { maxAgeDays: 0 } }", "whole number above 0"),
        ("{\n  columns: {\n    threads: 5 } }", "line 3: \"columns.threads\": expected a list of texts"),
    ])
    func aWrongSettingIsOneSentenceWithItsLine(text: String, part: String) {
        let problems = parse(text).problems
        #expect(problems.count == 1)
        #expect(problems.first?.contains(part) == true, "\(problems)")
        #expect(problems.first?.hasPrefix("config.json") == true)
    }

    @Test func columnsAreNamedByKindAndHaveTheirPlace() {
        let configuration = parse("{\n  columns: {\n    threads: ['title', 'tokens'], tasks: 'state', index: 5 } }")
        #expect(configuration.columns == ["threads": ["title", "tokens"], "tasks": ["state"]])
        #expect(configuration.places["columns.threads"]?.contains("line 3: \"columns.threads\"") == true)
    }

    @Test func whatIsRightBesideAProblemStillHolds() {
        let configuration = parse("{ sources: { bad: 5, good: \"db\" }, theme: \"light\" }")
        #expect(configuration.sources.map(\.name) == ["good"])
        #expect(configuration.theme == "light")
        #expect(configuration.problems.count == 1)
    }

    @Test func textThatIsNoJSONIsOneProblemWithItsLine() {
        let configuration = parse("{\n \"sources\": {\n  oops\n}}")
        #expect(configuration.problems.count == 1)
        #expect(configuration.problems.first?.contains("line 3") == true, "\(configuration.problems)")
    }

    @Test func aMissingFileIsAProblemOnlyWhenItWasNamed() {
        let path = "/nonexistent/config.json"
        #expect(Configuration.read(path, isRequired: false, environment: environment).problems == [])
        #expect(Configuration.read(path, isRequired: true, environment: environment).problems.count == 1)
    }

    @Test(arguments: [
        ("'it''s'", "\"it\"\"s\""), ("'a\"b'", "\"a\\\"b\""), ("[1,]", "[1 ]"), ("[.5, 5., +1]", "[0.5, 5.0, 1]"),
        ("{a_1$:1}", "{\"a_1$\":1}"), ("\"// no comment\"", "\"// no comment\""), ("'\\x41\\v'", "\"\\u0041\\u000b\""),
    ])
    func relaxedFormsBecomePlainJSON(relaxed: String, plain: String) {
        #expect(String(decoding: RelaxedJSON.plain(Array(relaxed.utf8)), as: UTF8.self) == plain)
    }

    @Test func `a relative base directory is ignored`() {
        let environment = ProcessEnvironment(
            variables: ["HOME": "/home/a", "XDG_STATE_HOME": "state", "XDG_CONFIG_HOME": "config"],
            currentDirectory: "/tmp")
        #expect(environment.stateDirectory == "/home/a/.local/state/ctxbrowse")
        #expect(environment.configurationFile == "/home/a/.config/ctxbrowse/config.json")
    }

    @Test func `a configuration that is no regular file is a problem and is not waited for`() throws {
        let directory = try TemporaryDirectory()
        try RawFiles.makePipe(directory.path("pipe"))
        let read = Configuration.read(directory.path("pipe"), isRequired: true, environment: environment)
        #expect(read.problems.count == 1)
        #expect(read.problems.first?.contains("no regular file") == true)
        #expect(!read.isCertainOfSources)
    }
}
