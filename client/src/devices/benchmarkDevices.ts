import * as vscode from 'vscode';
import { BenchmarkDevicesRequest } from '../../../server/src/protocol/models';
import { showRequestError } from '../server/requestError';
import type { ServerSession } from '../server/serverSession';
import { deviceTable } from './deviceTable';

/** Measures every device and shows the figures as a table in a new document. */
export async function benchmarkDevices(session: ServerSession): Promise<void> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Measuring the devices'),
    cancellable: true,
  };
  try {
    await session.start();
    const measurements = await vscode.window.withProgress(options, (_progress, token) =>
      session.ask(BenchmarkDevicesRequest.type, token),
    );
    const content = deviceTable(measurements, vscode.env.language, vscode.l10n);
    const document = await vscode.workspace.openTextDocument({ language: 'markdown', content });
    await vscode.window.showTextDocument(document);
  } catch (error) {
    showRequestError(error);
  }
}
