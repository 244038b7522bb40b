/** A text of which somebody has said what is in it; what, the kinds of annotation add. */
export interface AnnotatedText {
  readonly text: string;
  /** As the file has it; absent where neither the row nor the command line says so. */
  readonly language?: string | undefined;
  /** Counts from 1; where it begins. */
  readonly line: number;
}

/** What is wrong with an annotation file; the message completes "FILE: …" and holds nothing of the text. */
export class AnnotationError extends Error {
  override readonly name = 'AnnotationError';

  constructor(line: number, problem: string) {
    super(`line ${line.toLocaleString('en')}: ${problem}`);
  }
}

export interface Line {
  /** Without its break, and without white space at its end. */
  readonly text: string;
  /** Counts from 1. */
  readonly number: number;
}

export const splitLines = (text: string): readonly Line[] =>
  text.split(/\r\n|\r|\n/u).map((line, i) => ({ text: line.trimEnd(), number: i + 1 }));
