/*
 * Just enough of the ONNX file format (a protobuf message) to give a model other outputs. What is not looked at
 * is kept byte by byte. Field numbers are those of onnx.proto.
 */

const MODEL_GRAPH = 7;
const GRAPH_NODE = 1;
const GRAPH_OUTPUT = 12;
const NODE_INPUT = 1;
const NODE_OUTPUT = 2;
const VALUE_NAME = 1;

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

interface Field {
  readonly number: number;
  /** Tag and value. */
  readonly bytes: Uint8Array;
  /** The content, of length-delimited fields. */
  readonly content?: Uint8Array;
}

/**
 * Makes `output` the only output of a model, under another name, and leaves out the nodes that it does not
 * need. Weights, in the file or outside, stay.
 *
 * @param model the content of an .onnx file.
 * @throws Error when the model has no such output.
 */
export function keepOutput(model: Uint8Array, output: string, newName: string): Uint8Array {
  return encode(
    decode(model).map((field) =>
      field.number === MODEL_GRAPH && field.content
        ? lengthDelimited(MODEL_GRAPH, keepGraphOutput(field.content, output, newName))
        : field.bytes,
    ),
  );
}

function keepGraphOutput(graph: Uint8Array, output: string, newName: string): Uint8Array {
  const fields = decode(graph);
  const isKept = (field: Field): boolean =>
    field.number === GRAPH_OUTPUT && strings(field, VALUE_NAME).includes(output);
  if (!fields.some(isKept)) throw new Error(`The model has no output ${output}.`);

  const nodes = fields.filter(({ number }) => number === GRAPH_NODE);
  const needed = new Set([output]);
  const neededNodes = new Set<Field>();
  // Nodes are in topological order, so what a node needs is made by nodes before it.
  for (const node of nodes.toReversed()) {
    if (!strings(node, NODE_OUTPUT).some((name) => needed.has(name))) continue;
    neededNodes.add(node);
    for (const name of strings(node, NODE_INPUT)) needed.add(name);
  }

  return encode(
    fields.flatMap((field) => {
      switch (field.number) {
        case GRAPH_NODE:
          return neededNodes.has(field) ? [rename(field, [NODE_INPUT, NODE_OUTPUT], output, newName)] : [];
        case GRAPH_OUTPUT:
          return isKept(field) ? [rename(field, [VALUE_NAME], output, newName)] : [];
        default:
          return [field.bytes];
      }
    }),
  );
}

/** A message in which string fields with a certain value have another one. */
function rename(message: Field, numbers: readonly number[], from: string, to: string): Uint8Array {
  const fields = decode(message.content ?? new Uint8Array()).map((field) =>
    numbers.includes(field.number) && toText(field) === from
      ? lengthDelimited(field.number, new TextEncoder().encode(to))
      : field.bytes,
  );
  return lengthDelimited(message.number, encode(fields));
}

const toText = ({ content }: Field): string => new TextDecoder().decode(content);

const strings = ({ content }: Field, number: number): readonly string[] =>
  content
    ? decode(content)
        .filter((field) => field.number === number)
        .map(toText)
    : [];

function decode(message: Uint8Array): readonly Field[] {
  const fields: Field[] = [];
  for (let at = 0; at < message.length; ) {
    const start = at;
    const tag = readVarint(message, at);
    at = tag.end;
    const type = tag.value & 7;
    let content: Uint8Array | undefined;
    switch (type) {
      case VARINT:
        at = readVarint(message, at).end;
        break;
      case FIXED64:
        at += 8;
        break;
      case FIXED32:
        at += 4;
        break;
      case LENGTH_DELIMITED: {
        const length = readVarint(message, at);
        at = length.end + length.value;
        content = message.subarray(length.end, at);
        break;
      }
      default:
        throw new Error(`Not an ONNX model: wire type ${type}.`);
    }
    if (at > message.length) throw new Error('Not an ONNX model: a field ends behind the file.');
    const bytes = message.subarray(start, at);
    fields.push(content ? { number: tag.value >>> 3, bytes, content } : { number: tag.value >>> 3, bytes });
  }
  return fields;
}

/** Values above 2^53 are not exact; those of tags and lengths are far below. */
function readVarint(bytes: Uint8Array, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let at = start, factor = 1; at < bytes.length; at++, factor *= 128) {
    const byte = bytes[at] ?? 0;
    value += (byte & 127) * factor;
    if (byte < 128) return { value, end: at + 1 };
  }
  throw new Error('Not an ONNX model: a number ends behind the file.');
}

function toVarint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

const lengthDelimited = (number: number, content: Uint8Array): Uint8Array =>
  encode([
    Uint8Array.from([...toVarint((number << 3) | LENGTH_DELIMITED), ...toVarint(content.length)]),
    content,
  ]);

const encode = (parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts);
