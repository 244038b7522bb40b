import { type Answer, calibrationError } from '../../core/evaluation/calibration';
import {
  type ClassificationReport,
  type ClassifiedText,
  reportClassification,
} from '../../core/evaluation/classification';
import { mean } from '../../core/evaluation/scores';
import { argmax } from '../../core/tasks/softmax';
import type { AnnotatedText } from './annotations';
import { byLanguage } from './languages';

/** A text with its class and the probabilities that the model gives it, in the order of its labels. */
export interface JudgedText extends AnnotatedText {
  readonly annotated: number;
  readonly probabilities: readonly number[];
}

export interface SentimentGroup extends ClassificationReport {
  /** The language. */
  readonly name: string;
  readonly calibrationError: number;
}

export interface SentimentEvaluation extends ClassificationReport {
  /** Of the most probable class; 0…1. */
  readonly calibrationError: number;
  readonly languages: readonly SentimentGroup[];
  /** Means over the languages. */
  readonly macroLanguages: { readonly accuracy: number; readonly f1: number };
}

export const evaluateSentiment = (
  texts: readonly JudgedText[],
  labels: readonly string[],
): SentimentEvaluation => {
  const languages = [...byLanguage(texts)].map(([name, group]) => ({ name, ...report(group, labels) }));
  return {
    ...report(texts, labels),
    languages,
    macroLanguages: {
      accuracy: mean(languages.map(({ accuracy }) => accuracy)),
      f1: mean(languages.map(({ macro }) => macro.f1)),
    },
  };
};

const report = (texts: readonly JudgedText[], labels: readonly string[]) => {
  const classified: ClassifiedText[] = [];
  const answers: Answer[] = [];
  for (const { annotated, probabilities } of texts) {
    const found = argmax(probabilities);
    classified.push({ annotated, found });
    answers.push({ confidence: probabilities[found] ?? 0, right: found === annotated });
  }
  return { ...reportClassification(classified, labels), calibrationError: calibrationError(answers) };
};
