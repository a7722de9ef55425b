internal import JSONText
internal import StoredRecords

/// Unfolds a topic into a conversation of a given length.
struct DemoConversation {
    struct Turn {
        var role: String
        var text: String
        var time: Timestamp
        /// On an assistant turn: the call it makes, with arguments as JSON text.
        var call: (id: String, tool: String, arguments: String)?
        /// On a tool turn: the call it answers.
        var answers: String?
    }

    private static let services = ["checkout", "ledger", "search", "Team", "media-api", "identity", "Enterprise"]
    private static let files = ["invoice", "uploader", "TokenBucket", "session", "export", "resume"]
    private static let people = ["Aylin", "Jörg", "Mei-Ling 美玲", "Tunde", "Zoë", "Łukasz"]
    private static let days = ["Monday", "Thursday", "Friday", "the 14th", "Sunday"]

    /// At least `count` turns, whole exchanges only, about two minutes apart.
    static func turns(
        of topic: DemoTopic, count: Int, from start: Timestamp, random: inout DemoRandom
    ) -> [Turn] {
        var time = start
        var turns = [Turn(role: "system", text: topic.system, time: time)]
        var exchange = 0
        while turns.count < count {
            let template = topic.exchanges[exchange % topic.exchanges.count]
            let fill = filler(&random)
            func add(_ turn: Turn) {
                time.seconds += Int64(random.number(4...200))
                time.nanoseconds = Int32(random.number(0...999_999)) * 1000
                var turn = turn
                turn.time = time
                turns.append(turn)
            }
            add(Turn(role: "user", text: fill(template.question), time: time))
            if !template.lookup.isEmpty, !topic.tool.isEmpty {
                let id = "call_" + random.hex(8)
                add(
                    Turn(
                        role: "assistant", text: "", time: time,
                        call: (id, topic.tool, fill(template.lookup))))
                add(Turn(role: "tool", text: fill(template.finding), time: time, answers: id))
            }
            add(Turn(role: "assistant", text: fill(template.answer), time: time))
            exchange += 1
        }
        return turns
    }

    private static func filler(_ random: inout DemoRandom) -> (String) -> String {
        let values = [
            ("{service}", random.pick(services)), ("{n}", String(random.number(3...97))),
            ("{file}", random.pick(files)), ("{person}", random.pick(people)), ("{day}", random.pick(days)),
        ]
        return { text in
            var text = text
            for (name, value) in values {
                text = text.split(separator: name, omittingEmptySubsequences: false).joined(separator: value)
            }
            return text
        }
    }
}
