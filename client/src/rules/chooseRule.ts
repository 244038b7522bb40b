import * as vscode from 'vscode';
import { label } from '../../../server/src/core/surfaces/label';
import { CHOOSE_RULE_COMMAND, type RuleChoice } from '../../../server/src/protocol/rules';
import { chooseOne } from '../listPicker';
import type { ServerSession } from '../server/serverSession';
import { changeRules } from './changeRules';

/** Lets the user choose among what is rarely ignored; it is no command of the palette, since a quick fix runs it. */
export function registerRuleChoice(session: ServerSession): vscode.Disposable {
  return vscode.commands.registerCommand(CHOOSE_RULE_COMMAND, async (choices: readonly RuleChoice[]) => {
    const items = choices.map(({ title, params }) => ({ label: label.escape(title), params }));
    const chosen = await chooseOne(items, { placeHolder: vscode.l10n.t('What is to be ignored?') });
    if (chosen) await changeRules(session, chosen.params.uri, chosen.params.change);
  });
}
