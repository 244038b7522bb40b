import * as vscode from 'vscode';
import { InspectTokensRequest } from '../../../server/src/protocol/protocol';
import { tokenCsv } from '../../../server/src/protocol/tokenCsv';
import { tokenMarkdown } from '../../../server/src/protocol/tokenTable';
import { MarkdownPage } from '../markdownPage';
import { showInformation } from '../notifications';
import { showRequestError } from '../server/requestError';
import type { ServerSession } from '../server/serverSession';
import { tokenTableText } from './tokenTableText';

/** Shows what the models see in the sentence at the cursor, and copies it for those who want it elsewhere. */
export class TokenInspector {
  readonly #session: ServerSession;
  readonly #page = new MarkdownPage('subtext-tokens', vscode.l10n.t('Tokens'));

  constructor(session: ServerSession) {
    this.#session = session;
  }

  async inspect(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (!editor) return;
    const params = {
      textDocument: { uri: editor.document.uri.toString() },
      position: editor.selection.active,
    };
    try {
      const result = await this.#session.request(InspectTokensRequest.type, params);
      const markdown = tokenMarkdown(result, tokenTableText(vscode.env.language, vscode.l10n));
      await this.#page.show(markdown);
      void offerCopies({ markdown, csv: tokenCsv(result) });
    } catch (error) {
      showRequestError(error);
    }
  }

  dispose(): void {
    this.#page.dispose();
  }
}

/** A preview runs no commands, so the offer stands beside it. */
async function offerCopies(copies: { readonly markdown: string; readonly csv: string }): Promise<void> {
  const [asMarkdown, asCsv] = [vscode.l10n.t('Copy as Markdown'), vscode.l10n.t('Copy as CSV')];
  const choice = await showInformation(
    vscode.l10n.t('The tokens of the sentence are shown.'),
    asMarkdown,
    asCsv,
  );
  if (choice === undefined) return;
  await vscode.env.clipboard.writeText(choice === asCsv ? copies.csv : copies.markdown);
}
