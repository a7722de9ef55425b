public import ContextStores
public import StoredRecords
internal import TerminalSurface

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

    /// Prints what `--generate` asks for.
    ///
    /// - Parameters:
    ///   - keys: the browser's short table of keys, in Markdown.
    ///   - browser: the tables of the manual that tell of the browser.
    public static func generate(
        _ text: GeneratedText, _ options: CommandLineOptions, environment: ProcessEnvironment, keys: String,
        browser: [ManualTable]
    ) -> Int32 {
        let console = Console()
        switch text {
        case .man: console.output.write(ManPage(browser: browser).text)
        case .bash: console.output.write(BashCompletion.text)
        case .zsh: console.output.write(ZshCompletion.text)
        case .fish: console.output.write(FishCompletion.text)
        case .keyTable: console.output.write(keys)
        case .sourceNames:
            let configuration = Configuration.read(
                options.configuration ?? environment.configurationFile, isRequired: false, environment: environment)
            // A shell gets one a line: a name that would be several, or act on a terminal, is left out.
            for source in configuration.sources where Sanitizer.visible(source.name) == source.name {
                console.output.write(line: source.name)
            }
        }
        return finish(console, .done)
    }

    /// Says what is wrong with a command line.
    public static func refuse(_ error: UsageError) -> Int32 {
        let sentence = error.description
        Console().complain(sentence.hasSuffix("?") ? sentence : "\(sentence); ctxbrowse --help shows the usage")
        return ExitCode.wrongUsage.rawValue
    }

    /// Refuses a command line that would open the browser on a word which is
    /// neither a verb nor names a source, and returns the exit code; `nil`
    /// when there is none. A path is left to the browser, which opens the
    /// other sources all the same.
    public static func refuseStranger(in options: CommandLineOptions, environment: ProcessEnvironment) -> Int32? {
        let words = options.operands.plain.filter { !$0.contains("/") && !$0.contains(":") }
        guard options.action == .browse, !words.isEmpty else { return nil }
        let configuration = Configuration.read(
            options.configuration ?? environment.configurationFile, isRequired: false, environment: environment)
        let stranger = words.first {
            !SourceResolution.isSource($0, configuration: configuration, environment: environment)
        }
        guard let stranger else { return nil }
        let known = Verb.allCases.map(\.rawValue) + configuration.sources.map(\.name)
        let suggestion = Suggestion.clause(for: stranger, among: known)
        let sentence = "there is no verb, source, file or directory '\(stranger)'\(suggestion)"
        if !suggestion.isEmpty { return refuse(UsageError(sentence)) }
        Console().complain(sentence)
        return ExitCode.notFound.rawValue
    }

    /// Says what failed before anything could be done.
    public static func refuse(_ error: StorageError) -> Int32 {
        let failure = Failure(error)
        Console().complain(failure.sentence)
        return failure.code.rawValue
    }

    /// Carries out a verb and returns the program's exit code.
    public static func run(
        _ verb: Verb, _ options: CommandLineOptions, environment: ProcessEnvironment, interruption: Interruption
    ) async -> Int32 {
        let console = Console()
        do throws(Failure) {
            let session = try Session(
                options, verb: verb, environment: environment, console: console, interruption: interruption)
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
