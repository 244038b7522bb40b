import * as vscode from 'vscode';
import { FillMaskRequest, type FillMaskResult } from '../../../server/src/protocol/fillMask';
import type { Range } from '../../../server/src/protocol/protocol';
import { showInformation, showWarning } from '../notifications';
import { requestError } from '../server/requestError';
import type { ServerSession } from '../server/serverSession';
import type { AnalysisState } from '../state/analysisState';
import { CandidateList, type Choice } from './candidateList';
import { CandidatePreview } from './candidatePreview';
import type { ListMode } from './listText';

/**
 * Suggests words for the mask token, the selection or the word at the cursor of the active editor, or for all masks of
 * the sentence together, and puts the accepted ones there as one undoable edit.
 */
export async function suggestWords(
  session: ServerSession,
  state: AnalysisState,
  { together }: Pick<ListMode, 'together'>,
): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return;
  const list = new CandidateList();
  const cancellation = new vscode.CancellationTokenSource();
  const left = list.onDidHide(() => cancellation.cancel());
  try {
    let mode: ListMode | undefined = { together, onlyGazetteer: false };
    while (mode) {
      list.showBusy(mode);
      const result = await requestCandidates(session, editor, mode, cancellation.token);
      if (cancellation.token.isCancellationRequested) return;
      const choice = await offer(editor, result, list, mode, state);
      mode = choice && nextMode(mode, choice);
    }
  } catch (error) {
    const message = requestError(error);
    // Who has left the list does not want to hear why it stayed empty.
    if (message !== undefined && !cancellation.token.isCancellationRequested) {
      list.dispose();
      void showWarning(message);
    }
  } finally {
    left.dispose();
    list.dispose();
    cancellation.dispose();
  }
}

function nextMode(mode: ListMode, choice: Choice): ListMode | undefined {
  switch (choice.kind) {
    case 'words':
      return undefined;
    case 'together':
      return { ...mode, together: true };
    case 'gazetteer':
      return { ...mode, onlyGazetteer: choice.only };
  }
}

function requestCandidates(
  session: ServerSession,
  { document, selection }: vscode.TextEditor,
  mode: ListMode,
  token: vscode.CancellationToken,
): Promise<FillMaskResult> {
  const params = {
    textDocument: { uri: document.uri.toString(), version: document.version },
    range: { start: selection.start, end: selection.end },
    ...mode,
  };
  return session.request(FillMaskRequest.type, params, token);
}

/** Shows the list, and writes the words that the user accepts. */
async function offer(
  editor: vscode.TextEditor,
  result: FillMaskResult,
  list: CandidateList,
  mode: ListMode,
  state: AnalysisState,
): Promise<Choice | undefined> {
  const { document } = editor;
  const { version } = result;
  if (document.version !== version) return tellChanged();
  const ranges = result.ranges.map(toRange);
  const preview = new CandidatePreview(editor, ranges);
  const edited = vscode.workspace.onDidChangeTextDocument((event) => {
    if (event.document === document && event.contentChanges.length > 0) list.dispose();
  });
  try {
    const chosen = list.choose(result, mode, ({ texts }) => preview.show(texts));
    state.announce({ kind: 'suggestions', open: true });
    const choice = await chosen;
    edited.dispose();
    preview.dispose();
    if (document.version !== version) return tellChanged();
    if (choice?.kind === 'words') {
      list.dispose();
      await replace(editor, ranges, choice.candidate.texts);
    }
    return choice;
  } finally {
    edited.dispose();
    preview.dispose();
    state.announce({ kind: 'suggestions', open: false });
  }
}

async function replace(
  editor: vscode.TextEditor,
  ranges: readonly vscode.Range[],
  texts: readonly string[],
): Promise<void> {
  const done = await editor.edit(
    (edit) => {
      for (const [i, range] of ranges.entries()) edit.replace(range, texts[i] ?? '');
    },
    { undoStopBefore: true, undoStopAfter: true },
  );
  if (!done) tellChanged();
}

function tellChanged(): undefined {
  void showInformation(vscode.l10n.t('The document has changed meanwhile. Ask for suggestions again.'));
}

const toRange = ({ start, end }: Range): vscode.Range =>
  new vscode.Range(start.line, start.character, end.line, end.character);
