import { bundledModelId } from '../../server/src/core/model';
import { forkInference } from '../../server/src/inference/childProcess';
import { InferenceHost } from '../../server/src/inference/host';
import { systemClock } from '../../server/src/inference/systemClock';
import { bundledLocation } from '../../server/src/models/modelFolder';

/*
 * A parent for inference.test.ts to kill: keeps an inference process at work and prints its pid once it works.
 * Arguments: the bundled inference process, the models folder.
 */

const [, , processPath = '', modelsDir = ''] = process.argv;
const fork = forkInference(processPath);
const ignore = (): void => {};
const host = new InferenceHost({
  location: bundledLocation(modelsDir, bundledModelId),
  processPath,
  threads: 1,
  logger: { info: ignore, warn: ignore, error: ignore },
  clock: systemClock,
  startChild: (listener) => {
    const child = fork({
      ...listener,
      message: (message) => {
        listener.message(message);
        if (message.type === 'working') process.stdout.write(`${child.pid}\n`);
      },
    });
    return child;
  },
});
host.start();
// Far more than is done before the parent is killed.
const sentence = 'Anna wohnt in Berlin und fährt morgen nach Paris.';
host.analyze(Array(100_000).fill(sentence), { aggregation: 'average' }).catch(ignore);
