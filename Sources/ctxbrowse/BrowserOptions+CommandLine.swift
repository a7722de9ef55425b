internal import BrowserProgram
internal import CommandLineTool
internal import ContextStores

extension BrowserOptions {
    /// What a command line without a verb asks for.
    init(_ options: CommandLineOptions, environment: ProcessEnvironment) {
        let sources = options.namedSources
        self.init(
            isReadOnly: options.isReadOnly, usesColor: options.usesColor,
            script: BrowserScript(environment: environment)
        ) {
            let configuration = Configuration.read(
                options.configuration ?? environment.configurationFile, isRequired: options.configuration != nil,
                environment: environment)
            return .success(
                .stores(
                    sources, configuration: configuration, environment: environment,
                    isReadOnly: options.isReadOnly || !configuration.isCertainOfSources))
        }
    }
}

extension CommandLineOptions {
    /// The sources that a command line without a verb names.
    var namedSources: [String] { operands.plain + (operands.literal ?? []) + (operands.trailing ?? []) }
}
