internal import EngineCore
internal import StoredRecords

/// Deletes of whole rows; each act is one transaction, so that a crash leaves
/// all of it or nothing.
extension IndexRows {
    private static let hashFact = "hash"
    private static let identityFact = "identity"
    private static let nameFact = "name"

    func deletion(of entry: Entry) async throws(StorageError) -> IndexDeletion {
        guard !table.isView else {
            return IndexDeletion(basis: PlanBasis(), refusal: "\(table.name) is a view; its rows cannot be deleted")
        }
        guard let row = try await engine.query(whole(entry.address)).first else {
            throw StorageError(
                .notFound, operation: "plan a change", place: place, reason: "there is no index \(entry.key)")
        }
        var facts: [String: StoredValue] = [Self.hashFact: .text(Self.hash(row))]
        switch entry.address {
        case .identity(let number): facts[Self.identityFact] = .integer(number)
        case .name(let name): facts[Self.nameFact] = name
        }
        let (text, values) = which(entry.address)
        return IndexDeletion(
            basis: PlanBasis(facts: facts), fixUps: ["delete the row of \(table.name)"],
            refusal: try await rowsFollowing(SQLStatement(text, values)).refusal(in: engine))
    }

    /// What the database would take along with the row.
    private func rowsFollowing(_ goes: SQLStatement) async throws(StorageError) -> FollowingRows {
        try await FollowingRows(
            of: [GoingRows(table: table, condition: goes, words: "this index", isOne: true)], in: engine)
    }

    func carryOut(
        _ plan: ChangePlan, recording recorder: any RecoveryRecorder
    ) async throws(StorageError) -> ChangeOutcome {
        let operation = "delete index \(plan.target.id.key)"
        try engine.requireWritable(operation)
        let address: Address
        if let number = plan.basis.facts[Self.identityFact]?.integer {
            address = .identity(number)
        } else if let name = plan.basis.facts[Self.nameFact] {
            address = .name(name)
        } else {
            throw StorageError(
                .invalid, operation: operation, place: place, reason: "the plan names no row",
                help: "make the plan again")
        }
        let planned = plan.basis.facts[Self.hashFact]?.text
        let select = whole(address)
        let (text, values) = which(address)
        let condition = SQLStatement(text, values)
        let (changes, place) = (RowChanges(table, of: engine), place)
        let following = try await rowsFollowing(condition)
        try await engine.transaction(operation) { transaction throws(StorageError) in
            let rows = try transaction.query(select)
            guard rows.count == 1, Self.hash(rows[0]) == planned else {
                throw StorageError(
                    .conflict, operation: operation, place: place,
                    reason: rows.count > 1
                        ? "more than one row has this name" : "the row has changed since the plan was made",
                    help: "nothing was changed; look again")
            }
            if let refusal = try following.refusal(in: transaction) {
                throw StorageError(
                    .conflict, operation: operation, place: place, reason: refusal, help: "nothing was changed")
            }
            let recorded = try changes.record(where: condition, in: transaction, by: recorder)
            try recorder.seal()
            try changes.delete(where: condition, recorded: recorded, in: transaction)
        }
        return ChangeOutcome(kept: 0, dropped: plan.drops)
    }

    func settle(_ entry: any RecoveryEntry, during act: RecoveryAct) async throws(StorageError) -> Settlement {
        let row = try recorded(entry)
        let select = whole(address(of: row))
        return try await engine.settled(act) { () async throws(StorageError) in
            try await engine.query(select).contains(row) ? .notApplied : .applied
        }
    }

    func undo(_ entry: any RecoveryEntry, inexactly: Bool) async throws(StorageError) -> ChangeOutcome {
        let operation = "undo the delete of index \(entry.record.key)"
        try engine.requireWritable(operation)
        let row = try recorded(entry)
        let (changes, identity, place) = (RowChanges(table, of: engine), identity, place)
        let select = whole(address(of: row))
        let sameName = SQLStatement(
            "SELECT 1 FROM \(quoted) WHERE \(Self.nameColumn) = ? LIMIT 1", [row[Self.nameColumn] ?? .null])
        let note = try await engine.transaction(operation) { transaction throws(StorageError) -> String? in
            // An undo that was cut short after its commit.
            if try transaction.query(select).contains(row) { return "it was back already" }
            guard try transaction.query(sameName).isEmpty else {
                throw StorageError(
                    .conflict, operation: operation, place: place, reason: "there is an index of this name again",
                    help: "delete or rename it and try again; nothing was changed")
            }
            var stored = try changes.restore(row.columns, row.values, in: transaction)
            if stored == nil, inexactly, let identity {
                stored = try changes.restore(row.columns, row.values, replacing: [identity: .null], in: transaction)
            }
            guard let stored else {
                throw StorageError(
                    .conflict, operation: operation, place: place, reason: "the row's place is taken by another",
                    help: inexactly
                        ? "remove the row that has its key; nothing was changed"
                        : "an inexact undo brings the index back as a new row")
            }
            var restored = RestoredRows()
            restored.insert(stored)
            let named = MemexTables.equals(Self.nameColumn, row[Self.nameColumn] ?? .null)
            guard try changes.changed(restored, where: named, in: transaction) > 0 else { return nil }
            guard inexactly else { throw changes.changedByTrigger(of: [changes.table], operation) }
            return "a trigger of \(changes.table.name) has changed the row that went back"
        }
        return ChangeOutcome(
            kept: IndexPart.allCases.filter { !(row[Self.column($0)] ?? .null).isNull }.count, dropped: 0,
            notes: note.map { [$0] } ?? [])
    }

    /// A statement for every stored column of a row, its identity first where there is one.
    private func whole(_ address: Address) -> SQLStatement {
        let (condition, values) = which(address)
        let identity = identity.map { "\($0) AS \($0), " } ?? ""
        let columns = table.storedColumns.map { engine.dialect.quote($0.name) }.joined(separator: ", ")
        return SQLStatement("SELECT \(identity)\(columns) FROM \(quoted) WHERE \(condition)", values)
    }

    private func address(of row: Row) -> Address {
        if let identity, let number = row[identity]?.integer { return .identity(number) }
        return .name(row[Self.nameColumn] ?? .null)
    }

    private func recorded(_ entry: any RecoveryEntry) throws(StorageError) -> Row {
        for case .row(_, let columns, let values) in try entry.allItems() {
            return Row(columns: columns, values: values)
        }
        throw StorageError(
            .corrupt, operation: "read the recovery entry of index \(entry.record.key)", place: place,
            reason: "it holds no row")
    }

    private static func hash(_ row: Row) -> String {
        var hash = ContentHash()
        for value in row.values { hash.add(value) }
        return hash.text
    }
}
