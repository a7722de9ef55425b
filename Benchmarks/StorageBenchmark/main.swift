// Measures the library alone; prints one JSON object of seconds and bytes.
internal import Glibc

func complain(_ sentence: String) {
    let line = Array((sentence + "\n").utf8)
    write(STDERR_FILENO, line, line.count)
}

let arguments = Array(CommandLine.arguments.dropFirst())
do {
    switch arguments.first {
    case "outline" where arguments.count == 2:
        try await OutlineMeasurement.run(path: arguments[1])
    case "pages" where arguments.count == 3:
        try await PagesMeasurement.run(path: arguments[1], limit: Int(arguments[2]) ?? 100)
    case "ids" where arguments.count == 2:
        try await IdsMeasurement.run(location: arguments[1])
    case "trim" where arguments.count == 5:
        try await TrimMeasurement.run(
            path: arguments[1], thread: arguments[2], keep: Int(arguments[3]) ?? 0, stateDirectory: arguments[4])
    default:
        complain(
            "usage: StorageBenchmark outline FILE | pages DATABASE LIMIT | ids LOCATION | trim DATABASE THREAD KEEP STATE"
        )
        exit(2)
    }
} catch {
    complain("\(error)")
    exit(1)
}
