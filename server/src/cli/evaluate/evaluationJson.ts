import type { Json } from '../../core/surfaces/json';
import { FORMAT_VERSION, roundScore, toJsonDocument, toJsonModel } from '../jsonFormat';
import type { Evaluation, EvaluationSetup } from './evaluation';

/** The JSON that `subtext evaluate` writes; docs/cli.md describes it for its readers. */
export const toEvaluationJson = (
  { task, scores }: Evaluation,
  { model, device, files, options }: EvaluationSetup,
): Json => {
  const output = {
    version: FORMAT_VERSION,
    model: toJsonModel(model),
    device,
    task,
    ...(task === 'entities' && { threshold: options.threshold ?? null, aggregation: options.aggregation }),
    ...(task === 'sentiment' && { labels: model.sentimentLabels }),
    ...(task === 'fill-mask' && { sample: options.sample, seed: options.seed }),
    files,
    scores,
  };
  // Counts are whole and stay as they are.
  const rounded = (_key: string, value: unknown) => (typeof value === 'number' ? roundScore(value) : value);
  return toJsonDocument(output, rounded);
};
