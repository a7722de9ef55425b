internal import CHiredis
internal import Glibc
internal import StoredRecords

/// Takes the server's bytes and hands out whole replies, by hiredis's parser.
final class ReplyReader {
    /// A string from this size on keeps the memory it was parsed into.
    private static let sizeWorthKeeping = 1 << 16

    private let reader: UnsafeMutablePointer<redisReader>

    /// `nil` when there is no memory.
    init?() {
        guard let reader = redisReaderCreate() else { return nil }
        self.reader = reader
    }

    deinit { redisReaderFree(reader) }

    /// False when the bytes are not what the protocol allows or no memory is left.
    func feed(_ bytes: UnsafeRawBufferPointer) -> Bool {
        redisReaderFeed(reader, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count) == REDIS_OK
    }

    enum Next {
        case reply(RedisReply)
        case incomplete
        /// The bytes are not Redis's protocol.
        case garbled
    }

    func next() -> Next {
        var parsed: UnsafeMutableRawPointer?
        guard redisReaderGetReply(reader, &parsed) == REDIS_OK else { return .garbled }
        guard let parsed else { return .incomplete }
        let reply = parsed.assumingMemoryBound(to: redisReply.self)
        return .reply(Self.take(reply))
    }

    /// Makes a value of a parsed reply and gives its memory back.
    private static func take(_ reply: UnsafeMutablePointer<redisReply>) -> RedisReply {
        let own = reply.pointee
        if own.type == REDIS_REPLY_STRING, own.len >= sizeWorthKeeping, let text = own.str {
            let address = UInt(bitPattern: reply)
            return .string(
                StoredBytes(mapping: UnsafeRawBufferPointer(start: text, count: Int(own.len))) { _ in
                    freeReplyObject(UnsafeMutableRawPointer(bitPattern: address))
                })
        }
        defer { freeReplyObject(reply) }
        switch own.type {
        case REDIS_REPLY_INTEGER: return .integer(own.integer)
        case REDIS_REPLY_STRING:
            return .string(StoredBytes(Array(UnsafeRawBufferPointer(start: own.str, count: Int(own.len)))))
        case REDIS_REPLY_STATUS: return .status(text(own))
        case REDIS_REPLY_ERROR: return .error(RedisServerError(text(own)))
        case REDIS_REPLY_ARRAY:
            var elements: [RedisReply] = []
            elements.reserveCapacity(Int(own.elements))
            for index in 0..<Int(own.elements) {
                guard let element = own.element[index] else { continue }
                // The element is given back on its own.
                own.element[index] = nil
                elements.append(take(element))
            }
            return .array(elements)
        default: return .null
        }
    }

    private static func text(_ reply: redisReply) -> String {
        String(decoding: UnsafeRawBufferPointer(start: reply.str, count: Int(reply.len)), as: UTF8.self)
    }
}
