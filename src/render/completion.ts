/** What the commands say of themselves in, a completion script for a shell out. */
import type { CommandPage, FlagPage } from './help.js'

/** Names of commands, flags and options are our own and harmless; what a user types is only ever completed, never run. */
export function renderCompletion(shell: 'bash' | 'zsh' | 'fish', pages: readonly CommandPage[]): string {
  return { bash, zsh, fish }[shell](pages)
}

/** What a word of a command line may be. */
type Wanted = 'file' | 'lab' | 'node' | 'command' | readonly string[]

function wantedOf(page: CommandPage): readonly Wanted[] {
  return page.args.flatMap((arg): Wanted[] => {
    if (arg.options) return [arg.options]
    const wanted = byName.get(arg.name)
    return wanted === undefined ? [] : [wanted]
  })
}

const byName: ReadonlyMap<string, Wanted> = new Map([
  ...(['FILE', 'SOURCE', 'DEST'] as const).map(name => [name, 'file'] as const),
  ...(['NODE', 'NODE[:PROCESS]', 'FROM', 'TO'] as const).map(name => [name, 'node'] as const),
  ['LAB', 'lab'],
  ['COMMAND', 'command'],
])
/** What nobody can know beforehand. */
const unknown: ReadonlySet<string> = new Set(['TIME', 'BYTES', 'USER', 'N', 'NAME=VALUE'])

function wantedBy(flag: FlagPage): Wanted | undefined {
  if (flag.value === undefined) return undefined
  if (flag.options) return flag.options
  if (unknown.has(flag.value)) return []
  if (flag.value.startsWith('NODE')) return 'node'
  return flag.value === 'LAB' ? 'lab' : 'file'
}

/**
 * Labs are asked of nstopo; nodes are read from the names that ip-netns(8) has, LAB.NODE, which costs nothing. Names that
 * are no node's are passed over: bash's compgen -W would run what stands in them.
 */
const shellFunctions = `_nstopo_labs() { nstopo ls -q 2>/dev/null; }
_nstopo_nodes() {
  local path name
  for path in /run/netns/*.*; do
    [ -e "$path" ] || continue
    name=\${path##*/}
    case "$name" in *[!A-Za-z0-9._-]*) continue ;; esac
    case " $* " in *" \${name%%.*} "*) echo "\${name#*.}" ;; esac
    [ $# -eq 0 ] && echo "\${name#*.}"
  done
}`

function bash(pages: readonly CommandPage[]): string {
  return `# bash completion for nstopo
${shellFunctions}
_nstopo() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]} index lab=''
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${names(pages).join(' ')}' -- "$word"))
    return
  fi
  for ((index = 2; index < COMP_CWORD; index++)); do
    if [ "\${COMP_WORDS[index]}" = -- ]; then COMPREPLY=($(compgen -c -- "$word")); return; fi
    case \${COMP_WORDS[index]} in -*) ;; *) lab=\${COMP_WORDS[index]} ;; esac
  done
  case "$command:$before" in
${pages.flatMap(flagCases).join('\n')}
  esac
  case "$command:$word" in
${pages.map(page => `    ${pattern(page, '-*')}) COMPREPLY=($(compgen -W '${flagNames(page).join(' ')}' -- "$word")) ;;`).join('\n')}
${pages.map(page => `    ${pattern(page, '*')}) COMPREPLY=(${wantedOf(page).map(bashWords).join(' ')}) ;;`).join('\n')}
  esac
}
complete -o bashdefault -o default -F _nstopo nstopo
`
}

/** `up:-*|deploy:-*`, as a pattern of `case` */
function pattern(page: CommandPage, rest: string): string {
  return [page.id, ...page.aliases].map(name => `${name}:${rest}`).join('|')
}

function flagCases(page: CommandPage): readonly string[] {
  return page.flags.flatMap(flag => {
    const wanted = wantedBy(flag)
    if (wanted === undefined) return []
    const words = [`--${flag.name}`, ...(flag.char ? [`-${flag.char}`] : [])]
    return [`    ${words.map(word => pattern(page, word)).join('|')}) COMPREPLY=(${bashWords(wanted)}); return ;;`]
  })
}

