import * as vscode from 'vscode';
import { type CommandName, commandIds } from './commandIds';

export type CommandHandlers = Readonly<Record<CommandName, () => Promise<void> | void>>;

/** Registers every command; the type of `handlers` leaves none out. */
export function registerCommands(handlers: CommandHandlers): vscode.Disposable {
  return vscode.Disposable.from(
    ...(Object.keys(commandIds) as CommandName[]).map((name) =>
      vscode.commands.registerCommand(commandIds[name], () => handlers[name]()),
    ),
  );
}
