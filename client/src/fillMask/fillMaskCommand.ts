import * as vscode from 'vscode';
import { FillMaskRequest, type FillMaskResult } from '../../../server/src/protocol/protocol';
import { requestError } from '../server/requestError';
import type { ServerSession } from '../server/serverSession';
import type { AnalysisState } from '../state/analysisState';
import { CandidateList } from './candidateList';
import { CandidatePreview } from './candidatePreview';

/**
 * Suggests words for the mask token, the selection or the word at the cursor of the active editor, and puts
 * the accepted one there as one undoable edit.
 */
export async function suggestWords(session: ServerSession, state: AnalysisState): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return;
  const list = new CandidateList();
  const cancellation = new vscode.CancellationTokenSource();
  const left = list.onDidHide(() => cancellation.cancel());
  try {
    const result = await requestCandidates(session, editor, cancellation.token);
    if (!cancellation.token.isCancellationRequested) await offer(editor, result, list, state);
  } catch (error) {
    const message = requestError(error);
    // Who has left the list does not want to hear why it stayed empty.
    if (message !== undefined && !cancellation.token.isCancellationRequested) {
      list.dispose();
      void vscode.window.showWarningMessage(message);
    }
  } finally {
    left.dispose();
    list.dispose();
    cancellation.dispose();
  }
}

function requestCandidates(
  session: ServerSession,
  editor: vscode.TextEditor,
  token: vscode.CancellationToken,
): Promise<FillMaskResult> {
  const { document, selection } = editor;
  const params = {
    textDocument: { uri: document.uri.toString(), version: document.version },
    range: { start: selection.start, end: selection.end },
  };
  return session.request(FillMaskRequest.type, params, token);
}

async function offer(
  editor: vscode.TextEditor,
  { version, range, candidates }: FillMaskResult,
  list: CandidateList,
  state: AnalysisState,
): Promise<void> {
  const { document } = editor;
  if (document.version !== version) return tellChanged();
  const target = new vscode.Range(
    range.start.line,
    range.start.character,
    range.end.line,
    range.end.character,
  );
  const preview = new CandidatePreview(editor, target);
  const edited = vscode.workspace.onDidChangeTextDocument((event) => {
    if (event.document === document && event.contentChanges.length > 0) list.dispose();
  });
  try {
    const choice = list.choose(candidates, ({ text }) => preview.show(text));
    state.announce({ kind: 'suggestions', open: true });
    const accepted = await choice;
    edited.dispose();
    preview.dispose();
    if (document.version !== version) return tellChanged();
    if (accepted) await replace(editor, target, accepted.text);
  } finally {
    edited.dispose();
    preview.dispose();
    state.announce({ kind: 'suggestions', open: false });
  }
}

async function replace(editor: vscode.TextEditor, range: vscode.Range, text: string): Promise<void> {
  const done = await editor.edit((edit) => edit.replace(range, text), {
    undoStopBefore: true,
    undoStopAfter: true,
  });
  if (!done) tellChanged();
}

function tellChanged(): void {
  void vscode.window.showInformationMessage(
    vscode.l10n.t('The document has changed meanwhile. Ask for suggestions again.'),
  );
}
