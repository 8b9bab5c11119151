/**
 * Completion scripts, made from the commands themselves: the words that may follow `statewright`, each command and each
 * of its subcommands. Files are completed where no word fits.
 */
import type { Command } from "commander";

export type Shell = "bash" | "zsh" | "fish";

interface Choice {
  /** `""` for the program, `audit verify` for a subcommand. */
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly summary: string }[];
  readonly options: readonly { readonly flag: string; readonly summary: string }[];
}

export function completionScript(program: Command, shell: Shell): string {
  const choices = choicesOf(program, []);
  switch (shell) {
    case "bash":
      return bashScript(choices);
    case "zsh":
      // zsh runs the functions of bash once it is told to.
      return `autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n${bashScript(choices)}`;
    case "fish":
      return fishScript(choices);
  }
}

function choicesOf(command: Command, above: readonly string[]): Choice[] {
  const path = above.join(" ");
  const own: Choice = {
    path,
    commands: command.commands.map((child) => ({ name: child.name(), summary: child.description() })),
    options: [
      ...command.options.map(({ long, short, description }) => ({
        flag: long ?? short ?? "",
        summary: description,
      })),
      { flag: "--help", summary: "show help" },
    ],
  };
  return [own, ...command.commands.flatMap((child) => choicesOf(child, [...above, child.name()]))];
}

function bashScript(choices: readonly Choice[]): string {
  const cases = choices.map(({ path, commands, options }) => {
    const words = [...commands.map(({ name }) => name), ...options.map(({ flag }) => flag)].join(" ");
    return `    "${path}") words="${words}" ;;`;
  });
  const known = choices.map(({ path }) => path).filter((path) => path !== "");
  return `_statewright() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" path="" words="" i next
  for ((i = 1; i < COMP_CWORD; i++)); do
    next="\${path:+$path }\${COMP_WORDS[i]}"
    case "$next" in
      ${known.map((path) => `"${path}"`).join("|")}) path="$next" ;;
    esac
  done
  case "$path" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _statewright statewright`;
}

function fishScript(choices: readonly Choice[]): string {
  return choices
    .flatMap(({ path, commands, options }) => [
      ...commands.map(
        ({ name, summary }) =>
          `complete -c statewright -n ${condition(path)} -f -a ${name} -d ${quoted(summary)}`,
      ),
      ...options.map(
        ({ flag, summary }) =>
          `complete -c statewright -n ${condition(path)} -l ${flag.replace(/^--/, "")} -d ${quoted(summary)}`,
      ),
    ])
    .join("\n");
}

/** When the words of a path may come. */
function condition(path: string): string {
  if (path === "") return "__fish_use_subcommand";
  const seen = path.split(" ").map((name) => `__fish_seen_subcommand_from ${name}`);
  return `'${seen.join("; and ")}'`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
