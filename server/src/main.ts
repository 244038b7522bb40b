import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { config } from '@vscode/l10n';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { version } from '../../package.json';
import type { ModelDescription } from './core/model';
import { bundledModelId } from './core/model';
import { InferenceHost } from './inference/host';
import { noHeapGrowthFlag } from './inference/smallHeap';
import { systemClock } from './inference/systemClock';
import { bundledLocation, describeModel } from './models/modelFolder';
import { startServer } from './server';

/** The programs are bundled into `dist/`, beside `models/` and `l10n/`. */
const extensionFolder = join(__dirname, '..');
const modelsDir = join(extensionFolder, 'models');

setFlagsFromString(noHeapGrowthFlag);

const connection = createConnection(ProposedFeatures.all);
startServer(connection, {
  version,
  model: readModel(),
  createEngine: ({ logger }) =>
    new InferenceHost({
      modelsDir,
      processPath: join(__dirname, 'inference.js'),
      threads: 0,
      logger,
      clock: systemClock,
    }),
  clock: systemClock,
  pause: () => nextTurn(),
  loadTranslations,
});
connection.listen();

/** A model that cannot be read has no labels; the inference process meets the same failure and explains it. */
function readModel(): ModelDescription {
  try {
    return describeModel(bundledLocation(modelsDir, bundledModelId));
  } catch {
    return {
      id: bundledModelId,
      revision: '',
      tasks: [],
      maxTokens: 0,
      hiddenSize: 0,
      vocabularySize: 0,
      padTokenId: 0,
      maskToken: '[MASK]',
      tokenLabels: [],
      sentimentLabels: [],
    };
  }
}

/** Strings stay English where there is no bundle for the language. */
async function loadTranslations(locale: string): Promise<void> {
  try {
    const file = join(extensionFolder, 'l10n', `bundle.l10n.${locale.toLowerCase()}.json`);
    config({ contents: await readFile(file, 'utf8') });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
