// swift-tools-version: 6.2
import PackageDescription

/// Every target is held to the same language rules; a warning is an error so
/// that what the compiler noticed is never left for the next reader.
let rules: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

func layer(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: rules)
}

/// Fixtures are read from the checkout, not bundled: a bundle would bring Foundation in.
func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: ["TestSupport"] + dependencies, exclude: exclude, swiftSettings: rules)
}

func system(_ name: String) -> Target {
    .systemLibrary(name: name, path: "Sources/System/\(name)")
}

func cCode(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Sources/System/\(name)")
}

let package = Package(
    name: "ctxbrowse",
    products: [
        // With the modules that its interfaces speak in.
        .library(name: "ContextStores", targets: ["ContextStores", "StoredLayouts", "StoredRecords", "JSONText"]),
        .executable(name: "ctxbrowse", targets: ["ctxbrowse"]),
    ],
    targets: [
        // C modules
        system("CNcurses"),
        system("CSQLite"),
        system("CExpat"),
        system("CHiredis"),
        // Loaded when something needs them
        cCode("CLibraryLoading"),
        cCode("CPostgres", ["CLibraryLoading"]),
        cCode("CCurl", ["CLibraryLoading"]),
        cCode("CCrypto", ["CLibraryLoading"]),
        cCode("COpenSSL", ["CLibraryLoading"]),
        cCode("CMappedFile"),
        cCode("CTerminalRescue"),

        // Leaves: import nothing of ours
        layer("JSONText"),
        layer("TerminalSurface"),

        // Values
        layer("StoredRecords", ["JSONText"]),

        // Engines
        layer("EngineCore", ["StoredRecords"]),
        layer("FileEngine", ["EngineCore", "StoredRecords", "CMappedFile"]),
        layer("SQLiteEngine", ["EngineCore", "StoredRecords", "CSQLite"]),
        layer("S3Engine", ["EngineCore", "StoredRecords", "CCurl", "CCrypto", "CExpat"]),
        layer("RedisEngine", ["EngineCore", "StoredRecords", "CHiredis", "COpenSSL"]),
        layer("PostgresEngine", ["EngineCore", "StoredRecords", "CPostgres"]),

        // Layouts know what the tools stored, never where
        layer("StoredLayouts", ["EngineCore", "StoredRecords", "JSONText"]),

        // The shared library
        layer(
            "ContextStores",
            [
                "StoredLayouts", "FileEngine", "SQLiteEngine", "RedisEngine", "PostgresEngine", "S3Engine",
                "EngineCore", "StoredRecords", "JSONText",
            ]),
        layer("DemoStores", ["ContextStores", "StoredLayouts", "EngineCore", "StoredRecords", "JSONText"]),

        // Browser: pure model, pure view, one curses target
        layer("BrowserModel", ["StoredRecords", "JSONText", "TerminalSurface"]),
        layer("BrowserView", ["BrowserModel", "StoredRecords", "JSONText", "TerminalSurface"]),
        layer("NcursesTerminal", ["TerminalSurface", "CNcurses", "CTerminalRescue"]),

        // Programs
        layer(
            "BrowserProgram",
            [
                "BrowserModel", "BrowserView", "NcursesTerminal", "ContextStores", "StoredLayouts", "StoredRecords",
                "JSONText", "TerminalSurface",
            ]),
        layer("CommandLineTool", ["ContextStores", "StoredLayouts", "StoredRecords", "JSONText", "TerminalSurface"]),
        .executableTarget(
            name: "ctxbrowse",
            dependencies: [
                "BrowserProgram", "CommandLineTool", "DemoStores", "ContextStores", "StoredLayouts",
                "StoredRecords",
            ],
            swiftSettings: rules),

        // Driven by scripts/demo-on-servers
        .executableTarget(
            name: "DemoFiller", dependencies: ["DemoStores", "ContextStores", "StoredLayouts", "StoredRecords"],
            path: "scripts/DemoFiller", swiftSettings: rules),

        // Driven by Benchmarks/run
        .executableTarget(
            name: "StorageBenchmark",
            dependencies: ["ContextStores", "FileEngine", "EngineCore", "StoredRecords", "JSONText"],
            path: "Benchmarks/StorageBenchmark", swiftSettings: rules),

        // Tests
        .target(
            name: "TestSupport",
            dependencies: [
                "ContextStores", "StoredLayouts", "FileEngine", "SQLiteEngine", "PostgresEngine", "S3Engine",
                "RedisEngine", "EngineCore", "StoredRecords", "JSONText", "TerminalSurface", "CHiredis", "CPostgres",
                "CSQLite", "CPseudoTerminal",
            ],
            path: "Tests/TestSupport", swiftSettings: rules),
        tests("JSONTextTests", ["JSONText"]),
        tests("TerminalSurfaceTests", ["TerminalSurface"]),
        tests(
            "EngineConformanceTests",
            [
                "EngineCore", "FileEngine", "SQLiteEngine", "PostgresEngine", "S3Engine", "RedisEngine",
                "StoredRecords", "CPostgres",
            ]),
        tests("S3EngineTests", ["S3Engine", "EngineCore", "StoredRecords"]),
        tests(
            "StoredLayoutsTests",
            [
                "StoredLayouts", "EngineCore", "FileEngine", "SQLiteEngine", "PostgresEngine", "S3Engine",
                "RedisEngine",
                "StoredRecords", "JSONText",
            ],
            exclude: ["Fixtures"]),
        tests(
            "ContextStoresTests",
            [
                "ContextStores", "StoredLayouts", "EngineCore", "FileEngine", "SQLiteEngine", "RedisEngine",
                "StoredRecords", "JSONText",
            ]),
        .target(
            name: "BrowserTestSupport", dependencies: ["BrowserModel", "StoredRecords", "JSONText", "TerminalSurface"],
            path: "Tests/BrowserTestSupport", swiftSettings: rules),
        tests(
            "BrowserModelTests", ["BrowserTestSupport", "BrowserModel", "StoredRecords", "JSONText", "TerminalSurface"]),
        tests(
            "BrowserViewTests",
            ["BrowserTestSupport", "BrowserView", "BrowserModel", "StoredRecords", "JSONText", "TerminalSurface"],
            exclude: ["Snapshots"]),
        tests(
            "BrowserProgramTests",
            [
                "BrowserTestSupport", "BrowserProgram", "BrowserModel", "StoredRecords", "TerminalSurface",
                "ContextStores", "EngineCore",
            ]),
        // Driven by NcursesTerminalTests inside real terminals.
        .executableTarget(
            name: "TerminalProbe", dependencies: ["NcursesTerminal", "TerminalSurface", "CMappedFile"],
            path: "Tests/TerminalProbe", swiftSettings: rules),
        .target(name: "CPseudoTerminal", path: "Tests/CPseudoTerminal"),
        tests(
            "NcursesTerminalTests",
            ["NcursesTerminal", "TerminalSurface", "TerminalProbe", "CPseudoTerminal", "CNcurses"]),
        tests(
            "CommandLineTests",
            ["CommandLineTool", "ContextStores", "StoredRecords", "JSONText", "TerminalSurface"]),
        tests(
            "EndToEndTests",
            ["ContextStores", "StoredLayouts", "DemoStores", "StoredRecords", "JSONText", "TerminalSurface"]),
    ],
    swiftLanguageModes: [.v6]
)
