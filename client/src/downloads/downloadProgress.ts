import * as vscode from 'vscode';
import { formatBytes } from '../models/modelText';
import { type ReportProgress, runNotified } from '../notifications';
import { PercentSteps } from '../percentSteps';
import type { AnalysisState, Download } from '../state/analysisState';

/** Shows a download in a notification that can cancel it, and in the language status, for as long as it runs. */
export async function withDownloadProgress<T>(
  state: AnalysisState,
  download: Download,
  run: (token: vscode.CancellationToken) => Thenable<T>,
): Promise<T> {
  const title = vscode.l10n.t('Downloading “{0}”', download.title);
  state.beginDownload(download);
  try {
    return await runNotified(title, async (token, report) => {
      const reporting = reportProgress(state, download.ref, report);
      try {
        return await run(token);
      } finally {
        reporting.dispose();
      }
    });
  } finally {
    state.endDownload(download.ref);
  }
}

function reportProgress(state: AnalysisState, ref: string, report: ReportProgress): { dispose(): void } {
  const percent = new PercentSteps();
  const toText = (bytes: number) => formatBytes(bytes, vscode.env.language);
  return state.onDidChange(({ kind }) => {
    const download = kind === 'downloads' && state.downloads.find((one) => one.ref === ref);
    if (!download) return;
    const { receivedBytes, totalBytes } = download;
    report({
      message: vscode.l10n.t('{0} of {1}', toText(receivedBytes), toText(totalBytes)),
      increment: percent.next(receivedBytes, totalBytes),
    });
  });
}
