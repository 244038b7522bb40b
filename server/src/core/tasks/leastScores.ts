/** What counts where neither the user nor the model says anything. */
const otherwise = 0.6;

/** From which score on the mentions of an entity type are shown, 0…1. */
export type LeastScores = Readonly<Record<string, number>>;

/**
 * What a model's card recommends, chosen on texts with known entities so that most of what is shown is right. A model is
 * surer of itself in some types and languages than it is right, and less sure in others.
 */
export interface RecommendedScores {
  /** By type, in languages that `languages` does not name and where the language is not certain. */
  readonly types: LeastScores;
  /** By language code (`toLanguageCode`), and there by type. */
  readonly languages: Readonly<Record<string, LeastScores>>;
}

/** @param language of the sentence; undefined where it is not certain. */
export const leastScoreOf = (
  type: string,
  recommended: RecommendedScores | undefined,
  language: string | undefined,
): number => recommended?.languages[language ?? '']?.[type] ?? recommended?.types[type] ?? otherwise;
