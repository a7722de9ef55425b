import RedisEngine
import TestSupport

extension ServerProxy {
    /// The location of the server by way of the proxy.
    func location(_ location: RedisLocation) -> RedisLocation {
        var location = location
        location.address = .tcp(host: "127.0.0.1", port: port)
        return location
    }
}
