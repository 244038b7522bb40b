import * as vscode from 'vscode';
import { InstallCudaRequest, PlanCudaRequest } from '../../../server/src/protocol/models';
import { cudaConsent } from '../downloads/downloadConsent';
import { withDownloadProgress } from '../downloads/downloadProgress';
import { untilGivenUp } from '../downloads/untilGivenUp';
import { agreesTo, runNotified, showInformation, showWarning } from '../notifications';
import type { ServerSession } from '../server/serverSession';
import type { AnalysisState } from '../state/analysisState';

/** The reference of this download among those of models: no model is called so. */
export const cudaDownload = ':cuda';

/** Where onnxruntime has a CUDA provider to install. The extension runs on the machine that the server runs on. */
export const supportsCuda = process.platform === 'linux' && process.arch === 'x64';

/** Installs, with the user's consent, what it takes to run models with CUDA. */
export async function installCuda(session: ServerSession, state: AnalysisState): Promise<void> {
  const asking = vscode.l10n.t('Asking what CUDA support consists of');
  const plan = await untilGivenUp(async () => {
    await session.start();
    return runNotified(asking, (token) => session.ask(PlanCudaRequest.type, token));
  });
  if (!plan) return;
  const consent = cudaConsent(plan, vscode.env.language, vscode.l10n);
  if (!(await agreesTo(consent, vscode.l10n.t('Install')))) return;
  const download = {
    ref: cudaDownload,
    title: vscode.l10n.t('CUDA support'),
    receivedBytes: 0,
    totalBytes: plan.bytes,
  };
  const result = await untilGivenUp(() =>
    withDownloadProgress(state, download, (token) => session.ask(InstallCudaRequest.type, token)),
  );
  if (!result) return;
  if (result.works) void showInformation(vscode.l10n.t('Models can run with CUDA now.'));
  else
    void showWarning(
      result.message ?? vscode.l10n.t('CUDA support is installed, but no model runs with it.'),
    );
}
