import { RequestType } from 'vscode-jsonrpc';
import type { ExecuteCommandParams } from 'vscode-languageclient/node';
import {
  CHANGE_RULES_COMMAND,
  type RuleChange,
  type RuleChangeParams,
} from '../../../server/src/protocol/rules';
import { showRequestError } from '../server/requestError';
import type { ServerSession } from '../server/serverSession';

const executeCommand = new RequestType<ExecuteCommandParams, unknown, void>('workspace/executeCommand');

/** Has the server write a rule into the rule file of a document's folder; what fails is shown. */
export async function changeRules(session: ServerSession, uri: string, change: RuleChange): Promise<void> {
  const params: RuleChangeParams = { uri, target: 'workspace', change };
  try {
    await session.start();
    await session.request(executeCommand, {
      command: CHANGE_RULES_COMMAND,
      arguments: [params],
    });
  } catch (error) {
    showRequestError(error);
  }
}
