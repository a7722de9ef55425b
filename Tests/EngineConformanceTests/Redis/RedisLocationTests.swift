import RedisEngine
import StoredRecords
import Testing

@Suite struct RedisLocationTests {
    @Test func `every part of a location is read`() throws {
        let location = try RedisLocation("redis://us%65r:p%40ss:w%2Frd@db.example:7000/3")
        #expect(location.address == .tcp(host: "db.example", port: 7000))
        #expect(location.user == "user")
        #expect(location.password == "p@ss:w/rd")
        #expect(location.database == 3)
        #expect(location.tls == nil)
    }

    @Test func `what is left out has its usual value`() throws {
        #expect(try RedisLocation("redis://") == RedisLocation(.tcp(host: "localhost", port: 6379)))
        #expect(try RedisLocation("redis://h/") == RedisLocation(.tcp(host: "h", port: 6379)))
        #expect(try RedisLocation("redis://:pw@h").user == nil)
        #expect(try RedisLocation("redis://:pw@h").password == "pw")
        #expect(try RedisLocation("redis://me@h").user == "me")
        #expect(try RedisLocation("REDIS://[::1]:1234/2?db=5").address == .tcp(host: "::1", port: 1234))
        #expect(try RedisLocation("redis://h/2?db=5").database == 5)
        #expect(try RedisLocation("rediss://h").tls == RedisTLS())
        #expect(try RedisLocation("redis://h?password=a%26b").password == "a&b")
    }

    @Test func `a unix socket is a path with its database behind it`() throws {
        for scheme in ["unix", "redis+unix"] {
            let location = try RedisLocation("\(scheme)://u:p@/run/a%20b@c/redis.sock?db=4")
            #expect(location.address == .unix(path: "/run/a b@c/redis.sock"))
            #expect(location.database == 4)
            #expect(location.user == "u")
            #expect(location.description == "unix:///run/a b@c/redis.sock?db=4")
        }
    }

    @Test func `the files of an encrypted connection have two spellings`() throws {
        let tls = RedisTLS(authorityFile: "/ca", certificateFile: "/crt", keyFile: "/key", serverName: "n")
        #expect(try RedisLocation("rediss://h?ca=/ca&cert=/crt&key=/key&name=n").tls == tls)
        #expect(
            try RedisLocation("rediss://h?ssl_ca_certs=/ca&ssl_certfile=/crt&ssl_keyfile=%2Fkey&name=n").tls == tls)
        #expect(try RedisLocation("rediss://h?ssl_cert_reqs=required").tls == RedisTLS())
    }

    @Test(arguments: [
        "redis:/secret@h", "http://secret@h", "redis://secret@h:0", "redis://secret@h:70000", "redis://secret@h:x",
        "redis://secret@h/db", "redis://secret@h/-1", "redis://secret@[::1", "redis://secret@[::1]x",
        "redis://secret%4@h", "redis://secret%FF@h", "redis://secret%00@h", "redis://secret@h?nonsense=1",
        "redis://secret@h?ca=/x", "rediss://secret@h?ssl_cert_reqs=none", "rediss://secret@h?ssl_check_hostname=false",
        "unix://secret@", "unix://secret@host/path", "unix:///", "secret",
    ])
    func `a wrong location is refused without being repeated`(url: String) throws {
        let error = try #require(throws: StorageError.self) { try RedisLocation(url) }
        #expect(error.kind == .invalid)
        #expect(!error.description.contains("secret"))
    }

    @Test func `no form of a location shows who speaks`() throws {
        let location = try RedisLocation("rediss://someone:hidden@h:1/2?ca=/x")
        var dumped = ""
        dump(location, to: &dumped)
        for text in ["\(location)", String(reflecting: location), "\([location])", dumped] {
            #expect(!text.contains("hidden") && !text.contains("someone"), "\(text)")
        }
        #expect(location.description == "rediss://h:1/2")
        #expect(try RedisLocation("redis://[::1]:5/0").description == "redis://[::1]:5/0")
    }
}
