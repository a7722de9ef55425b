import JSONText
import TestSupport

/// A Redis keyspace with redis-py, ctxbrowse and a client without either at it.
struct RedisClientPlace {
    let place: RedisPlace
    let url: String
    let client: Client
    let program: Program

    init(_ route: RedisRoute) throws {
        place = try RedisPlace(route)
        url = "redis://\(place.address)"
        client = Client(.redis, url)
        program = try Program()
    }

    /// A string's bytes as text; `nil` where there is no key.
    func value(_ key: String) throws -> String? {
        guard case .bytes(let bytes) = try place.raw.run("GET", key) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What the client reads of a thread, without the seconds it has left.
    func thread(_ id: String) throws -> (raw: String?, isListed: Bool, life: Int?) {
        let read = try client.run("read-thread", id)
        return (read["raw"]?.stringValue, read["listed"]?.boolValue ?? false, read["ttl"]?.intValue)
    }
}
