import { type Precision, precisions } from '../core/model';

/** A graph of a repository with the files that it cannot be loaded without. Paths use `/`. */
export interface GraphFiles {
  readonly precision: Precision;
  readonly graph: string;
  /** External weights, in the same folder as the graph. */
  readonly companions: readonly string[];
}

/** Where graphs lie in a repository, the usual place first. */
const folders = ['onnx/', ''];

/**
 * Names of the graph by precision, the best first: signed weights run faster than unsigned ones, and `_quantized`
 * is what converters make of a model by their own judgement.
 */
const names: Readonly<Record<Precision, readonly string[]>> = {
  fp32: ['model.onnx'],
  fp16: ['model_fp16.onnx'],
  int8: ['model_quantized.onnx', 'model_int8.onnx', 'model_uint8.onnx'],
};

/** Half precision gains nothing on a processor, and some of its operators are missing there. */
export const cpuPrecisions: readonly Precision[] = ['int8', 'fp32', 'fp16'];

/**
 * The graph to use of those in a folder or repository.
 *
 * @param paths all files, relative to the folder with config.json.
 * @param preference which precisions will do, the best first.
 */
export function chooseGraph(
  paths: readonly string[],
  preference: readonly Precision[] = cpuPrecisions,
): GraphFiles | undefined {
  for (const precision of preference) {
    for (const folder of folders) {
      for (const name of names[precision]) {
        const graph = folder + name;
        if (paths.includes(graph)) return { precision, graph, companions: companionsOf(graph, paths) };
      }
    }
  }
  return undefined;
}

/** The best graph of each precision that there is. */
export const listGraphs = (paths: readonly string[]): readonly GraphFiles[] =>
  precisions.flatMap((precision) => chooseGraph(paths, [precision]) ?? []);

/** External weights are `model.onnx_data`, `model.onnx_data_1`, … or `model.onnx.data`. */
const companionsOf = (graph: string, paths: readonly string[]): readonly string[] =>
  paths.filter(
    (path) => path.startsWith(graph) && /^(?:_data(?:_\d+)?|\.data)$/.test(path.slice(graph.length)),
  );
