import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Engine } from '../../server/src/core/engine';
import { NativeTokenizer } from '../../server/src/inference/nativeTokenizer';
import { OrtRunner } from '../../server/src/inference/ortRunner';
import { bundledLocation, readModelFolder, verifyFiles } from '../../server/src/models/modelFolder';
import { root } from '../support/paths';

/** An interpreter with models/training/requirements.txt installed. */
const python = process.env['SUBTEXT_TRAINING_PYTHON'] ?? '';
const minutes = 60_000;

const run = promisify(execFile);
let folder: string;
let output: string;

/** Reproducible numbers from 0 to 1 (a linear congruence is random enough to make up words). */
function makeChance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Rows of a made-up language in the form of the corpora: capitalised words are places, "glad" is positive. */
async function writeCorpora(path: string): Promise<void> {
  const chance = makeChance(7);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(chance() * from.length)] as T;
  const syllables = [...'bdfgklmnprstvz'].flatMap((consonant) =>
    [...'aeiou'].map((vowel) => consonant + vowel),
  );
  const words = Array.from({ length: 1200 }, () => pick(syllables) + pick(syllables) + pick(syllables));
  const sentence = () => Array.from({ length: 6 }, () => pick(words));
  const place = () => pick(words).replace(/^./, (first) => first.toUpperCase());
  const entityRow = () => ({
    lang: 'en',
    source: 'made_up',
    weight: 1,
    tokens: [...sentence(), 'in', place(), '.'],
    tags: [...Array<string>(7).fill('O'), 'B-LOC', 'O'],
  });
  const sentimentRow = (_: unknown, i: number) => {
    const mood = ['bad', 'plain', 'glad'][i % 3] as string;
    return {
      lang: 'en',
      source: 'made_up',
      label: i % 3,
      text: `${sentence().join(' ')} ${mood} ${mood} ${pick(words)}`,
    };
  };
  const toLines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  await writeFile(join(path, 'ner.jsonl'), toLines(Array.from({ length: 400 }, entityRow)));
  await writeFile(join(path, 'dev_ner.jsonl'), toLines(Array.from({ length: 40 }, entityRow)));
  await writeFile(join(path, 'sentiment.jsonl'), toLines(Array.from({ length: 400 }, sentimentRow)));
  await writeFile(join(path, 'dev_sentiment.jsonl'), toLines(Array.from({ length: 60 }, sentimentRow)));
  const paragraphs = Array.from({ length: 2000 }, () => `en\t${sentence().join(' ')}.\n`);
  await writeFile(join(path, 'raw.tsv'), paragraphs.join(''));
}

/** Enough to learn the made-up language: which sentences are glad, and that capitals are places. */
const size = ['--limit', '500', '--steps', '800'];

const recipe = (...step: string[]) =>
  run(python, [join(root, 'models/training/run.py'), ...step, '--smoke', ...size, '--out', output]);

describe.skipIf(!python)(
  'for maintainers, only where SUBTEXT_TRAINING_PYTHON names an interpreter: the training recipe, run as a whole',
  () => {
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'subtext-training-'));
      output = join(folder, 'run');
      await writeCorpora(folder);
      await recipe('all', '--pack', folder);
    }, 10 * minutes);
    afterAll(() => rm(folder, { recursive: true }));

    it('makes a model folder and a catalogue that the engine loads unchanged', async () => {
      const model = readModelFolder(bundledLocation(join(output, 'models'), 'subtext-smoke'));
      await verifyFiles(model, 'encoder');
      await verifyFiles(model, 'mask');
      const tokenizer = await NativeTokenizer.fromFile(join(model.path, 'tokenizer.json'));
      const runner = await OrtRunner.create(model, { threads: 1, device: 'cpu' });
      const engine = new Engine(model.description, tokenizer, runner, {});
      const texts = ['boda glad glad zuku', 'boda bad bad zuku', ''];
      const analyses = await engine.analyze(texts, { aggregation: 'first' });
      const sentiments = analyses.map(({ sentiment }) => sentiment);
      const labels = model.description.sentimentLabels;
      const best = sentiments.map((scores) => labels[scores.indexOf(Math.max(...scores))]);
      expect(best.slice(0, 2)).toEqual(['positive', 'negative']);
      const [mask] = await engine.fillMask('boda [MASK] zuku', { topK: 5 });
      expect(mask?.candidates).toHaveLength(5);

      const script =
        'import json, sys, torch; from transformers import AutoModelForSequenceClassification as M, ' +
        'PreTrainedTokenizerFast as T; p = sys.argv[1]; m = M.from_pretrained(p); ' +
        't = T(tokenizer_file=p + "/tokenizer.json"); ' +
        'print(json.dumps([m(torch.tensor([t(x)["input_ids"]])).logits.softmax(-1)[0].tolist() for x in sys.argv[2:]]))';
      const { stdout } = await run(python, [
        '-c',
        script,
        join(output, 'transformers/sequence'),
        ...texts.slice(0, 2),
      ]);
      const expected = JSON.parse(stdout) as number[][];
      const differences = expected.map((scores, i) =>
        Math.max(...scores.map((score, label) => Math.abs(score - (sentiments[i]?.[label] ?? 0)))),
      );
      // int8 against fp32.
      expect(Math.max(...differences)).toBeLessThan(0.05);
    });

    it('tells scores, data and probes in the card', async () => {
      const card = await readFile(join(output, 'models/subtext-smoke/README.md'), 'utf8');
      for (const part of ['## Scores', '## Bias probes', '## Known failures', 'made_up', 'smoke run']) {
        expect(card).toContain(part);
      }
    });

    it('does nothing again that is done', async () => {
      const { stdout } = await recipe('all');
      expect(stdout).toBe('');
    });
  },
);
