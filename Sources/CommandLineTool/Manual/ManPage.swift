internal import ContextStores
internal import StoredRecords

/// The page for `man`, from the tables of verbs, options and keys.
struct ManPage {
    /// What the browser tells of its keys, command line, settings and filters.
    let browser: [ManualTable]

    var text: String {
        var page = Roff()
        page.title(
            "CTXBROWSE", section: 1, date: HelpText.releaseDate, version: HelpText.version, manual: "User Commands")
        page.section("NAME")
        page.paragraph("ctxbrowse - browse and tend what LLM tools have stored")
        page.section("SYNOPSIS")
        for line in Self.synopsis { page.entry("ctxbrowse \(line.0)", line.1) }
        page.section("DESCRIPTION")
        for paragraph in Self.description { page.paragraph(paragraph) }
        verbs(&page)
        options(&page)
        page.section("SOURCES")
        page.paragraph("A `SOURCE` is one of these; a password is never shown, logged or kept.")
        for form in Self.sources { page.entry(form.0, form.1) }
        page.paragraph(Self.foundSources)
        page.section("KEYS")
        page.paragraph(
            "A mode after the other; `?` shows those of the screen one is on. Behind a mode and behind what a key does "
                + "stands the word for it in the configuration, and after `:`. "
                + "What has a star may remove stored data; it always asks first and can be undone.")
        for table in browser {
            page.subsection(table.title)
            for row in table.rows { page.entry(row.term, row.text, width: 22) }
        }
        rest(&page)
        return page.text
    }

    private func verbs(_ page: inout Roff) {
        page.section("VERBS")
        page.paragraph(
            "`KIND` is \(ArgumentParser.kindWords) (or raw, for contents of no known layout); "
                + "the singular does as well. `ID` is what `list` prints.")
        for verb in Verb.allCases {
            page.subsection(verb.synopsis)
            page.paragraph(Self.sentence(verb.summary))
            for option in verb.options { page.entry(option.usage, option.summary) }
            notes(verb, &page)
        }
        page.subsection("Ids and sources")
        page.paragraph(HelpText.idRules.joined(separator: " "))
    }

    /// What the help of a verb adds: lines that are set in are a word and what it stands for.
    private func notes(_ verb: Verb, _ page: inout Roff) {
        var paragraph: [String] = []
        func end() {
            if !paragraph.isEmpty { page.paragraph(paragraph.joined(separator: " ")) }
            paragraph = []
        }
        for line in HelpText.notes(verb) {
            if line.hasPrefix("  "), let word = line.split(separator: " ").first {
                end()
                page.entry(String(word), String(line[word.endIndex...]), width: 12)
            } else {
                paragraph.append(line)
            }
        }
        end()
    }

    private func options(_ page: inout Roff) {
        page.section("OPTIONS")
        page.subsection("Everywhere")
        for option in Option.everywhere { page.entry(option.usage, option.summary) }
        page.subsection("Without a verb")
        for option in Option.ofBrowser { page.entry(option.usage, option.summary) }
    }

    private func rest(_ page: inout Roff) {
        page.section("CONFIGURATION")
        page.paragraph(
            "JSON with comments and trailing commas. `${NAME}` takes a value from the environment. What is wrong in it "
                + "is told with its line, and the rest holds; but while a mistake may concern a source, nothing is "
                + "changed at all.")
        page.example(Self.configuration)
        page.section("FILES")
        for file in Self.files { page.entry(file.0, file.1) }
        page.section("ENVIRONMENT")
        for variable in Self.environment { page.entry(variable.0, variable.1) }
        page.section("EXIT STATUS")
        for status in Self.statuses { page.entry(status.0, status.1) }
        page.section("EXAMPLES")
        for example in Self.examples {
            page.paragraph(example.0)
            page.example([example.1])
        }
        page.section("SEE ALSO")
        page.paragraph("less(1), jq(1), sqlite3(1), psql(1), redis-cli(1)")
    }

    /// With a capital letter and a stop.
    private static func sentence(_ text: String) -> String {
        text.prefix(1).uppercased() + text.dropFirst() + "."
    }
}
