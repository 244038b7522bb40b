import type { AnalysisEngine } from './ports';
import type { SentenceAnalysis } from './tasks/results';

/** Engines by what they are asked for; one that is absent leaves its part of the results empty. */
export interface TaskEngines {
  readonly entities?: Pick<AnalysisEngine, 'analyze'> | undefined;
  readonly sentiment?: Pick<AnalysisEngine, 'analyze'> | undefined;
}

/** One engine out of those of the tasks. Where both are the same, one pass answers both. */
export function combineEngines({ entities, sentiment }: TaskEngines): Pick<AnalysisEngine, 'analyze'> {
  if (entities === sentiment && entities) return entities;
  return {
    async analyze(sentences, options): Promise<readonly SentenceAnalysis[]> {
      const [found, judged] = await Promise.all([
        entities?.analyze(sentences, options),
        sentiment?.analyze(sentences, options),
      ]);
      return sentences.map((_, i) => ({
        mentions: found?.[i]?.mentions ?? [],
        sentiment: judged?.[i]?.sentiment ?? [],
      }));
    },
  };
}
