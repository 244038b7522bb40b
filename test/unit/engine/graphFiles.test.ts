import { expect, test } from 'vitest';
import { chooseGraph, listGraphs } from '../../../server/src/models/graphFiles';

const paths = [
  'config.json',
  'model.onnx',
  'onnx/model.onnx',
  'onnx/model.onnx_data',
  'onnx/model.onnx_data_1',
  'onnx/model.onnx.data',
  'onnx/model.onnx_data.lock',
  'onnx/model_fp16.onnx',
  'onnx/model_int8.onnx',
  'onnx/model_q4.onnx',
  'onnx/model_quantized.onnx',
  'onnx/model_uint8.onnx',
];
const without = (...names: string[]) => paths.filter((path) => !names.some((name) => path.endsWith(name)));

test('prefers small integers on a processor, then single, then half precision', () => {
  expect(chooseGraph(paths)).toEqual({
    precision: 'int8',
    graph: 'onnx/model_quantized.onnx',
    companions: [],
  });
  expect(chooseGraph(without('_quantized.onnx'))?.graph).toBe('onnx/model_int8.onnx');
  expect(chooseGraph(without('_quantized.onnx', '_int8.onnx'))?.graph).toBe('onnx/model_uint8.onnx');
  expect(chooseGraph(without('_quantized.onnx', 'int8.onnx'))).toEqual({
    precision: 'fp32',
    graph: 'onnx/model.onnx',
    companions: ['onnx/model.onnx_data', 'onnx/model.onnx_data_1', 'onnx/model.onnx.data'],
  });
});

test('takes the precision that is asked for, and none in its place', () => {
  expect(chooseGraph(paths, ['fp16'])?.graph).toBe('onnx/model_fp16.onnx');
  expect(chooseGraph(without('_fp16.onnx'), ['fp16'])).toBeUndefined();
  expect(chooseGraph(['config.json', 'model.onnx'])).toEqual({
    precision: 'fp32',
    graph: 'model.onnx',
    companions: [],
  });
});

test('lists one graph a precision', () => {
  expect(listGraphs(paths).map(({ graph }) => graph)).toEqual([
    'onnx/model.onnx',
    'onnx/model_fp16.onnx',
    'onnx/model_quantized.onnx',
  ]);
  expect(listGraphs(['onnx/model_q4.onnx'])).toEqual([]);
});
