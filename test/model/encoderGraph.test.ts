import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toEncoderBatch } from '../../server/src/core/batches';
import { EngineError } from '../../server/src/core/ports';
import { ModelProtoSchema } from '../../server/src/graphs/onnx_pb';
import { EncoderGraph, type WantedOutput } from '../../server/src/inference/encoderGraph';

/** Data types of ONNX. */
const types = { float: 1, int32: 6, int64: 7, float16: 10 };
const INT_ATTRIBUTE = 2;

interface GraphOptions {
  /** Besides `input_ids`; the logits of a token are its id and this. */
  readonly second: string;
  readonly type?: 'float' | 'int32' | 'int64';
  readonly outputType?: 'float' | 'float16' | 'int32';
  readonly output?: string;
  readonly rows?: number;
  readonly columns?: number;
}

/** ONNX with what the schema of the server leaves out: the version of the format and of the operators. */
const versions = Uint8Array.of(0x08, 8, 0x42, 2, 0x10, 17);

function makeGraph(options: GraphOptions): Uint8Array {
  const { second, type = 'int64', outputType = 'float', output = 'logits', rows, columns } = options;
  const dim = [
    rows ? { dimValue: BigInt(rows) } : { dimParam: 'batch' },
    columns ? { dimValue: BigInt(columns) } : { dimParam: 'sequence' },
  ];
  const input = (name: string) => ({ name, type: { tensorType: { elemType: types[type], shape: { dim } } } });
  const integer = (name: string, i: number) => ({ name, i: BigInt(i), type: INT_ATTRIBUTE });
  const toColumn = (name: string) => [
    {
      opType: 'Cast',
      input: [name],
      output: [`${name}/cast`],
      attribute: [integer('to', types[outputType])],
    },
    { opType: 'Unsqueeze', input: [`${name}/cast`, 'axis'], output: [`${name}/column`] },
  ];
  const message = create(ModelProtoSchema, {
    graph: {
      node: [
        ...toColumn('input_ids'),
        ...toColumn(second),
        {
          opType: 'Concat',
          input: ['input_ids/column', `${second}/column`],
          output: [output],
          attribute: [integer('axis', 2)],
        },
      ],
      initializer: [
        { name: 'axis', dims: [1n], dataType: types.int64, rawData: Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0) },
      ],
      input: [input('input_ids'), input(second)],
      output: [
        {
          name: output,
          type: { tensorType: { elemType: types[outputType], shape: { dim: [...dim, { dimValue: 2n }] } } },
        },
      ],
    },
  });
  return Buffer.concat([versions, toBinary(ModelProtoSchema, message)]);
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'subtext-encoder-'));
});
afterAll(() => rm(folder, { recursive: true }));

const logits: WantedOutput = { name: 'logits', isPerToken: true, width: 2, meaning: 'labels of config.json' };

async function load(options: GraphOptions, wanted = logits): Promise<EncoderGraph> {
  const file = join(folder, 'graph.onnx');
  await writeFile(file, makeGraph(options));
  const rules = { padTokenId: 1, firstPosition: 2 };
  return EncoderGraph.load({ file }, { threads: 1, device: 'cpu' }, rules, [wanted]);
}

const batch = toEncoderBatch([[5, 6, 7], [8]], 1);

async function run(options: GraphOptions): Promise<readonly number[]> {
  const [data] = await (await load(options)).run(batch, [logits]);
  expect(data).toBeInstanceOf(Float32Array);
  return [...(data ?? [])];
}

/** Pairs of the ids, padding included, and of what else the graph was given. */
const expected = (...second: number[]) =>
  [5, 6, 7, 8, 1, 1].flatMap((id, i) => [id, second[i] ?? Number.NaN]);

test.each<[string, GraphOptions, number[]]>([
  ['attention', { second: 'attention_mask' }, [1, 1, 1, 1, 0, 0]],
  ['32-bit integers', { second: 'attention_mask', type: 'int32' }, [1, 1, 1, 1, 0, 0]],
  ['segments', { second: 'token_type_ids' }, [0, 0, 0, 0, 0, 0]],
  ['positions, which begin where the model says', { second: 'position_ids' }, [2, 3, 4, 2, 3, 4]],
  ['half precision', { second: 'position_ids', outputType: 'float16' }, [2, 3, 4, 2, 3, 4]],
  ['an output of another name', { second: 'position_ids', output: 'output_0' }, [2, 3, 4, 2, 3, 4]],
  ['one row at a time', { second: 'position_ids', rows: 1 }, [2, 3, 4, 2, 3, 4]],
  ['more rows than there are', { second: 'position_ids', rows: 3 }, [2, 3, 4, 2, 3, 4]],
  ['more columns than there are', { second: 'attention_mask', rows: 1, columns: 8 }, [1, 1, 1, 1, 0, 0]],
])('%s', async (_, options, second) => {
  expect(await run(options)).toEqual(expected(...second));
});

test('tells the shape that it takes', async () => {
  expect((await load({ second: 'attention_mask', rows: 2, columns: 8 })).shape).toEqual({
    rows: 2,
    columns: 8,
  });
  expect((await load({ second: 'attention_mask' })).shape).toEqual({ rows: undefined, columns: undefined });
});

test.each<[string, GraphOptions, WantedOutput, string]>([
  [
    'an unknown input',
    { second: 'pixel_values' },
    logits,
    'asks for an input that Subtext does not know: pixel_values.',
  ],
  [
    'an input of another type',
    { second: 'attention_mask', type: 'float' },
    logits,
    'wants its input input_ids as float32; only int64 and int32 can be given.',
  ],
  [
    'an output that is not there',
    { second: 'attention_mask' },
    { ...logits, name: 'token_logits' },
    'has no output token_logits.',
  ],
  [
    'another number of labels',
    { second: 'attention_mask' },
    { ...logits, width: 9 },
    'the output logits is of shape [batch, sequence, 2] instead of 3 dimensions, the last of 9 (labels of config.json). ' +
      'The graph does not belong to its config.json.',
  ],
  [
    'an output a token instead of one a text',
    { second: 'attention_mask' },
    { ...logits, isPerToken: false },
    'the output logits is of shape [batch, sequence, 2] instead of 2 dimensions, the last of 2',
  ],
])('%s is an error when the graph is loaded', async (_, options, wanted, message) => {
  const loading = load(options, wanted);
  await expect(loading).rejects.toThrow(EngineError);
  await expect(loading).rejects.toThrow(message);
});

test('whole numbers as output are an error', async () => {
  await expect(run({ second: 'attention_mask', outputType: 'int32' })).rejects.toThrow(
    'the output logits is of int32 instead of floating-point numbers.',
  );
});
