/** What the prose of a document is, where that is a matter of taste. */
export interface ExtractionOptions {
  /** In code: whether strings that read as text are prose, beside comments. */
  readonly strings: boolean;
  /** In tables: names of columns, or their numbers from 1 on; all columns that hold text if it is left out. */
  readonly columns?: readonly string[];
  /** In JSON: names of the fields that hold prose; `*` for all. */
  readonly fields: readonly string[];
  /** Of languages that are not known. */
  readonly unknown: 'plaintext' | 'nothing';
}

export const defaultExtractionOptions: ExtractionOptions = {
  strings: false,
  fields: [
    ...[
      'text',
      'content',
      'message',
      'title',
      'subtitle',
      'description',
      'summary',
      'body',
      'caption',
      'comment',
    ],
    ...[
      'sentence',
      'question',
      'answer',
      'instruction',
      'prompt',
      'response',
      'completion',
      'abstract',
      'review',
    ],
  ],
  unknown: 'plaintext',
};
