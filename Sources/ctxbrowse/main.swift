internal import BrowserProgram
internal import CommandLineTool
internal import ContextStores
internal import Glibc

switch CommandLineOptions.parse(Array(CommandLine.arguments.dropFirst())) {
case .failure(let error):
    leave(CommandLineTool.refuse(error))
case .success(let options):
    switch options.action {
    case .help, .version:
        leave(CommandLineTool.printText(options))
    case .verb(let verb):
        // A reader that goes and a file that may grow no more are errors of a
        // write, so that a change under way is brought to its end.
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        let interruption = Interruption.watch()
        let code = await CommandLineTool.run(verb, options, environment: .current, interruption: interruption)
        interruption.honour()
        leave(code)
    case .browse:
        if let code = CommandLineTool.refuseStranger(in: options, environment: .current) { leave(code) }
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        if options.isDemo { leave(browseDemo(options)) }
        let demo = DemoLibrary.Lazy()
        let code = runBrowser(BrowserOptions(options, environment: .current, demo: demo))
        demo.remove()
        leave(code)
    case .generate(let text):
        leave(
            CommandLineTool.generate(
                text, options, environment: .current, keys: browserKeyOverview(),
                browser: browserManual().map { ManualTable($0.title, $0.rows) }))
    case .keys:
        let configuration = options.readConfiguration(.current)
        let keys = browserKeys(configuration)
        print(keys.text, terminator: "")
        for problem in configuration.problems + keys.problems {
            let line = Array("ctxbrowse: \(problem)\n".utf8)
            _ = write(2, line, line.count)
        }
        leave(0)
    }
}
