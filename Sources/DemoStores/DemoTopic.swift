/// What a demo conversation is about: its opening, and exchanges that can be
/// repeated with other details. `{service}`, `{n}`, `{file}`, `{person}` and
/// `{day}` are filled in anew each time.
struct DemoTopic: Sendable {
    var title: String
    var system: String
    var tags: [String]
    var tool: String
    var exchanges: [DemoExchange]
}

struct DemoExchange: Sendable {
    var question: String
    /// What the assistant asks the topic's tool, as JSON arguments; empty for none.
    var lookup: String
    var finding: String
    var answer: String

    init(_ question: String, lookup: String = "", finding: String = "", _ answer: String) {
        self.question = question
        self.lookup = lookup
        self.finding = finding
        self.answer = answer
    }
}

extension DemoTopic {
    static let all: [DemoTopic] = [billing, kyoto, flakyTest, onboarding, sales, incident, cooking, review]

    static let billing = DemoTopic(
        title: "Move billing to PostgreSQL 16",
        system: "You are a careful database engineer. Prefer small, reversible steps and say what each one costs.",
        tags: ["infra", "postgres"], tool: "run_sql",
        exchanges: [
            DemoExchange(
                "Which tables of {service} would hold the longest lock if we add the column `{file}_ref`?",
                lookup:
                    #"{"statement": "SELECT relname, n_live_tup FROM pg_stat_user_tables ORDER BY 2 DESC LIMIT 3"}"#,
                finding:
                    #"[{"relname": "invoice_lines", "n_live_tup": {n}000}, {"relname": "payments", "n_live_tup": {n}00}]"#,
                "`invoice_lines` by far. Adding the column without a default only takes a short catalogue lock:\n\n```sql\nALTER TABLE invoice_lines ADD COLUMN {file}_ref bigint;\n```\n\nBackfill in batches of **{n}** rows afterwards, and add the constraint as `NOT VALID` first."
            ),
            DemoExchange(
                "How far is the backfill in {service}? {person} asks whether we can switch over on {day}.",
                lookup:
                    #"{"statement": "SELECT count(*) FILTER (WHERE migrated) * 100 / count(*) AS percent FROM invoice_lines"}"#,
                finding: #"[{"percent": {n}}]"#,
                "It stands at **{n} %** and gains about four points an hour.\n\n1. {day} is realistic if nothing else runs at night.\n2. Keep the old column for one release.\n3. Watch `pg_stat_progress_vacuum` while it runs."
            ),
            DemoExchange(
                "Replication lag on {service} went up to {n} seconds during the batch. Is that dangerous?",
                "Not by itself, but reads that must see their own writes should go to the primary until it is below one second.\n\n> Lag is a symptom here: each batch writes more WAL than the replica replays in the same time.\n\nHalve the batch size and pause for 200 ms between batches."
            ),
        ])

    static let kyoto = DemoTopic(
        title: "京都旅行 – a week in Kyoto",
        system: "You plan trips. Answer in the language of the question.",
        tags: ["travel", "日本語"], tool: "search_trains",
        exchanges: [
            DemoExchange(
                "{day}の朝、京都駅から伏見稲荷までどう行けばいいですか？",
                lookup: #"{"from": "京都", "to": "稲荷", "day": "{day}"}"#,
                finding: #"{"trains": [{"line": "JR奈良線", "minutes": 5, "yen": 150}]}"#,
                "JR奈良線の普通列車で **5分**、150円です。⛩️\n\n- 8時前なら千本鳥居はまだ静かです\n- 快速は稲荷に停まりません"
            ),
            DemoExchange(
                "And if it rains all {day}? We are {n} people, one with a wheelchair 👩🏽‍🦽.",
                "Then make it a museum day:\n\n| place | step-free | from station |\n|---|---|---|\n| 京都国立博物館 | yes | 15 min |\n| 錦市場 | yes | 4 min |\n| 京都鉄道博物館 | yes | 2 min |\n\nThe railway museum has lifts everywhere and a café with a view of the tracks. 🚂"
            ),
            DemoExchange(
                "Où peut-on manger végétarien près de Gion, pas trop cher ? Budget {n}0 ¥…",
                "Essayez un *shōjin ryōri* à midi : les mêmes cuisines, à moitié prix. Réservez pour {day}, c’est petit."
            ),
        ])

