internal import BrowserProgram
internal import CommandLineTool
internal import ContextStores
internal import DemoStores
internal import Glibc
internal import StoredLayouts
internal import StoredRecords
internal import Synchronization

/// The demo stores in a directory that lasts as long as the program.
struct DemoLibrary: Sendable {
    let directory: String

    /// Makes the directory, for this user's eyes only.
    init() throws(StorageError) {
        let base = ProcessEnvironment.current.value("TMPDIR") ?? "/tmp"
        var template = Array("\(base)/ctxbrowse-demo-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw StorageError(
                .failed, operation: "make a directory for the demo", place: base,
                reason: String(cString: strerror(errno)), help: "set TMPDIR to a directory that can be written")
        }
        directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Writes the stores and makes the library over them and the named
    /// sources, with a recovery journal of its own.
    func open(beside sources: [String], isReadOnly: Bool) async throws(StorageError) -> OpenedLibrary {
        let clock = Clock.system
        var environment = ProcessEnvironment.current
        environment.variables["XDG_STATE_HOME"] = directory + "/state"
        let locations = try await DemoStores.write(into: directory, now: clock.now())
        let configuration = Configuration()
        let resolution = SourceResolution.resolve(
            arguments: locations + ["memory:"] + sources, configuration: configuration, environment: environment,
            readOnly: isReadOnly)
        let library = StoreLibrary(
            specs: resolution.specs, stateDirectory: environment.stateDirectory, limits: configuration.recovery,
            clock: clock
        ) { spec async throws(StorageError) in
            guard spec.location == .memory else { return try await OpenSource.open(spec, clock: clock) }
            let connection = try await StoreConnection.open("memory:")
            try await DemoStores.fill(connection, now: clock.now())
            return try await OpenSource.open(spec, engine: "memory", accesses: connection.accesses, clock: clock)
        }
        return .stores(
            library, resolution, configuration: configuration, environment: environment, isReadOnly: isReadOnly)
    }

    func remove() { Self.remove(directory) }

    /// A demo that is made when it is asked for.
    final class Lazy: Sendable {
        private let made = Mutex<DemoLibrary?>(nil)

        func open(isReadOnly: Bool) async -> Result<OpenedLibrary, StorageError> {
            do throws(StorageError) {
                let demo = try DemoLibrary()
                if let before = made.withLock({ made in
                    defer { made = demo }
                    return made
                }) {
                    before.remove()
                }
                return .success(try await demo.open(beside: [], isReadOnly: isReadOnly))
            } catch {
                return .failure(error)
            }
        }

        /// Removes what was made.
        func remove() { made.withLock { $0 }?.remove() }
    }

    private static func remove(_ path: String) {
        if unlink(path) == 0 { return }
        guard let stream = opendir(path) else { return }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(withUnsafePointer(to: &entry.pointee.d_name.0) { String(cString: $0) })
        }
        closedir(stream)
        for name in names where name != "." && name != ".." { remove(path + "/" + name) }
        rmdir(path)
    }
}

/// Opens the browser on the demo stores, and removes them when it ends.
func browseDemo(_ options: CommandLineOptions) -> Int32 {
    do throws(StorageError) {
        let demo = try DemoLibrary()
        defer { demo.remove() }
        return runBrowser(
            BrowserOptions(
                isReadOnly: options.isReadOnly, usesColor: options.usesColor, usesMouse: options.usesMouse,
                configuration: options.readConfiguration(.current),
                script: BrowserScript(environment: .current)
            ) {
                do throws(StorageError) {
                    return .success(try await demo.open(beside: options.namedSources, isReadOnly: options.isReadOnly))
                } catch {
                    return .failure(error)
                }
            })
    } catch {
        return CommandLineTool.refuse(error)
    }
}
