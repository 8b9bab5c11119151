/** `completion SHELL`: a script that lets the shell complete commands and options. */
import { Argument, type Command } from "commander";
import { addCommonOptions, addExamples, type CommandContext, type CommonOptions } from "../../cli-command.js";
import { completionScript, type Shell } from "./completion-script.js";

export function configure(command: Command, context: CommandContext): void {
  command.addArgument(new Argument("<shell>", "the shell").choices(["bash", "zsh", "fish"]));
  addCommonOptions(command);
  addExamples(command, [
    { line: "statewright completion bash >> ~/.bashrc", says: "once; it works in every new shell" },
    { line: "statewright completion fish > ~/.config/fish/completions/statewright.fish", says: "once" },
  ]);
  command.action((shell: Shell, options: CommonOptions) => {
    const script = completionScript(command.parent ?? command, shell);
    if (options.json === true) context.terminal.json({ shell, script });
    else context.terminal.print(script);
    context.finish(0);
  });
}
