import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { config } from '@vscode/l10n';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { version } from '../../package.json';
import { fetchThroughProxy } from './fetchThroughProxy';
import { prunePrepared } from './graphs/preparedGraphs';
import { readHubEnvironment } from './hub/hubEnvironment';
import { DeviceService } from './inference/devices/deviceService';
import { InferenceHost } from './inference/host';
import { noHeapGrowthFlag } from './inference/smallHeap';
import { systemClock } from './inference/systemClock';
import { surviveRejections } from './lastResort';
import { InstalledModels } from './models/installedModels';
import { ModelStore } from './models/modelStore';
import { startServer } from './server';
import { stateFolder } from './stateFolder';

/** The programs are bundled into `dist/`, beside `models/` and `l10n/`. */
const extensionFolder = join(__dirname, '..');
const modelsDir = join(extensionFolder, 'models');
const processPath = join(__dirname, 'inference.js');
const stateDir = stateFolder();

setFlagsFromString(noHeapGrowthFlag);

const store = new ModelStore({
  modelsDir,
  environment: readHubEnvironment(process.env, homedir()),
  prune: () => prunePrepared(stateDir),
});
const connection = createConnection(ProposedFeatures.all);
surviveRejections(process, connection.console);
startServer(connection, {
  version,
  models: new InstalledModels(modelsDir, (ref) => store.resolve(ref)),
  store,
  createDevices: ({ logger }) =>
    new DeviceService({ processPath, stateDir, fetch: fetchThroughProxy, clock: systemClock, logger }),
  createEngine: ({ location }, { logger, devices }) =>
    new InferenceHost({
      location,
      stateDir,
      processPath,
      threads: 0,
      logger,
      clock: systemClock,
      startChild: devices.startChild,
    }),
  clock: systemClock,
  pause: () => nextTurn(),
  loadTranslations,
});
connection.listen();

/** Strings stay English where there is no bundle for the language. */
async function loadTranslations(locale: string): Promise<void> {
  try {
    const file = join(extensionFolder, 'l10n', `bundle.l10n.${locale.toLowerCase()}.json`);
    config({ contents: await readFile(file, 'utf8') });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
