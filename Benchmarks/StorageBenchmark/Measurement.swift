internal import Glibc

/// What is measured, by name, printed as one JSON object.
struct Measurement {
    private var values: [(name: String, value: Double)] = []

    mutating func add(_ name: String, _ value: Double) { values.append((name, value)) }

    /// Adds the seconds that `body` takes.
    mutating func time<R>(_ name: String, _ body: () async throws -> R) async rethrows -> R {
        let began = Self.now
        let result = try await body()
        add(name, Self.now - began)
        return result
    }

    func print() {
        Swift.print("{" + values.map { "\"\($0.name)\": \($0.value)" }.joined(separator: ", ") + "}")
    }

    static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// A field of /proc/self/status that the kernel gives in kB, in bytes.
    static func memory(_ field: String) -> Double {
        guard let file = fopen("/proc/self/status", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, Int32(line.count), file) != nil {
            let text = line.withUnsafeBufferPointer {
                String(decoding: $0.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
            }
            let parts = text.split(whereSeparator: \.isWhitespace)
            if parts.first == "\(field):", parts.count > 1, let value = Double(parts[1]) { return value * 1024 }
        }
        return 0
    }
}
