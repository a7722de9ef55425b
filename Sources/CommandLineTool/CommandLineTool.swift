public import ContextStores
public import StoredRecords

/// The non-interactive verbs.
public enum CommandLineTool {
    /// Prints what `--help` or `--version` asks for.
    public static func printText(_ options: CommandLineOptions) -> Int32 {
        let console = Console()
        switch options.action {
        case .help(let verb): console.output.write(HelpText.text(for: verb))
        case .version: console.output.write(line: HelpText.version)
        default: break
        }
        return finish(console, .done)
    }

    /// Says what is wrong with a command line.
    public static func refuse(_ error: UsageError) -> Int32 {
        let sentence = error.description
        Console().complain(sentence.hasSuffix("?") ? sentence : "\(sentence); ctxbrowse --help shows the usage")
        return ExitCode.wrongUsage.rawValue
    }

    /// Says what failed before anything could be done.
    public static func refuse(_ error: StorageError) -> Int32 {
        let failure = Failure(error)
        Console().complain(failure.sentence)
        return failure.code.rawValue
    }

    /// Carries out a verb and returns the program's exit code.
    public static func run(
        _ verb: Verb, _ options: CommandLineOptions, environment: ProcessEnvironment
    ) async -> Int32 {
        let console = Console()
        do throws(Failure) {
            let session = try Session(options, verb: verb, environment: environment, console: console)
            let code: ExitCode
            switch verb {
            case .sources: code = try await SourcesVerb(session).run()
            case .list: code = try await ListVerb(session).run()
            case .show: code = try await ShowVerb(session).run()
            case .search: code = try await SearchVerb(session).run()
            case .export: code = try await ExportVerb(session).run()
            case .trim, .delete: code = try await ChangeVerb(session).run()
            case .copy: code = try await CopyVerb(session).run()
            case .undo: code = try await UndoVerb(session).run()
            }
            return finish(console, code)
        } catch {
            if !error.sentence.isEmpty { console.complain(error.sentence) }
            return finish(console, error.code)
        }
    }

    private static func finish(_ console: Console, _ code: ExitCode) -> Int32 {
        do throws(Failure) {
            try console.output.finish()
            return code.rawValue
        } catch {
            console.complain(error.sentence)
            return code == .done ? error.code.rawValue : code.rawValue
        }
    }
}
