import * as vscode from 'vscode';
import { label } from '../../../server/src/core/surfaces/label';
import { FillMaskTargetRequest } from '../../../server/src/protocol/fillMask';
import type { Range } from '../../../server/src/protocol/protocol';
import { commandIds } from '../commands/commandIds';
import { documentSchemes, isSupported } from '../documents';
import type { ServerSession } from '../server/serverSession';

const kind = vscode.CodeActionKind.RefactorRewrite.append('alternatives');

/** A title with more of the text than that would be cut by the menu. */
const shownCharacters = 40;

/**
 * Offers *Suggest Words* as a refactoring of the word at the cursor or the selection. Only who asks gets it: a light
 * bulb at every word would tell nothing.
 */
export function registerAlternatives(session: ServerSession): vscode.Disposable {
  const provider: vscode.CodeActionProvider = {
    async provideCodeActions(document, { start, end }, { triggerKind, only }, token) {
      const isAsked = triggerKind === vscode.CodeActionTriggerKind.Invoke && (!only || only.intersects(kind));
      if (!isAsked || !isSupported(document) || session.state.status !== 'running') return [];
      const target = await session.request(
        FillMaskTargetRequest.type,
        { textDocument: { uri: document.uri.toString(), version: document.version }, range: { start, end } },
        token,
      );
      return target ? [toAction(document.getText(toRange(target)))] : [];
    },
  };
  // The languages are a setting, so they are looked at when somebody asks.
  const selector = documentSchemes.map((scheme) => ({ scheme }));
  return vscode.languages.registerCodeActionsProvider(selector, provider, {
    providedCodeActionKinds: [kind],
  });
}

function toAction(text: string): vscode.CodeAction {
  const characters = [...text.replace(/\s+/gu, ' ')];
  const shown =
    characters.length > shownCharacters
      ? `${characters.slice(0, shownCharacters).join('')}…`
      : characters.join('');
  const action = new vscode.CodeAction(label.escape(vscode.l10n.t('Alternatives for “{0}”', shown)), kind);
  action.command = { title: action.title, command: commandIds.fillMask };
  return action;
}

const toRange = ({ start, end }: Range): vscode.Range =>
  new vscode.Range(start.line, start.character, end.line, end.character);
