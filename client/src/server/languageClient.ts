import * as vscode from 'vscode';
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  RevealOutputChannelOn,
  State,
  TransportKind,
} from 'vscode-languageclient/node';
import type { InitializationOptions } from '../../../server/src/protocol/protocol';
import { RULE_FILE } from '../../../server/src/protocol/rules';
import { documentSelector } from '../documents';
import { section } from '../settings';
import { type ProxySettings, proxyEnvironment } from './proxyEnvironment';

/** So many write errors in a row mean that the server is gone. */
const maximumWriteErrors = 3;

/**
 * A client whose messages go to the output channel only. The library would raise a notification of its own
 * for each failed attempt; the extension shows one for each cause.
 */
class QuietLanguageClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

function readProxy(): ProxySettings {
  const http = vscode.workspace.getConfiguration('http');
  return { proxy: http.get('proxy'), noProxy: http.get('noProxy') };
}

/** @param closed called when the server ends without being asked to. */
export function createLanguageClient(
  serverModule: string,
  outputChannel: vscode.LogOutputChannel,
  closed: () => void,
): LanguageClient {
  const initializationOptions: InitializationOptions = { diagnostics: 'push', entities: true, rules: true };
  const client = new QuietLanguageClient(
    section,
    'Subtext',
    {
      module: serverModule,
      transport: TransportKind.ipc,
      options: { env: proxyEnvironment(readProxy(), process.env) },
    },
    {
      // The rule file, too, so that the server writes into it as it is, saved or not.
      documentSelector: [...documentSelector(), { scheme: 'file', pattern: `**/${RULE_FILE}` }],
      initializationOptions,
      outputChannel,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      diagnosticCollectionName: section,
      // A hover runs no command and shows no icon; it quotes models and documents.
      markdown: { isTrusted: false, supportHtml: false, supportThemeIcons: false },
      initializationFailedHandler: () => false,
      // The session restarts the server itself, each time with a fresh client.
      errorHandler: {
        error: (_error, _message, count) => ({
          action: (count ?? 0) <= maximumWriteErrors ? ErrorAction.Continue : ErrorAction.Shutdown,
          handled: true,
        }),
        closed: () => ({
          action: CloseAction.DoNotRestart,
          message: 'The connection to the server was closed.',
          handled: true,
        }),
      },
    },
  );
  client.onDidChangeState(({ newState }) => {
    if (newState === State.Stopped || newState === State.StartFailed) closed();
  });
  return client;
}
