internal import EngineCore
internal import StoredRecords

/// The SQL that finds the next threads of a list in its order.
///
/// MemexLLM's tables have no index on times. A page is found in one pass over
/// the times, without the rows' other columns; a bound got from rows stored
/// near the page's beginning keeps almost all rows out of the sort.
struct ThreadSelection: Sendable {
    let tables: MemexTables
    let sort: RecordSort
    /// Whether threads come in the list's order rather than from its end.
    let isForward: Bool
    /// The place they come behind, in that direction.
    let start: ThreadPlace?
    /// Whether some threads have NULL for an id, which an index range passes over.
    let hasMissingIDs: Bool

    /// How the three things a place is made of are named, and where they come from.
    struct Names: Sendable {
        var prefix = ""
        var from: String
        var identity: String
        var value: String
        var id: String
    }

    var names: Names {
        let id = tables.dialect.quote("id")
        let idOrder = tables.threadIDOrder
        var names = Names(from: tables.threadTable, identity: tables.threadOrder, value: idOrder, id: idOrder)
        switch sort.field {
        case .updated: names.value = time("updated_at")
        case .created: names.value = time("created_at")
        case .messages:
            let threadID = tables.dialect.quote("thread_id")
            names.prefix = """
                WITH counted AS MATERIALIZED (SELECT \(threadID) AS i, count(*) AS n FROM \(tables.messageTable) \
                GROUP BY \(threadID)), listed AS MATERIALIZED (SELECT t.\(tables.threadOrder) AS k, \
                COALESCE(counted.n, 0) AS v, t.\(idOrder) AS i FROM \(tables.threadTable) AS t \
                LEFT JOIN counted ON counted.i = t.\(id)) \

                """
            names.from = "listed AS l"
            (names.identity, names.value, names.id) = ("l.k", "l.v", "l.i")
        default: break
        }
        return names
    }

    /// A time as text, whatever type is stored.
    ///
    /// The tables declare times as TIMESTAMP, to which SQLite gives numeric
    /// affinity: compared as it is, each value would be tried as a number.
    private func time(_ column: String) -> String {
        guard tables.threads.hasColumns([column]) else { return "NULL" }
        return tables.dialect.byteOrdered("CAST(\(tables.dialect.quote(column)) AS TEXT)")
    }

    // MARK: Statements

    /// Identity, value and id of the next threads.
    /// - Parameter bound: a value that only threads on one side of can be among them.
    func places(limit: Int, offset: Int = 0, bound: StoredValue? = nil) -> SQLStatement {
        let names = names
        var conditions = beyondStart
        if let bound { conditions.append(isWithin(bound)) }
        var statement =
            "\(names.prefix)SELECT \(names.identity), \(names.value), \(names.id) FROM \(names.from)"
            + Self.whereAll(conditions) + " ORDER BY \(order) LIMIT ?"
        statement.values.append(.integer(Int64(limit)))
        if offset > 0 { statement = statement + SQLStatement(" OFFSET ?", [.integer(Int64(offset))]) }
        return statement
    }

    /// The value that at least `count` threads of those stored next to the
    /// beginning reach; empty when there are not so many. `nil` where it would not help.
    ///
    /// MemexLLM stores a thread anew at each save, so that rows stored last
    /// are nearly always those updated last. Where they are not, the page is
    /// the same and only takes longer.
    func boundStatement(count: Int) -> SQLStatement? {
        guard sort.field == .updated || sort.field == .created, tables.hasRowIdentity(tables.threads),
            start?.value.isNull != true
        else { return nil }
        let names = names
        var conditions = beyondStart + [SQLStatement("\(names.value) IS NOT NULL")]
        if let identity = start?.identity, identity.integer != nil {
            conditions.append(SQLStatement("\(names.identity) \(takesGreatest ? "<" : ">") ?", [identity]))
        }
        let direction = takesGreatest ? "DESC" : "ASC"
        var statement =
            "SELECT s.v FROM (SELECT \(names.value) AS v FROM \(names.from)" + Self.whereAll(conditions)
            + " ORDER BY \(names.identity) \(direction) LIMIT ?) AS s ORDER BY s.v \(direction) LIMIT 1 OFFSET ?"
        statement.values += [.integer(Int64(max(2000, count * 20))), .integer(Int64(count - 1))]
        return statement
    }

