import * as vscode from 'vscode';
import { formatBytes } from '../models/modelText';
import { PercentSteps } from '../percentSteps';
import type { AnalysisState, Download } from '../state/analysisState';

/** Shows a download in a notification that can cancel it, and in the language status, for as long as it runs. */
export async function withDownloadProgress<T>(
  state: AnalysisState,
  download: Download,
  run: (token: vscode.CancellationToken) => Thenable<T>,
): Promise<T> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Downloading “{0}”', download.title),
    cancellable: true,
  };
  state.beginDownload(download);
  try {
    return await vscode.window.withProgress(options, async (progress, token) => {
      const reporting = reportProgress(state, download.ref, progress);
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

function reportProgress(
  state: AnalysisState,
  ref: string,
  progress: vscode.Progress<{ message?: string; increment?: number }>,
): { dispose(): void } {
  const percent = new PercentSteps();
  const toText = (bytes: number) => formatBytes(bytes, vscode.env.language);
  return state.onDidChange(({ kind }) => {
    const download = kind === 'downloads' && state.downloads.find((one) => one.ref === ref);
    if (!download) return;
    const { receivedBytes, totalBytes } = download;
    progress.report({
      message: vscode.l10n.t('{0} of {1}', toText(receivedBytes), toText(totalBytes)),
      increment: percent.next(receivedBytes, totalBytes),
    });
  });
}
