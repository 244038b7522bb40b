import { readFile } from 'node:fs/promises';
import { Tokenizer as Native } from 'tokenizers';
import { type Encoding, EngineError, type Tokenizer } from '../core/ports';
import { toUtf16Offsets } from '../core/tokenizer/encoding';

/** Hugging Face's tokenizers library. Encoding runs on its own threads. */
export class NativeTokenizer implements Tokenizer {
  readonly continuingSubwordPrefix: string | undefined;
  readonly unknownTokenId: number | undefined;
  readonly #native: Native;
  /** Of the ids asked for: the decoder asks for every token, and a call into the library is dear. */
  readonly #tokens = new Map<number, string>();

  private constructor(native: Native, model: TokenizerModel) {
    this.#native = native;
    this.continuingSubwordPrefix = model.continuing_subword_prefix ?? undefined;
    this.unknownTokenId =
      typeof model.unk_token === 'string'
        ? this.tokenToId(model.unk_token)
        : (model.unk_id ?? this.tokenToId('<unk>'));
  }

  /**
   * @param file path of a tokenizer.json.
   * @throws EngineError when it is unreadable or no tokenizer.
   */
  static async fromFile(file: string): Promise<NativeTokenizer> {
    try {
      const text = await readFile(file, 'utf8');
      const native = Native.fromString(text);
      // Texts are cut into windows later, and padded by the batch.
      native.disableTruncation();
      native.disablePadding();
      return new NativeTokenizer(native, (JSON.parse(text) as { model: TokenizerModel }).model);
    } catch (error) {
      throw new EngineError(`The tokenizer ${file} cannot be loaded: ${messageOf(error)}`);
    }
  }

  async encode(texts: readonly string[]): Promise<readonly Encoding[]> {
    const encodings = await this.#native.encodeBatch([...texts]);
    return encodings.map((encoding, i) => ({
      ids: encoding.getIds(),
      offsets: toUtf16Offsets(encoding.getOffsets() as [number, number][], texts[i] ?? ''),
      wordIds: encoding.getWordIds().map((word) => word ?? null),
      specialTokensMask: encoding.getSpecialTokensMask(),
    }));
  }

  tokenToId(token: string): number | undefined {
    return this.#native.tokenToId(token) ?? undefined;
  }

  idToToken(id: number): string | undefined {
    let token = this.#tokens.get(id);
    if (token === undefined) {
      token = this.#native.idToToken(id) ?? undefined;
      if (token !== undefined) this.#tokens.set(id, token);
    }
    return token;
  }

  decode(ids: readonly number[]): Promise<string> {
    return this.#native.decode([...ids], false);
  }
}

/** The part of tokenizer.json's model that the binding does not tell. */
interface TokenizerModel {
  readonly continuing_subword_prefix?: string | null;
  readonly unk_token?: string | null;
  /** Unigram models name it by its id. */
  readonly unk_id?: number | null;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