    static let flakyTest = DemoTopic(
        title: "Flaky test: test_upload_resume",
        system: "You are a senior engineer who finds the cause before proposing a fix.",
        tags: ["ci", "python"], tool: "read_file",
        exchanges: [
            DemoExchange(
                "`test_upload_resume` failed {n} times this week in {service}. Where do you look first?",
                lookup: #"{"path": "tests/{file}_test.py", "lines": "40-80"}"#,
                finding:
                    "def test_upload_resume(server, tmp_path):\n    part = server.begin(size=1 << 20)\n    time.sleep(0.1)\n    server.kill()\n    assert server.resume(part).offset == part.acked",
                "At the sleep. The test takes it for granted that 100 ms are enough for the first acknowledgement:\n\n```python\ndef test_upload_resume(server, tmp_path):\n    part = server.begin(size=1 << 20)\n    part.wait_for_ack(timeout=5)   # not a sleep\n    server.kill()\n    assert server.resume(part).offset == part.acked\n```\n\nOn a loaded runner the acknowledgement comes later, and `acked` is still 0."
            ),
            DemoExchange(
                "{person} says it also fails locally with seed {n}. Same cause?",
                "Probably another one: with that seed the part size is a multiple of the block size, so the last block is empty. Check `{file}.py` for `while remaining > 0`."
            ),
            DemoExchange(
                "Could you make the failure say what happened instead of `assert 0 == 65536`?",
                "Yes, compare the whole state:\n\n```python\nassert server.resume(part) == Resume(offset=part.acked, parts={n})\n```\n\nThe difference then shows *which* field is off."
            ),
        ])

    static let onboarding = DemoTopic(
        title: "Customer onboarding: SSO will not connect",
        system: "You are a support agent. Be brief, kind and exact. Never ask for a password.",
        tags: ["support", "sso"], tool: "lookup_account",
        exchanges: [
            DemoExchange(
                "Hi, our users get `AADSTS{n}` after the redirect. We are on the {service} plan.",
                lookup: #"{"account": "{person}", "fields": ["plan", "sso"]}"#,
                finding:
                    #"{"plan": "{service}", "sso": {"provider": "entra", "reply_url": "https://app.example/sso", "last_error": {n}}}"#,
                "That code means the reply URL differs from the one registered. Yours ends in `/sso`, the registered one in `/sso/`.\n\n1. Open the app registration\n2. Remove the slash at the end\n3. Wait a minute and sign in again"
            ),
            DemoExchange(
                "It works now! Can {person} keep the local login as a fallback until {day}?",
                "Yes. I have noted it: local login for one administrator until {day}. You will get a reminder the day before."
            ),
            DemoExchange(
                "One more: {n} users appear twice after the import.",
                lookup: #"{"account": "{person}", "fields": ["duplicates"]}"#,
                finding: #"{"duplicates": {n}, "reason": "case of e-mail"}"#,
                "They differ only in the case of the e-mail address. I can merge them; nothing they own is lost. Shall I?"
            ),
        ])

