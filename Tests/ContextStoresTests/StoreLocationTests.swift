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
        "postgres://ann:s3cr3t%40@h/p@th?password=s3cr3t", "s3://bucket/p?secret=s3cr3t&endpoint=s3cr3t",
        "rediss://ann:s3cr3t@[::1]/1",
    ])
    func aServerLocationNeverShowsItsPassword(text: String) {
        let location = StoreLocation(text, relativeTo: "/")
        #expect(!location.display.contains("s3cr3t"))
        #expect(!"\(location)".contains("s3cr3t"))
    }
}
