import * as vscode from 'vscode';
import { AnalyzeDocumentRequest } from '../../../server/src/protocol/protocol';
import { isSupported } from '../documents';
import { type ReportProgress, runNotified, showInformation } from '../notifications';
import { PercentSteps } from '../percentSteps';
import { showRequestError } from '../server/requestError';
import type { ServerSession } from '../server/serverSession';
import type { AnalysisState } from '../state/analysisState';
import { analysisSummary } from './analysisSummary';

/** Analyses the whole active document, with progress, and shows what was found. */
export async function analyzeDocument(session: ServerSession, state: AnalysisState): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (!document) return;
  if (!isSupported(document)) {
    await offerLanguageSetting(document.languageId);
    return;
  }
  const uri = document.uri.toString();
  try {
    const title = vscode.l10n.t('Analyzing the document');
    const result = await runNotified(title, async (token, report) => {
      const told = reportProgress(uri, state, report);
      try {
        return await session.request(AnalyzeDocumentRequest.type, { textDocument: { uri } }, token);
      } finally {
        told.dispose();
      }
    });
    void showInformation(analysisSummary(result, vscode.env.language, vscode.l10n));
  } catch (error) {
    showRequestError(error);
  }
}

function reportProgress(uri: string, state: AnalysisState, report: ReportProgress): { dispose(): void } {
  const percent = new PercentSteps();
  return state.onDidChange((change) => {
    if (change.kind !== 'document' || change.uri !== uri) return;
    const document = state.document(uri);
    if (document?.status !== 'analyzing' || document.total === 0) return;
    report({
      message: vscode.l10n.t('{0} of {1} sentences', document.analyzed, document.total),
      increment: percent.next(document.analyzed, document.total),
    });
  });
}

/** Tells that documents of a language are not analysed, and where to change that. */
export async function offerLanguageSetting(language: string): Promise<void> {
  const openSettings = vscode.l10n.t('Open Settings');
  const chosen = await showInformation(
    vscode.l10n.t(
      'Documents of the language “{0}” are not analyzed. Add it to the setting subtext.languages.',
      language,
    ),
    openSettings,
  );
  if (chosen === openSettings) {
    await vscode.commands.executeCommand('workbench.action.openSettings', 'subtext.languages');
  }
}
