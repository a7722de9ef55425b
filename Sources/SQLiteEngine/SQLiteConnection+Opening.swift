internal import CSQLite
internal import EngineCore
internal import Glibc
internal import StoredRecords

/// The ways in which an engine opens its database.
extension SQLiteConnection {
    /// A connection that leaves the stored bytes and the names of the files as they are.
    ///
    /// The file is read and not mapped (`mmap_size`): a scan gains a tenth to a
    /// fifth by mapping, and a file that another program cuts short would end
    /// this one.
    static func reading(
        _ file: DatabaseFile, patience: Duration, _ operation: String
    ) throws(StorageError) -> SQLiteConnection {
        let plain = try open(file, mode: "ro", SQLITE_OPEN_READONLY, patience, operation)
        guard let state = try file.state(operation) else {
            throw SQLiteFailure(code: SQLITE_CANTOPEN, systemError: ENOENT).error(operation, place: file.path)
        }
        let files = WriteAheadFiles.found(beside: file, state)
        // A journal beside it means a write that was not finished; a connection
        // that can write would undo it and change the file.
        guard plain.isWriteAhead, !files.areComplete, file.size("-journal") ?? 0 == 0 else {
            plain.writeAheadFiles = files
            return try plain.prepared(operation)
        }
        let careful = try open(file, mode: "rw", SQLITE_OPEN_READWRITE, patience, operation)
        guard !careful.isReadOnly, file.hasWritableDirectory else {
            return try plain.snapshot(of: file, patience, operation).prepared(operation)
        }
        careful.writeAheadFiles = files
        return try careful.prepared(operation)
    }

    /// A connection that changes the database.
    static func writing(
        _ file: DatabaseFile, patience: Duration, _ operation: String
    ) throws(StorageError) -> SQLiteConnection {
        let connection = try open(file, mode: "rw", SQLITE_OPEN_READWRITE, patience, operation)
        if connection.isReadOnly {
            throw SQLiteFailure(code: SQLITE_READONLY).error(operation, place: file.path)
        }
        try connection.run("PRAGMA foreign_keys = ON", operation)
        // In KiB. Changed pages that do not fit are written and synchronised in
        // the middle of the transaction, and read again by it.
        try connection.run("PRAGMA cache_size = -16384", operation)
        return connection
    }

    /// Lets SQLite take back what a stopped program left half written, as the
    /// next program that opens the database for writing would.
    ///
    /// SQLite's locks tell such a journal from one that is being written. What
    /// fails here fails again, with its reason, where the database is read.
    static func takeBackUnfinishedWrite(to file: DatabaseFile, _ operation: String) {
        guard file.size("-journal") ?? 0 > 0,
            let connection = try? open(file, mode: "rw", SQLITE_OPEN_READWRITE, .zero, operation)
        else { return }
        _ = try? connection.query(SQLStatement("SELECT count(*) FROM sqlite_schema"), operation)
    }

    /// Makes an empty database where there is no file.
    static func create(_ file: DatabaseFile, patience: Duration, _ operation: String) throws(StorageError) {
        _ = try open(file, mode: "rwc", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, patience, operation)
    }

    static func inMemory(patience: Duration, _ operation: String) throws(StorageError) -> SQLiteConnection {
        let connection = try SQLiteConnection(
            name: ":memory:", flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY,
            place: ":memory:", patience: patience, operation)
        try connection.run("PRAGMA foreign_keys = ON", operation)
        return connection
    }

    /// A copy in memory of a database in write-ahead mode whose log is empty.
    ///
    /// The way to read it without the permission to make its `-shm` file. All
    /// of it is in the main file then; the copy says that it is in the older
    /// journal mode, which needs no second file to read.
    private func snapshot(
        of file: DatabaseFile, _ patience: Duration, _ operation: String
    ) throws(StorageError) -> SQLiteConnection {
        let refusal = StorageError(
            .denied, operation: operation, place: file.path,
            reason: "the database is in write-ahead mode and its -shm file cannot be made without permission",
            help: "copy the database, with its -wal file if there is one, to a directory of your own")
        guard let before = try file.state(operation), before.size <= Self.largestSnapshot, before.size >= 100,
            file.size("-wal") ?? 0 == 0
        else { throw refusal }
        let copy = try SQLiteConnection(
            name: ":memory:", flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY, place: file.path,
            patience: patience, operation)
        guard let memory = sqlite3_malloc64(sqlite3_uint64(before.size)) else {
            throw SQLiteFailure(code: SQLITE_NOMEM).error(operation, place: file.path)
        }
        // From here on SQLite owns the memory, also when a step fails.
        let taken = sqlite3_deserialize(
            copy.handle, "main", memory.assumingMemoryBound(to: UInt8.self), before.size, before.size,
            UInt32(SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY))
        try copy.check(taken, operation)
        var offset: Int64 = 0
        while offset < before.size {
            let count = min(before.size - offset, 1 << 20)
            try check(ctx_sqlite_read_file(handle, memory + Int(offset), Int32(count), offset), operation)
            offset += count
        }
        memory.storeBytes(of: 1, toByteOffset: 18, as: UInt8.self)
        memory.storeBytes(of: 1, toByteOffset: 19, as: UInt8.self)
        guard try file.state(operation) == before, file.size("-wal") ?? 0 == 0 else {
            throw SQLiteFailure(code: SQLITE_BUSY).error(operation, place: file.path)
        }
        copy.isSnapshot = true
        return copy
    }

    /// A larger copy would take more memory than reading it may cost.
    private static let largestSnapshot: Int64 = 1 << 30

    private static func open(
        _ file: DatabaseFile, mode: String, _ flags: Int32, _ patience: Duration, _ operation: String
    ) throws(StorageError) -> SQLiteConnection {
        try SQLiteConnection(
            name: file.uri(mode: mode), flags: flags | SQLITE_OPEN_URI, place: file.path, patience: patience,
            operation)
    }

    /// The settings of a reading connection, and a first look at the schema,
    /// which fails now where the file is no database.
    private func prepared(_ operation: String) throws(StorageError) -> SQLiteConnection {
        try run("PRAGMA query_only = ON", operation)
        _ = try query(SQLStatement("SELECT count(*) FROM sqlite_schema"), operation)
        return self
    }
}
