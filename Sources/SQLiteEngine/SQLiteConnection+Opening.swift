internal import CSQLite
internal import EngineCore
internal import StoredRecords

/// The ways in which an engine opens its database.
extension SQLiteConnection {
    /// A connection that leaves the stored bytes and the names of the files as they are.
    static func reading(
        _ file: DatabaseFile, patience: Duration, _ operation: String
    ) throws(StorageError) -> SQLiteConnection {
        let plain = try open(file, mode: "ro", SQLITE_OPEN_READONLY, patience, operation)
        let files = WriteAheadFiles(of: file)
        // A journal beside it means a write that was not finished; a connection
        // that can write would undo it and change the file.
        guard plain.isWriteAhead, !files.areComplete, file.size("-journal") ?? 0 == 0 else {
            return try plain.prepared(operation)
        }
        let careful = try open(file, mode: "rw", SQLITE_OPEN_READWRITE, patience, operation)
        guard !careful.isReadOnly, file.hasWritableDirectory else {
            throw StorageError(
                .denied, operation: operation, place: file.path,
                reason: "the database is in write-ahead mode and its -shm file cannot be made without permission",
                help: "copy the database, with its -wal file if there is one, to a directory of your own")
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
        return connection
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
