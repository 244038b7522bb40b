import type { ProblemType } from './textClassification';

/** Puts the scores of a sequence head on one scale, whatever its labels are. Scores are one a label, in their order. */
export interface SentimentScale {
  /** −1 (negative) … +1 (positive). */
  value(scores: readonly number[]): number;
  /** How probable the negative pole is, 0…1. */
  negative(scores: readonly number[]): number;
}

/**
 * The scale of a model, by the valence of its labels: −1 for a negative, 0 for a neutral, +1 for a positive one.
 * Where there are very negative and very positive labels, the plain ones count half. n stars are at (n − 3) / 2.
 * Emotions count as the pole they belong to, where there is no doubt. Numbered labels (`LABEL_0`, …) of which there
 * are 2, 3 or 5 are taken to go from negative to positive. Labels that say nothing of these count 0.
 *
 * - One label out of several (softmax): the expectation of the valence; negative: the sum of negative labels.
 * - Independent labels (sigmoid): the most probable positive label less the most probable negative one, since their
 *   probabilities do not add up to 1; negative: the most probable negative label.
 * - A single label with a probability p: 2p − 1 towards its pole; negative: p or 1 − p.
 * - Regression: the number itself, cut to −1…+1, because its range is nowhere told; negative: −value, at least 0.
 *
 * @returns undefined where the labels do not name both poles: then there is nothing to be put on a scale.
 */
export function toSentimentScale(
  labels: readonly string[],
  problemType?: ProblemType,
): SentimentScale | undefined {
  if (problemType === 'regression') return labels.length === 1 ? regression : undefined;
  const valences = toValences(labels);
  if (labels.length === 1) return valences[0] ? towards(Math.sign(valences[0])) : undefined;
  if (!valences.some((valence) => valence < 0) || !valences.some((valence) => valence > 0)) return undefined;
  return problemType === 'multi_label_classification' ? independent(valences) : exclusive(valences);
}

const regression: SentimentScale = {
  value: ([score = 0]) => Math.min(1, Math.max(-1, score)),
  negative: (scores) => Math.max(0, -regression.value(scores)),
};

const towards = (pole: number): SentimentScale => ({
  value: ([score = 0.5]) => pole * (2 * score - 1),
  negative: ([score = 0.5]) => (pole < 0 ? score : 1 - score),
});

const exclusive = (valences: readonly number[]): SentimentScale => ({
  value: (scores) => scores.reduce((sum, score, i) => sum + score * (valences[i] ?? 0), 0),
  negative: (scores) => scores.reduce((sum, score, i) => ((valences[i] ?? 0) < 0 ? sum + score : sum), 0),
});

function independent(valences: readonly number[]): SentimentScale {
  const strongest = (scores: readonly number[], pole: number): number =>
    Math.max(0, ...scores.map((score, i) => score * pole * (valences[i] ?? 0)));
  return {
    value: (scores) => strongest(scores, 1) - strongest(scores, -1),
    negative: (scores) => Math.max(0, ...scores.filter((_, i) => (valences[i] ?? 0) < 0)),
  };
}

/** In English, Chinese, Japanese, Korean, German, French, Spanish, Portuguese, Italian, Dutch, Russian, Arabic, Turkish. */
const negativeNames = new Set([
  ...['negative', 'neg', 'bad', 'unfavorable', 'unfavourable', 'negativ', 'négatif', 'négative', 'negativo'],
  ...['negativa', 'negatief', 'негативный', 'негатив', 'отрицательный', 'سلبي', 'olumsuz'],
  ...['负面', '負面', '消极', '消極', '负向', '差评', 'ネガティブ', '否定的', '부정', '부정적'],
  ...['anger', 'angry', 'annoyance', 'contempt', 'disappointment', 'disapproval', 'disgust', 'embarrassment'],
  ...['fear', 'grief', 'hate', 'nervousness', 'pessimism', 'remorse', 'sad', 'sadness', 'worry'],
  ...['愤怒', '憤怒', '厌恶', '厭惡', '恐惧', '恐懼', '悲伤', '悲傷', '怒り', '嫌悪', '恐れ', '悲しみ'],
]);
const positiveNames = new Set([
  ...['positive', 'pos', 'good', 'favorable', 'favourable', 'positiv', 'positif', 'positivo', 'positiva'],
  ...['positief', 'позитивный', 'позитив', 'положительный', 'إيجابي', 'olumlu'],
  ...['正面', '积极', '積極', '正向', '好评', 'ポジティブ', '肯定的', '긍정', '긍정적'],
  ...[
    'admiration',
    'amusement',
    'approval',
    'caring',
    'excitement',
    'gratitude',
    'happiness',
    'happy',
    'joy',
  ],
  ...['love', 'optimism', 'pride', 'relief', 'trust'],
  ...['喜悦', '喜悅', '高兴', '高興', '快乐', '快樂', '喜び', '信頼'],
]);

const stars =
  /^([1-5]) ?(?:stars?|étoiles?|sterne?|estrellas?|estrelas?|stell[ae]|ster(?:ren)?|つ?星|星级)?$|^stars? ([1-5])$/u;
const strongWord = /^(?:very|extremely|strongly|sehr|très|muy|molto|zeer|非常に?|とても|매우) ?/u;
const numbered = /^(?:label )?(\d+)$/u;
/** Numbers of ordered classes that leave no doubt which is which. */
const ordinalCounts: readonly number[] = [2, 3, 5];

function toValences(labels: readonly string[]): readonly number[] {
  const names = labels.map((label) =>
    label
      .normalize('NFKC')
      .trim()
      .toLowerCase()
      .replace(/[_\s-]+/gu, ' '),
  );
  const areNumbered = names.every((name, i) => numbered.exec(name)?.[1] === String(i));
  if (areNumbered && ordinalCounts.includes(names.length)) {
    return names.map((_, i) => (2 * i) / (names.length - 1) - 1);
  }
  const isGraded = names.some((name) => strongWord.test(name) && poleOf(name.replace(strongWord, '')) !== 0);
  return names.map((name) => {
    const star = stars.exec(name);
    if (star) return (Number(star[1] ?? star[2]) - 3) / 2;
    const plain = name.replace(strongWord, '');
    return poleOf(plain) * (isGraded && plain === name ? 1 / 2 : 1);
  });
}

function poleOf(name: string): -1 | 0 | 1 {
  if (negativeNames.has(name)) return -1;
  return positiveNames.has(name) ? 1 : 0;
}