    /// Whole rows of all threads behind the start, with their value first, in
    /// the list's order; for those that only the caller can choose.
    /// - Parameter isOrdered: false for all rows in any order.
    func rows(isOrdered: Bool) -> SQLStatement {
        let names = names
        var from = names.from
        var list = tables.selectList(tables.threads)
        if sort.field == .messages {
            from += " JOIN \(tables.threadTable) AS t ON t.\(tables.threadIdentity) = \(names.identity)"
            list =
                "\(names.identity) AS row_identity, "
                + tables.threads.columns.map { "t.\(tables.dialect.quote($0.name))" }.joined(separator: ", ")
        }
        let statement =
            "\(names.prefix)SELECT \(names.value) AS sort_value, \(list) FROM \(from)"
            + Self.whereAll(isOrdered ? beyondStart : [])
        return isOrdered ? statement + " ORDER BY \(order)" : statement
    }

    private static func whereAll(_ conditions: [SQLStatement]) -> SQLStatement {
        guard let first = conditions.first else { return SQLStatement("") }
        return conditions.dropFirst().reduce(" WHERE " + first) { $0 + " AND " + $1 }
    }

    // MARK: Order

    /// Whether greater values come first.
    private var takesGreatest: Bool { sort.descending == isForward }

    private var order: String {
        let names = names
        let value = takesGreatest ? "\(names.value) DESC" : names.value
        // The id alone lets the database walk the index of the ids.
        if sort.field == .key && !hasMissingIDs { return value }
        let missing = "\(names.value) IS NULL\(isForward ? "" : " DESC")"
        let id = tables.dialect.nullFirst(names.id, descending: !isForward)
        return "\(missing), \(value), \(id), \(names.identity)\(isForward ? "" : " DESC")"
    }

    /// Threads behind the start in this direction; those without the value come last.
    private var beyondStart: [SQLStatement] {
        guard let start else { return [] }
        let names = names
        let value = start.value
        if value.isNull {
            let same = "(\(names.value) IS NULL AND " + isTieBroken(start, names) + ")"
            return [isForward ? same : "(\(names.value) IS NOT NULL OR " + same + ")"]
        }
        let orMissing = isForward ? " OR \(names.value) IS NULL" : ""
        let ahead = SQLStatement("\(names.value) \(takesGreatest ? "<" : ">") ?", [value])
        if sort.field == .key { return [hasMissingIDs ? "(" + ahead + "\(orMissing))" : ahead] }
        let same = SQLStatement("\(names.value) = ? AND ", [value]) + isTieBroken(start, names)
        return ["(" + ahead + " OR (" + same + ")\(orMissing))"]
    }

    /// Behind the start among threads of one value: by id, NULL before any
    /// other, then by what names the row.
    private func isTieBroken(_ start: ThreadPlace, _ names: Names) -> SQLStatement {
        guard start.id.isNull else {
            return isForward
                ? SQLStatement("\(names.id) > ?", [start.id])
                : SQLStatement("(\(names.id) < ? OR \(names.id) IS NULL)", [start.id])
        }
        // An orphan has no row and stands before every row of its id.
        if start.identity.isNull { return SQLStatement(isForward ? "1 = 1" : "1 = 0") }
        return isForward
            ? SQLStatement("(\(names.id) IS NOT NULL OR \(names.identity) > ?)", [start.identity])
            : SQLStatement("(\(names.id) IS NULL AND \(names.identity) < ?)", [start.identity])
    }

    private func isWithin(_ bound: StoredValue) -> SQLStatement {
        let names = names
        let compared = SQLStatement("\(names.value) \(takesGreatest ? ">=" : "<=") ?", [bound])
        return isForward ? compared : "(" + compared + " OR \(names.value) IS NULL)"
    }
}
