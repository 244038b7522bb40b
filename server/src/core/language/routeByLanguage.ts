import type { AnalysisEngine } from '../ports';
import type { SentenceAnalysis } from '../tasks/results';

type Analyst = Pick<AnalysisEngine, 'analyze'>;

export interface LanguageRoutes {
  /** For sentences whose language is not certain, or makes no difference. */
  readonly main: Analyst;
  /** @returns undefined where the main one does as well. */
  engineFor(language: string): Analyst | undefined;
  /**
   * Tells the language of a sentence by its text alone, so that the same text has the same result wherever it
   * stands. Undefined where that is not certain.
   */
  languageOf(sentence: string): Promise<string | undefined>;
}

/** One engine out of several, each for the sentences of its language. */
export const routeByLanguage = (routes: LanguageRoutes): Analyst => ({
  async analyze(sentences, options): Promise<readonly SentenceAnalysis[]> {
    const results = new Array<SentenceAnalysis>(sentences.length);
    const groups = await groupSentences(sentences, routes);
    await Promise.all(
      groups.map(async ({ engine, language, indices }) => {
        const texts = indices.map((index) => sentences[index] as string);
        const analyses = await engine.analyze(texts, options);
        for (const [i, analysis] of analyses.entries())
          results[indices[i] as number] = language === undefined ? analysis : { ...analysis, language };
      }),
    );
    return results;
  },
});

interface Group {
  readonly engine: Analyst;
  /** Absent for the main engine. */
  readonly language?: string;
  /** Of its sentences. */
  readonly indices: number[];
}

async function groupSentences(
  sentences: readonly string[],
  { main, engineFor, languageOf }: LanguageRoutes,
): Promise<readonly Group[]> {
  const rest: Group = { engine: main, indices: [] };
  const byLanguage = new Map<string, Group>();
  for (const [index, sentence] of sentences.entries()) {
    const language = await languageOf(sentence);
    let group = language === undefined ? rest : byLanguage.get(language);
    if (!group && language !== undefined) {
      const engine = engineFor(language);
      group = engine ? { engine, language, indices: [] } : rest;
      byLanguage.set(language, group);
    }
    group?.indices.push(index);
  }
  return [...new Set([rest, ...byLanguage.values()])].filter(({ indices }) => indices.length > 0);
}
