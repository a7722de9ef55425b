import ContextStores
import Testing

@Suite struct StoreLocationTests {
    @Test(arguments: [
        ("notes", "/home/a/notes"), ("./x/../y", "/home/a/y"), ("/var//db", "/var/db"),
        ("sqlite:m.db", "sqlite:/home/a/m.db"),
        ("memory:", "memory:"),
    ])
    func aLocationIsMadeAbsoluteByName(text: String, display: String) {
        #expect(StoreLocation(text, relativeTo: "/home/a").display == display)
    }

    @Test(arguments: [
        "postgres://ann:s3cr3t@db.example/agents", "redis://:s3cr3t@localhost:6379/0",
        "postgres://ann:s3cr3t%40@h/p@th?password=s3cr3t", "s3://bucket/p?secret=s3cr3t&endpoint=https://k:s3cr3t@h",
        "rediss://ann:s3cr3t@[::1]/1", "redis://s3cr3t@localhost", "postgres://ann:a@s3cr3t/x@h/db",
        "postgres://h/db?sslpassword=s3cr3t",
    ])
    func aServerLocationNeverShowsItsPassword(text: String) {
        let location = StoreLocation(text, relativeTo: "/")
        #expect(!location.display.contains("s3cr3t"))
        #expect(!"\(location)".contains("s3cr3t"))
        #expect(!String(reflecting: location).contains("s3cr3t"))
        var dumped = ""
        dump(location, to: &dumped)
        #expect(!dumped.contains("s3cr3t"))
    }

    @Test(arguments: [
        (
            "postgres://ann:pw@db.example:5433/agents?sslmode=require",
            "postgres://ann@db.example:5433/agents?sslmode=require"
        ),
        ("postgres://ann@db.example/agents", "postgres://ann@db.example/agents"),
        ("redis://ann:pw@h:6379/2", "redis://ann:@h:6379/2"),
        (
            "s3://bucket/a@b/?endpoint=http://127.0.0.1:9000&region=eu&path-style=true",
            "s3://bucket/a@b/?endpoint=http://127.0.0.1:9000&region=eu&path-style=true"
        ),
    ])
    func `what is shown of a server still names the place`(text: String, display: String) {
        #expect(StoreLocation(text, relativeTo: "/").display == display)
        #expect(StoreLocation(display, relativeTo: "/").display == display)
    }
}
