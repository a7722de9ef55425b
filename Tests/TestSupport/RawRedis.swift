import CHiredis
import Synchronization

/// A Redis client of the tests' own, which knows nothing of the engine: hiredis as it comes.
public final class RawRedis: @unchecked Sendable {
    // The contexts are used under `lock` alone.
    private let lock = Mutex(())
    private var contexts: [String: UnsafeMutablePointer<redisContext>] = [:]
    /// `HOST:PORT` of the server that is asked first.
    public let address: String
    private let database: Int

    public enum Reply: Sendable, Hashable {
        case text(String)
        case bytes([UInt8])
        case integer(Int64)
        case array([Reply])
        case null
        case error(String)
    }

    /// - Parameter address: `HOST:PORT`.
    public init(address: String, database: Int = 0) {
        self.address = address
        self.database = database
    }

    deinit { for context in contexts.values { redisFree(context) } }

    /// Host and port of `redis://HOST:PORT/DB`.
    public static func address(_ url: String) -> String {
        let rest = url.split(separator: "/").dropFirst().first ?? ""
        return String(rest.split(separator: "@").last ?? rest)
    }

    @discardableResult
    public func run(_ words: String...) throws -> Reply { try run(words.map { Array($0.utf8) }) }

    /// Runs one command, on the server that a cluster sends it to.
    @discardableResult
    public func run(_ words: [[UInt8]]) throws -> Reply {
        try lock.withLock { _ in
            var address = address
            var isAsked = false
            for _ in 0..<10 {
                if isAsked { _ = try send([Array("ASKING".utf8)], to: address) }
                let reply = try send(words, to: address)
                isAsked = false
                guard case .error(let text) = reply, text.hasPrefix("MOVED ") || text.hasPrefix("ASK ") else {
                    if case .error(let text) = reply { throw RawRedisFailure(description: text) }
                    return reply
                }
                address = String(text.split(separator: " ")[2])
                isAsked = text.hasPrefix("ASK ")
            }
            throw RawRedisFailure(description: "sent on too often")
        }
    }

    /// Runs one command on the server at `address`; an error is a reply.
    public func run(_ words: [String], at address: String) throws -> Reply {
        try lock.withLock { _ in try send(words.map { Array($0.utf8) }, to: address) }
    }

    /// The address of each primary server, in the order of their slots.
    public func primaries() throws -> [String] {
        guard
            case .array(let entries) = try lock.withLock({ _ in
                try send([Array("CLUSTER".utf8), Array("SLOTS".utf8)], to: address)
            })
        else { return [address] }
        var found: [(Int64, String)] = []
        for case .array(let entry) in entries {
            guard case .integer(let slot) = entry[0], case .array(let server) = entry[2],
                case .bytes(let host) = server[0], case .integer(let port) = server[1]
            else { continue }
            found.append((slot, "\(String(decoding: host, as: UTF8.self)):\(port)"))
        }
        return found.sorted { $0.0 < $1.0 }.map(\.1)
    }

    private func send(_ words: [[UInt8]], to address: String) throws -> Reply {
        let context = try context(address)
        var pointers: [UnsafeMutablePointer<CChar>] = []
        defer { for pointer in pointers { pointer.deallocate() } }
        for word in words {
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: word.count + 1)
            word.withUnsafeBytes {
                UnsafeMutableRawPointer(copy).copyMemory(from: $0.baseAddress ?? .init(copy), byteCount: word.count)
            }
            pointers.append(copy)
        }
        var arguments = pointers.map { UnsafePointer($0) as UnsafePointer<CChar>? }
        let reply = redisCommandArgv(context, Int32(words.count), &arguments, words.map(\.count))
        guard let reply else {
            contexts[address] = nil
            redisFree(context)
            throw RawRedisFailure(description: "the connection to \(address) broke")
        }
        defer { freeReplyObject(reply) }
        return Self.value(reply.assumingMemoryBound(to: redisReply.self).pointee)
    }

    private func context(_ address: String) throws -> UnsafeMutablePointer<redisContext> {
        if let context = contexts[address] { return context }
        let parts = address.split(separator: ":")
        guard parts.count == 2, let port = Int32(parts[1]), let context = redisConnect(String(parts[0]), port),
            context.pointee.err == 0
        else { throw RawRedisFailure(description: "cannot connect to \(address)") }
        contexts[address] = context
        if database != 0 { _ = try send([Array("SELECT".utf8), Array(String(database).utf8)], to: address) }
        return context
    }

    private static func value(_ reply: redisReply) -> Reply {
        let bytes = UnsafeRawBufferPointer(start: reply.str, count: reply.str == nil ? 0 : Int(reply.len))
        switch reply.type {
        case REDIS_REPLY_STRING: return .bytes(Array(bytes))
        case REDIS_REPLY_STATUS: return .text(String(decoding: bytes, as: UTF8.self))
        case REDIS_REPLY_ERROR: return .error(String(decoding: bytes, as: UTF8.self))
        case REDIS_REPLY_INTEGER: return .integer(reply.integer)
        case REDIS_REPLY_ARRAY:
            return .array((0..<Int(reply.elements)).compactMap { reply.element[$0]?.pointee }.map(value))
        default: return .null
        }
    }
}

public struct RawRedisFailure: Error, CustomStringConvertible {
    public var description: String

    public init(description: String) { self.description = description }
}