function bashWords(wanted: Wanted): string {
  if (wanted === 'file') return '$(compgen -f -- "$word")'
  if (wanted === 'lab') return '$(compgen -W "$(_nstopo_labs)" -- "$word")'
  if (wanted === 'node') return '$(compgen -W "$(_nstopo_nodes $lab)" -- "$word")'
  return `$(compgen -W '${wanted === 'command' ? '' : wanted.join(' ')}' -- "$word")`
}

function zsh(pages: readonly CommandPage[]): string {
  return `#compdef nstopo
${shellFunctions}
_nstopo() {
  local -a verbs
  verbs=(
${pages.flatMap(page => [page.id, ...page.aliases].map(name => `    ${single(`${name}:${page.summary}`)}`)).join('\n')}
  )
  if (( CURRENT == 2 )); then _describe command verbs; return; fi
  local -i dashes=\${words[(i)--]}
  if (( dashes < CURRENT )); then
    words=("\${(@)words[dashes+1,-1]}")
    (( CURRENT -= dashes ))
    _normal; return
  fi
  case $words[2] in
${pages.map(zshCase).join('\n')}
  esac
}
_nstopo_lab() { local -a labs; labs=(\${(f)"$(_nstopo_labs)"}); compadd -a labs; _files -g '*.y(|a)ml'; }
_nstopo_node() { local -a nodes; nodes=(\${(f)"$(_nstopo_nodes)"}); compadd -a nodes; }
# Read by a shell it registers itself; loaded as a function of fpath, it is the completion at once.
if [[ $funcstack[1] == _nstopo ]]; then _nstopo "$@"; else compdef _nstopo nstopo; fi
`
}

function zshCase(page: CommandPage): string {
  const flags = page.flags.map(flag => {
    const wanted = wantedBy(flag)
    const text = flag.summary.replace(/[[\]:]/g, ' ')
    return single(`--${flag.name}[${text}]${wanted === undefined ? '' : `:${flag.value}:${zshWords(wanted)}`}`)
  })
  const args = wantedOf(page).map(wanted =>
    single(`:${typeof wanted === 'string' ? wanted : 'word'}:${zshWords(wanted)}`),
  )
  const all = ["'1: :'", ...flags, ...args].join(' ')
  return `    ${[page.id, ...page.aliases].join('|')}) shift words; (( CURRENT-- )); _arguments ${all.replace("'1: :' ", '')} ;;`
}

function zshWords(wanted: Wanted): string {
  if (wanted === 'file') return '_files'
  if (wanted === 'lab') return '_nstopo_lab'
  if (wanted === 'node') return '_nstopo_node'
  return wanted === 'command' ? '_nstopo' : `(${wanted.join(' ')})`
}

function fish(pages: readonly CommandPage[]): string {
  const lines = pages.flatMap(page => {
    const own = `complete -c nstopo -n '__fish_seen_subcommand_from ${[page.id, ...page.aliases].join(' ')}'`
    const command = [page.id, ...page.aliases].map(
      name => `complete -c nstopo -f -n __fish_use_subcommand -a ${name} -d ${single(page.summary)}`,
    )
    const flags = page.flags.map(flag => `${own} -l ${flag.name}${fishFlag(flag)} -d ${single(flag.summary)}`)
    const args = wantedOf(page).flatMap(wanted => (wanted === 'file' ? [] : [`${own} -f -a ${fishWords(wanted)}`]))
    return [...command, ...flags, ...args]
  })
  return `# fish completion for nstopo
function __nstopo_nodes
    for path in /run/netns/*.*
        string replace -r '^[^.]*\\.' '' (path basename $path)
    end
end
${lines.join('\n')}
`
}

function fishFlag(flag: FlagPage): string {
  const wanted = wantedBy(flag)
  const char = flag.char ? ` -s ${flag.char}` : ''
  if (wanted === undefined) return char
  return `${char} -r${wanted === 'file' ? '' : ` -f -a ${fishWords(wanted)}`}`
}

function fishWords(wanted: Wanted): string {
  if (wanted === 'lab') return "'(nstopo ls -q 2>/dev/null)'"
  if (wanted === 'node') return "'(__nstopo_nodes)'"
  return typeof wanted === 'string' ? "''" : single(wanted.join(' '))
}

function names(pages: readonly CommandPage[]): readonly string[] {
  return pages.flatMap(page => [page.id, ...page.aliases])
}

function flagNames(page: CommandPage): readonly string[] {
  return ['--help', ...page.flags.map(flag => `--${flag.name}`)]
}

function single(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