    static let sales = DemoTopic(
        title: "Quarterly sales by region",
        system: "You are data-analyst. Show how you got to every number.",
        tags: ["analysis", "q3"], tool: "query",
        exchanges: [
            DemoExchange(
                "Revenue of {service} in {day}'s report is {n} % lower than in the dashboard. Which one is right?",
                lookup: #"{"sql": "SELECT region, sum(amount) FROM sales GROUP BY region", "limit": {n}}"#,
                finding: #"{"rows": [["EMEA", 1250000.50], ["APAC", 9007199254740993], ["AMER", 870012.10]]}"#,
                "The report. The dashboard counts refunds of the previous quarter again:\n\n| region | report | dashboard |\n|---|---:|---:|\n| EMEA | 1 250 000.50 | 1 301 220.00 |\n| AMER | 870 012.10 | 899 400.35 |\n\nAPAC has one impossible amount (`9007199254740993`); I left it out and flagged it."
            ),
            DemoExchange(
                "Can you chart that by week and hand it to {person}?",
                "Done: the artifact `sales-by-week` has {n} rows; `report.md` says how they were made."
            ),
        ])

    static let incident = DemoTopic(
        title: "Incident 2291: checkout answers 502",
        system: "You keep the incident log. Times in UTC. Facts first, guesses marked.",
        tags: ["incident", "sev2"], tool: "fetch_metrics",
        exchanges: [
            DemoExchange(
                "502 on {service} since {n} minutes. What changed?",
                lookup: #"{"service": "{service}", "window": "60m", "series": ["errors", "deploys"]}"#,
                finding: #"{"deploys": [{"sha": "9f2c1e", "minutes_ago": {n}}], "errors": [0, 0, 3, 412, 1877]}"#,
                "**Fact:** deploy `9f2c1e` went out {n} minutes ago, errors start one minute later.\n**Guess:** the new pool size; the upstream allows 200 connections and we now open 4 × 100.\n\nRolling back is the cheap test."
            ),
            DemoExchange(
                "Rolled back. {person} sees errors going down. Anything to watch?",
                "- queue depth of {service}: should drain within ten minutes\n- retries from mobile clients come in a wave at the next full hour\n- keep the failed pods for the post-mortem"
            ),
            DemoExchange(
                "Write me two sentences for the status page.",
                "Between 14:02 and 14:31 UTC some checkouts failed. A change was undone, all systems are normal, and no payment was taken twice."
            ),
        ])

    static let cooking = DemoTopic(
        title: "Sauerteig for beginners",
        system: "You are a patient baker.",
        tags: ["home"], tool: "",
        exchanges: [
            DemoExchange(
                "Mein Sauerteig riecht nach Azeton und hat nach {n} Stunden kaum Blasen. Ist er tot?",
                "Nein, nur hungrig. Füttere ihn zweimal am Tag 1:2:2 bei 26 °C; nach {day} sollte er sich in vier bis sechs Stunden verdoppeln."
            ),
            DemoExchange(
                "How much salt for {n}00 g of flour, and when?",
                "2 % of the flour: {n}00 g × 0.02. Add it after the autolyse, it slows the yeast down and tightens the gluten."
            ),
        ])

    static let review = DemoTopic(
        title: "Review: rate limiter in the gateway",
        system: "You review code. Name the file and line, say what breaks, propose the smallest change.",
        tags: ["review", "swift"], tool: "get_diff",
        exchanges: [
            DemoExchange(
                "Please look at `{file}.swift`, the token bucket.",
                lookup: #"{"file": "Sources/Gateway/{file}.swift"}"#,
                finding:
                    "+    mutating func take(_ n: Int, at now: UInt64) -> Bool {\n+        tokens = min(capacity, tokens + (now - last) * rate)\n+        last = now\n+        guard tokens >= n else { return false }\n+        tokens -= n\n+        return true\n+    }",
                "Line 2: `now - last` traps when the clock steps back, since both are `UInt64`.\n\n```swift\nlet elapsed = now >= last ? now - last : 0\n```\n\nAnd `(now - last) * rate` overflows after {n} days without traffic; cap the elapsed time first."
            ),
            DemoExchange(
                "Fixed. {person} wonders whether the lock is needed at all.",
                "Yes: two requests may read the same `tokens` before either writes. An `actor` or a `Mutex` both do; measure before going lock-free."
            ),
        ])
}
