/// The parts of the page that no table holds.
extension ManPage {
    static let synopsis = [
        ("[SOURCE...]", "Open the browser on what is named, else configured, else found."),
        ("--demo", "Open it on a throw-away copy of the demo stores."),
        ("VERB ...", "Do one thing and print the result; the verbs are below."),
    ]

    static let description = [
        "ctxbrowse shows what tools for large language models leave behind: conversations (threads), code-search indexes, "
            + "artifacts and the states of agents, in directories, SQLite databases, PostgreSQL, Redis and S3. It lists "
            + "them over all stores, shows messages and JSON as they are stored, searches, and exports, trims and "
            + "deletes such that the tool that wrote the data goes on correctly afterwards.",
        "It reads and writes the stores of Augment context-connectors (indexes), MemexLLM (threads) and looopy-ai "
            + "(threads, artifacts, task states). Anything else is shown as it is and never changed.",
        "Nothing is deleted or trimmed without a plan that is shown first and a confirmation. What goes is kept in the "
            + "recovery journal before it goes; `ctxbrowse undo`, or `u` in the browser, brings it back.",
    ]

    static let sources = [
        (
            "DIRECTORY",
            "An _agent_store or a directory that has one, a base of context-connectors or a single index, and a "
                + "memexllm.db in it."
        ),
        ("FILE, sqlite:PATH", "A SQLite database."),
        (
            "postgres://USER@HOST/DATABASE",
            "PostgreSQL as libpq reaches it, with its parameters, variables, service and password files."
        ),
        (
            "redis://HOST:PORT/DB, rediss://...?ca=FILE, unix:///SOCKET",
            "Redis, or a whole cluster by one of its servers; rediss is encrypted and checks certificate and name."
        ),
        (
            "s3://BUCKET/PREFIX?endpoint=URL&region=R&path-style=true&profile=P",
            "A bucket; keys come from the environment or the profiles of the AWS files."
        ),
        ("memory:", "An empty store in memory."),
        ("NAME", "That source of the configuration."),
    ]

    static let foundSources =
        "With none named, the configured ones are opened, else what is found: the directory that "
        + "`CONTEXT_CONNECTORS_STORE_PATH` names, ~/.augment/context-connectors, ./_agent_store, ./indexes, "
        + "./memexllm.db, and the servers that `CC_S3_BUCKET`, `REDIS_URL` and `DATABASE_URL` name."

    static let configuration = [
        "{",
        "  sources: {",
        "    support: \"~/agents/_agent_store\",",
        "    chats: { location: \"${DATA}/memexllm.db\", readOnly: true },",
        "    live: { location: \"postgres://app:${PGAPP}@db.example/agents\", deadline: 5 },",
        "  },",
        "  keys: { list: { x: \"delete\" } },",
        "  theme: \"light\",",
        "  recovery: { maxAgeDays: 90, maxBytes: 4294967296 },",
        "}",
    ]

    static let files = [
        ("~/.config/ctxbrowse/config.json", "The configuration, or below `XDG_CONFIG_HOME`."),
        (
            "~/.local/state/ctxbrowse",
            "What is remembered and the recovery journal, for this user's eyes only, or below `XDG_STATE_HOME`. It "
                + "never holds a password."
        ),
    ]

    static let environment = [
        ("PAGER", "The pager that `o` opens; less when it is not set."),
        ("VISUAL, EDITOR", "The editor that `V` opens on a copy; what is saved there is not kept."),
        ("NO_COLOR", "When not empty, no colour is used, in the browser either."),
        ("TERM, LANG", "What the terminal can show; where LANG is C, only ASCII is drawn."),
        (
            "REDIS_URL, DATABASE_URL, CC_S3_BUCKET, CONTEXT_CONNECTORS_STORE_PATH",
            "Where sources are looked for when none is named or configured."
        ),
        ("AWS_*, PG*", "Credentials and servers, as the tools of AWS and PostgreSQL read them."),
    ]

    static let statuses = [
        ("0", "Done."), ("1", "Failed."), ("2", "Wrong usage, or a terminal that cannot be used."), ("3", "Not found."),
        ("4", "Refused: read-only, not confirmed, or changed by another program meanwhile."),
    ]

    static let examples = [
        ("The threads that mention a word, in every source:", "ctxbrowse search \"rate limit\" --kind threads"),
        ("Those where the two words stand next to each other:", "ctxbrowse search '\"rate limit\"' --kind threads"),
        ("The newest messages of a thread:", "ctxbrowse show threads ID --last 5"),
        ("What a trim would remove:", "ctxbrowse trim ID --keep 50 --dry-run"),
        ("A conversation as Markdown:", "ctxbrowse export threads ID --to talk.md"),
        ("The ten threads with the most messages:", "ctxbrowse list threads --sort messages --limit 10"),
        ("The ten longest threads, with jq:", "ctxbrowse list threads --json | jq -s 'sort_by(-.messages)[:10][].id'"),
    ]
}
