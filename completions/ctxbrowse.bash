# completion of ctxbrowse, written by: ctxbrowse --generate complete-bash
# To use it: source this file, or put it into ~/.local/share/bash-completion/completions/ctxbrowse

_ctxbrowse_files() {
    local name
    compopt -o filenames 2>/dev/null
    while IFS= read -r name; do COMPREPLY+=("$name"); done < <(compgen -f -- "$1")
}

# $1 what is typed, $2 the program, further words its --config
_ctxbrowse_sources() {
    local name typed=$1
    while IFS= read -r name; do
        [[ $name == "$typed"* ]] && COMPREPLY+=("$name")
    done < <("${@:2}" --generate source-names 2>/dev/null)
    _ctxbrowse_files "$typed"
}

_ctxbrowse_words() {
    local word
    for word in $2; do
        [[ $word == "$1"* ]] && COMPREPLY+=("$word")
    done
}

_ctxbrowse() {
    local cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local verb= kind= value= word at options
    local -a program=("$1")
    COMPREPLY=()

    # "--option=value" comes as three words.
    if [[ $cur == "=" ]]; then
        cur=
    elif [[ $before == "=" ]]; then
        before=${COMP_WORDS[COMP_CWORD - 2]}
    fi

    for ((at = 1; at < COMP_CWORD; at++)); do
        word=${COMP_WORDS[at]}
        if [[ -n $value ]]; then
            [[ $word == "=" ]] && continue
            [[ $value == --config ]] && program=("$1" --config "$word")
            value=
            continue
        fi
        case $word in
        --config|--generate|--filter|--sort|--limit|--last|--kind|--to|--format|--keep|--into) value=$word ;;
        -* | = | :) ;;
        *) if [[ -z $verb ]]; then verb=$word; elif [[ -z $kind ]]; then kind=$word; fi ;;
        esac
    done

    case $before in
    --config|--to)
        _ctxbrowse_files "$cur"
        return
        ;;
    --into)
        _ctxbrowse_sources "$cur" "${program[@]}"
        return
        ;;
    --generate)
        _ctxbrowse_words "$cur" "man complete-bash complete-zsh complete-fish key-table source-names"
        return
        ;;
    --sort)
        _ctxbrowse_words "$cur" "synced key title size origin updated created id messages tokens agent status type state"
        return
        ;;
    --kind)
        _ctxbrowse_words "$cur" "indexes threads artifacts tasks raw"
        return
        ;;
    --format)
        _ctxbrowse_words "$cur" "json jsonl md txt csv html"
        return
        ;;
    --filter|--limit|--last|--keep)
        :
        return
        ;;
    esac

    case $verb in
    sources) options="--json --config --read-only --no-color --help --version --keys" ;;
    list) options="--filter --sort --reverse --limit --json --config --read-only --no-color --help --version --keys" ;;
    show) options="--json --raw --text --last --config --read-only --no-color --help --version --keys" ;;
    search) options="--kind --json --config --read-only --no-color --help --version --keys" ;;
    export) options="--to --format --last --yes --config --read-only --no-color --help --version --keys" ;;
    trim) options="--keep --snap --dry-run --yes --config --read-only --no-color --help --version --keys" ;;
    delete) options="--dry-run --yes --config --read-only --no-color --help --version --keys" ;;
    copy) options="--into --config --read-only --no-color --help --version --keys" ;;
    undo) options="--list --group --json --yes --config --read-only --no-color --help --version --keys" ;;
    *) options="--demo --mouse --generate --config --read-only --no-color --help --version --keys" ;;
    esac

    if [[ $cur == -* ]]; then
        _ctxbrowse_words "$cur" "$options"
        return
    fi
    case $verb in
    "") _ctxbrowse_words "$cur" "sources list show search export trim delete copy undo" ;;
    list|show|export|delete|copy)
        if [[ -z $kind ]]; then
            _ctxbrowse_words "$cur" "indexes threads artifacts tasks raw"
            return
        fi
        ;;
    esac
    _ctxbrowse_sources "$cur" "${program[@]}"
}

complete -F _ctxbrowse ctxbrowse
