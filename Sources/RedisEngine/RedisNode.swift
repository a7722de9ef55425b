/// The address of one server.
typealias RedisNode = RedisLocation.Address

extension RedisLocation.Address {
    /// The host, or nothing for a socket of this machine.
    var host: String {
        switch self {
        case .tcp(let host, _): host
        case .unix: ""
        }
    }
}
