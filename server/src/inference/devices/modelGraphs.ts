import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Precision } from '../../core/model';
import { listGraphs } from '../../models/graphFiles';
import type { ModelLocation } from '../../models/modelLocation';

/** The weights of a model, as far as the choice of a device asks for them. */
export interface ModelGraphs {
  /** Which graph files there are to choose from; none where the location names one or the layout knows but one. */
  readonly precisions: readonly Precision[];
  /** Of the smallest graph with its weights. */
  readonly bytes: number;
  /** Differs when a file of weights does. */
  readonly fingerprint: string;
}

/** Reads the folder, no file. */
export function readGraphs({ path, precision }: ModelLocation): ModelGraphs {
  const files = ['', 'onnx/'].flatMap((folder) =>
    namesIn(join(path, folder))
      .filter((name) => name.includes('.onnx'))
      .map((name) => {
        const { size, mtimeMs } = statSync(join(path, folder, name));
        return { path: folder + name, size, mtimeMs };
      }),
  );
  const sizes = new Map(files.map((file) => [file.path, file.size]));
  const graphs = listGraphs([...sizes.keys()]);
  const sums = graphs.map(({ graph, companions }) =>
    [graph, ...companions].reduce((sum, file) => sum + (sizes.get(file) ?? 0), 0),
  );
  return {
    precisions: precision ? [] : graphs.map((one) => one.precision),
    bytes: graphs.length > 0 ? Math.min(...sums) : files.reduce((sum, { size }) => sum + size, 0),
    fingerprint: JSON.stringify(files.map((file) => [file.path, file.size, file.mtimeMs])),
  };
}

/** A folder that is missing is met, and explained, when the model is loaded. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
