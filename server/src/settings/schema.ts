import type { DeviceSetting } from '../core/device';
import { bundledModelId } from '../core/model';
import { aggregations } from '../core/tasks/aggregation';
import { defaultExtractionOptions } from '../core/text/extractionOptions';

/*
 * The one source of Subtext's settings. `package.json`'s `contributes.configuration`, the strings in
 * package.nls.json and the table in docs/settings.md are generated from it; a test fails when they differ.
 */

interface Common<T> {
  readonly default: T;
  /** `resource`: may differ a folder or language; `window`: one value; `machine`: never from a workspace. */
  readonly scope: 'resource' | 'language-overridable' | 'window' | 'machine' | 'machine-overridable';
  /** A workspace's value counts only where the workspace is trusted. So it is with `machine-overridable`, too. */
  readonly restricted?: true;
  /** One or two plain sentences of Markdown. */
  readonly description: string;
}

export interface BooleanSetting extends Common<boolean> {
  readonly type: 'boolean';
}
export interface NumberSetting extends Common<number> {
  readonly type: 'number' | 'integer';
  readonly minimum: number;
  readonly maximum: number;
}
/** A number, or null for what suits the case. */
export interface OptionalNumberSetting extends Common<number | null> {
  readonly type: 'number?';
  readonly minimum: number;
  readonly maximum: number;
}
export interface EnumSetting<T extends string = string> extends Common<T> {
  readonly type: 'enum';
  readonly values: Readonly<Record<T, string>>;
}
export interface StringSetting extends Common<string> {
  readonly type: 'string';
  /** For people, what may stand there. */
  readonly form: string;
}
export interface StringListSetting extends Common<readonly string[]> {
  readonly type: 'string[]';
}
/** A number for each of some names. */
export interface NumbersSetting extends Common<Readonly<Record<string, number>>> {
  readonly type: 'numbers';
  readonly minimum: number;
  readonly maximum: number;
}
/** A string for each of some names. */
export interface StringsSetting extends Common<Readonly<Record<string, string>>> {
  readonly type: 'strings';
  /** For people, what may stand there. */
  readonly form: string;
}
export type Setting =
  | BooleanSetting
  | NumberSetting
  | OptionalNumberSetting
  | EnumSetting
  | StringSetting
  | StringListSetting
  | NumbersSetting
  | StringsSetting;

const severities = {
  off: 'No diagnostics.',
  hint: 'Three dots below the text; not in the Problems panel.',
  information: 'Blue squiggle.',
  warning: 'Yellow squiggle.',
  error: 'Red squiggle.',
} as const;

const model = {
  type: 'string',
  default: bundledModelId,
  scope: 'resource',
  restricted: true,
  form: 'model of the catalogue, `owner/name`, `owner/name@revision` or absolute path of a folder',
} as const;

