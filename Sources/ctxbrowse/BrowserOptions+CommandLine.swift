internal import BrowserProgram
internal import CommandLineTool
internal import ContextStores

extension BrowserOptions {
    /// What a command line without a verb asks for.
    init(_ options: CommandLineOptions, environment: ProcessEnvironment, demo: DemoLibrary.Lazy) {
        let sources = options.namedSources
        let file = options.configuration ?? environment.configurationFile
        let configuration = options.readConfiguration(environment)
        let isReadOnly = options.isReadOnly || !configuration.isCertainOfSources
        self.init(
            isReadOnly: options.isReadOnly, usesColor: options.usesColor, usesMouse: options.usesMouse,
            configuration: configuration, stateDirectory: environment.stateDirectory,
            script: BrowserScript(environment: environment),
            openDemo: { await demo.open(isReadOnly: options.isReadOnly) }
        ) {
            .success(
                .stores(
                    sources, configuration: configuration, file: file, environment: environment,
                    isReadOnly: isReadOnly))
        }
    }
}

extension CommandLineOptions {
    func readConfiguration(_ environment: ProcessEnvironment) -> Configuration {
        Configuration.read(
            configuration ?? environment.configurationFile, isRequired: configuration != nil, environment: environment)
    }

    /// The sources that a command line without a verb names.
    var namedSources: [String] { operands.plain + (operands.literal ?? []) + (operands.trailing ?? []) }
}
