internal import StoredRecords

/// The tools that were called, for answers that name only the call.
///
/// Answers come soon after their calls, so that only the newest calls are held
/// and a thread of any length takes bounded memory.
struct CallNames: Sendable {
    private static let held = 4096

    private var names: [String: String] = [:]
    private var ids: [String] = []
    private var oldest = 0

    /// Takes in the calls of a message that is read.
    mutating func note(_ message: StoredMessage) {
        for call in message.allToolCalls {
            guard let id = call.id, !call.name.isEmpty, names.updateValue(call.name, forKey: id) == nil else {
                continue
            }
            if ids.count < Self.held {
                ids.append(id)
            } else {
                names[ids[oldest]] = nil
                ids[oldest] = id
                oldest = (oldest + 1) % Self.held
            }
        }
    }

    subscript(id: String?) -> String? { id.flatMap { names[$0] } }
}