/** Keys are relative to the section `subtext`. */
export const settingsSchema = {
  enabled: {
    type: 'boolean',
    default: true,
    scope: 'resource',
    description: 'Analyze open documents. Off, only *Analyze Document* and fill-mask do.',
  },
  run: {
    type: 'enum',
    values: {
      onType: 'When a document is opened, and as one types.',
      onSave: 'When a document is opened and when it is saved; meanwhile the marks move with the text.',
      manual: 'Only by *Analyze Document*.',
    },
    default: 'onType',
    scope: 'resource',
    description: 'When documents are analyzed.',
  },
  'typing.waitForWord': {
    type: 'boolean',
    default: true,
    scope: 'resource',
    description:
      'Do not judge a sentence while a word of it is being typed: only when the word is left, or after a short pause.',
  },
  languages: {
    type: 'string[]',
    default: [
      ...[
        'markdown',
        'mdx',
        'quarto',
        'rmd',
        'plaintext',
        'latex',
        'tex',
        'restructuredtext',
        'asciidoc',
        'org',
        'typst',
        'html',
      ],
      ...['git-commit', 'mail', 'srt', 'subrip', 'vtt', 'webvtt'],
    ],
    scope: 'window',
    description:
      'Language identifiers of the documents to analyze. Add `csv`, `jsonl` or `json` for the texts in data. What is not known is read as plain text.',
  },
  'prose.comments': {
    type: 'boolean',
    default: true,
    scope: 'window',
    description: 'Analyze the comments of code, in some 115 languages.',
  },
  'prose.strings': {
    type: 'boolean',
    default: false,
    scope: 'resource',
    description: 'In code, analyze strings that read as text, too, and not comments only.',
  },
  'prose.columns': {
    type: 'string[]',
    default: [],
    scope: 'resource',
    description:
      'In tables (CSV, TSV): names or numbers of the columns to analyze; none: all that hold text.',
  },
  'prose.fields': {
    type: 'string[]',
    default: defaultExtractionOptions.fields,
    scope: 'resource',
    description: 'In JSON and JSON Lines: names of the fields whose strings are analyzed; `*`: all.',
  },
  'entities.enabled': {
    type: 'boolean',
    default: true,
    scope: 'resource',
    description: 'Find named entities: highlights, outline, hover.',
  },
  'entities.threshold': {
    type: 'number?',
    minimum: 0,
    maximum: 1,
    default: null,
    scope: 'resource',
    description:
      'Show entities of at least this confidence (0 to 1). `null`: what the model recommends for the language and the type of entity; 0.6 where it says nothing.',
  },
  'entities.thresholds': {
    type: 'numbers',
    minimum: 0,
    maximum: 1,
    default: {},
    scope: 'resource',
    description:
      'The least confidence (0 to 1) for single entity types, for instance `{ "MISC": 0.9 }`. It counts instead of the threshold for all.',
  },
  'entities.aggregation': {
    type: 'enum',
    values: {
      auto: '`simple` in sentences with kana or Hangul, `first` in all others.',
      none: 'Every word piece by itself.',
      simple: 'Neighbouring pieces of one type.',
      first: 'Whole words, labelled by their first piece.',
      average: 'Whole words, labelled by the mean of their pieces.',
      max: 'Whole words, labelled by their most confident piece.',
    },
    default: 'auto',
    scope: 'window',
    description:
      'How word pieces are joined to entities; the names other than `auto` are those of Hugging Face transformers.',
  },
  'entities.diagnostics': {
    type: 'enum',
    values: severities,
    default: 'off',
    scope: 'resource',
    description: 'Report every entity as a diagnostic, too.',
  },
  'sentiment.enabled': {
    type: 'boolean',
    default: true,
    scope: 'resource',
    description: 'Judge the sentiment of sentences: hover and diagnostics.',
  },
  'sentiment.diagnostics': {
    type: 'enum',
    values: severities,
    default: 'information',
    scope: 'resource',
    description:
      'Report strongly negative sentences with this severity; never those of code, which speak of errors without being upset.',
  },
  'sentiment.threshold': {
    type: 'number',
    minimum: 0,
    maximum: 1,
    default: 0.85,
    scope: 'resource',
    description: 'A sentence is strongly negative from this probability on (0 to 1).',
  },
  'diagnostics.maximum': {
    type: 'integer',
    minimum: 0,
    maximum: 10_000,
    default: 100,
    scope: 'resource',
    description: 'Most diagnostics a document; the strongest ones are kept.',
  },
  'ignore.words': {
    type: 'string[]',
    default: [],
    scope: 'resource',
    description: 'Names that are not reported as entities, regardless of case.',
  },
  'ignore.types': {
    type: 'string[]',
    default: [],
    scope: 'resource',
    description: 'Entity types that are not reported, for instance `MISC`.',
  },
  'ignore.files': {
    type: 'string[]',
    default: [],
    scope: 'resource',
    description:
      'Glob patterns of documents that are not analyzed, for instance `vendor/**`. Paths are relative to the workspace folder.',
  },
  'fillMask.candidates': {
    type: 'integer',
    minimum: 1,
    maximum: 100,
    default: 10,
    scope: 'resource',
    description: 'How many words *Suggest Words (Fill Mask)* offers.',
  },
  'fillMask.words': {
    type: 'string[]',
    default: [],
    scope: 'resource',
    description:
      'Where there are any, only these words are suggested, the most probable first: the terms of a house style, the labels of a form.',
  },
  'limits.documentCharacters': {
    type: 'integer',
    minimum: 1_000,
    maximum: 100_000_000,
    default: 4_000_000,
    scope: 'resource',
    description: 'Larger documents are not analyzed unless you ask with *Analyze Document*.',
  },
  'models.entities': {
    ...model,
    description: 'The model that finds entities. Best chosen with *Choose Model*.',
  },
  'models.sentiment': {
    ...model,
    description: 'The model that judges sentiment. Best chosen with *Choose Model*.',
  },
  'models.fillMask': {
    ...model,
    description: 'The model that fills masks. Best chosen with *Choose Model*.',
  },
  'models.byLanguage': {
    type: 'strings',
    default: {},
    scope: 'resource',
    restricted: true,
    form: 'object: language codes (ISO 639-1) and models, as in `subtext.models.entities`',
    description:
      'Models for the sentences of single languages, for instance `{ "zh": "owner/model" }`: they find entities or judge sentiment there instead of the models above, whichever they can.',
  },
  'models.skipUnknownLanguages': {
    type: 'boolean',
    default: true,
    scope: 'resource',
    description:
      'Leave out sentences that are certainly in a language which the model does not know. The language status and a hover say so.',
  },
  'models.unloadAfterMinutes': {
    type: 'integer',
    minimum: 0,
    maximum: 1_440,
    default: 15,
    scope: 'machine-overridable',
    description: 'A model that nobody needed for so long is unloaded until it is needed again; 0 keeps it.',
  },
  'models.memoryMegabytes': {
    type: 'integer',
    minimum: 0,
    maximum: 1_000_000,
    default: 4_096,
    scope: 'machine-overridable',
    description:
      'When the files of the loaded models are larger than this together, those that are idle are unloaded, the least recently used first.',
  },
  'inference.threads': {
    type: 'integer',
    minimum: 0,
    maximum: 64,
    default: 0,
    scope: 'machine-overridable',
    description: 'Threads for inference; 0 takes half of the processors, but at least two and at most four.',
  },
  device: {
    type: 'enum',
    values: {
      auto: 'The bundled model and others as small run on the CPU; larger ones on the fastest device whose results agree with it. That is found out once for each model, which takes some seconds, and remembered.',
      cpu: 'The processor, everywhere.',
      webgpu: 'Any graphics card: Windows, macOS with an Apple chip, Linux x64.',
      dml: 'DirectML: Windows.',
      coreml: 'Core ML: macOS with an Apple chip.',
      cuda: 'NVIDIA graphics cards: Linux x64, after *Install CUDA Support*.',
    } satisfies Readonly<Record<DeviceSetting, string>>,
    default: 'auto',
    scope: 'machine-overridable',
    description:
      'Where models run. A device is used only when its results agree with those of the CPU; else the CPU is, and a message says why.',
  },
} as const satisfies Readonly<Record<string, Setting>>;

export type SettingKey = keyof typeof settingsSchema;

type Value<S> = S extends { type: 'boolean' }
  ? boolean
  : S extends { type: 'number' | 'integer' }
    ? number
    : S extends { type: 'number?' }
      ? number | null
      : S extends { type: 'string' }
        ? string
        : S extends { type: 'string[]' }
          ? readonly string[]
          : S extends { type: 'numbers' | 'strings' }
            ? Readonly<Record<string, S extends { type: 'numbers' } ? number : string>>
            : S extends { type: 'enum'; values: infer V }
              ? keyof V & string
              : never;

/** The settings that hold for one document, by their keys in the schema. */
export type Settings = { readonly [K in SettingKey]: Value<(typeof settingsSchema)[K]> };

// The enum's names and the decoder's are the same list; this fails to compile, or at start, when they part.
aggregations satisfies readonly Settings['entities.aggregation'][];
