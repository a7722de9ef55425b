# completion of ctxbrowse, written by: ctxbrowse --generate complete-fish
# To use it: put this file as ctxbrowse.fish into ~/.config/fish/completions

function __ctxbrowse_sources
    ctxbrowse --generate source-names 2>/dev/null
end

# Whether a verb that takes a kind has none yet.
function __ctxbrowse_needs_kind
    __fish_seen_subcommand_from list show export delete copy
    and not __fish_seen_subcommand_from indexes threads artifacts tasks raw
end

complete -c ctxbrowse -n __fish_use_subcommand -a sources -d 'what was named, configured or found, with engine, layouts, counts and state'
complete -c ctxbrowse -n __fish_use_subcommand -a list -d 'the records of one kind over all sources, newest update first unless --sort says otherwise'
complete -c ctxbrowse -n __fish_use_subcommand -a show -d 'one record: a thread\'s messages, an index\'s counts, an artifact, a task'
complete -c ctxbrowse -n __fish_use_subcommand -a search -d 'what holds all words, "phrases" and /patterns/ of TEXT, and where'
complete -c ctxbrowse -n __fish_use_subcommand -a export -d 'write records to files, a directory or standard output'
complete -c ctxbrowse -n __fish_use_subcommand -a trim -d 'keep the newest N messages of threads'
complete -c ctxbrowse -n __fish_use_subcommand -a delete -d 'delete records'
complete -c ctxbrowse -n __fish_use_subcommand -a copy -d 'copy records into another source'
complete -c ctxbrowse -n __fish_use_subcommand -a undo -d 'undo a trim or delete, the newest unless ENTRY names another'
complete -c ctxbrowse -n '__ctxbrowse_needs_kind' -f -a 'indexes threads artifacts tasks raw'
complete -c ctxbrowse -n 'not __ctxbrowse_needs_kind' -a '(__ctxbrowse_sources)' -d 'configured source'
complete -c ctxbrowse -l config -r -F -d 'read this configuration instead of the user\'s own'
complete -c ctxbrowse -l read-only -d 'refuse every change'
complete -c ctxbrowse -l no-color -d 'use no colour'
complete -c ctxbrowse -l help -d 'show help, also for one verb'
complete -c ctxbrowse -l version -d 'show the version'
complete -c ctxbrowse -l keys -d 'show the browser\'s keys'
complete -c ctxbrowse -n __fish_use_subcommand -l demo -d 'open a throw-away copy of the demo stores, beside sources that are named'
complete -c ctxbrowse -n __fish_use_subcommand -l mouse -d 'let the browser take clicks and the wheel; :set mouse does so later'
complete -c ctxbrowse -n __fish_use_subcommand -l generate -x -a 'man complete-bash complete-zsh complete-fish key-table source-names' -d 'print man, complete-bash, complete-zsh, complete-fish, key-table or source-names'
complete -c ctxbrowse -n '__fish_seen_subcommand_from sources' -l json -d 'print JSON, one object a line'
complete -c ctxbrowse -n '__fish_seen_subcommand_from list' -l filter -x -d 'only records with all these words in id, title or metadata'
complete -c ctxbrowse -n '__fish_seen_subcommand_from list' -l sort -x -a 'synced key title size origin updated created id messages tokens agent status type state' -d 'by updated, created, id, title, size ... in place of the newest first'
complete -c ctxbrowse -n '__fish_seen_subcommand_from list' -l reverse -d 'the other way round'
complete -c ctxbrowse -n '__fish_seen_subcommand_from list' -l limit -x -d 'at most N records'
complete -c ctxbrowse -n '__fish_seen_subcommand_from list' -l json -d 'print JSON, one object a line'
complete -c ctxbrowse -n '__fish_seen_subcommand_from show' -l json -d 'print JSON, one object a line'
complete -c ctxbrowse -n '__fish_seen_subcommand_from show' -l raw -d 'print the stored bytes exactly'
complete -c ctxbrowse -n '__fish_seen_subcommand_from show' -l text -d 'print readable text only'
complete -c ctxbrowse -n '__fish_seen_subcommand_from show' -l last -x -d 'only the newest N messages of a thread'
complete -c ctxbrowse -n '__fish_seen_subcommand_from search' -l kind -x -a 'indexes threads artifacts tasks raw' -d 'only records of this kind'
complete -c ctxbrowse -n '__fish_seen_subcommand_from search' -l json -d 'print JSON, one object a line'
complete -c ctxbrowse -n '__fish_seen_subcommand_from export' -l to -r -F -d 'a file, a directory, or - for standard output'
complete -c ctxbrowse -n '__fish_seen_subcommand_from export' -l format -x -a 'json jsonl md txt csv html' -d 'json, jsonl, md, txt, csv or html; else taken from the ending of PATH'
complete -c ctxbrowse -n '__fish_seen_subcommand_from export' -l last -x -d 'only the newest N messages of a thread'
complete -c ctxbrowse -n '__fish_seen_subcommand_from export' -l yes -d 'do not ask'
complete -c ctxbrowse -n '__fish_seen_subcommand_from trim' -l keep -x -d 'how many messages stay'
complete -c ctxbrowse -n '__fish_seen_subcommand_from trim' -l snap -d 'move the cut so that no tool call is parted from its result'
complete -c ctxbrowse -n '__fish_seen_subcommand_from trim' -l dry-run -d 'print what would be done and change nothing'
complete -c ctxbrowse -n '__fish_seen_subcommand_from trim' -l yes -d 'do not ask'
complete -c ctxbrowse -n '__fish_seen_subcommand_from delete' -l dry-run -d 'print what would be done and change nothing'
complete -c ctxbrowse -n '__fish_seen_subcommand_from delete' -l yes -d 'do not ask'
complete -c ctxbrowse -n '__fish_seen_subcommand_from copy' -l into -r -F -a '(__ctxbrowse_sources)' -d 'the source that gets the copy'
complete -c ctxbrowse -n '__fish_seen_subcommand_from undo' -l list -d 'show what can be undone, newest first'
complete -c ctxbrowse -n '__fish_seen_subcommand_from undo' -l group -d 'undo all that one trim or delete did to many records, ENTRY or the newest among it'
complete -c ctxbrowse -n '__fish_seen_subcommand_from undo' -l json -d 'print JSON, one object a line'
complete -c ctxbrowse -n '__fish_seen_subcommand_from undo' -l yes -d 'do not ask'
