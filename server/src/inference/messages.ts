import type { DeviceName } from '../core/device';
import type { Priority, WordOptions } from '../core/ports';
import type { Aggregation } from '../core/tasks/aggregation';
import type { MaskPrediction, SentenceAnalysis, TokenInspection, WordCandidate } from '../core/tasks/results';
import type { ModelLocation } from '../models/modelLocation';
import type { WeightSign } from './integerProducts';

/*
 * What the server and its inference process say to each other. Plain data, structured clone.
 */

/** First of all: which model, and how. Answered by `loaded` or `loadFailed`. */
export interface LoadMessage {
  readonly type: 'load';
  readonly location: ModelLocation;
  /** Threads within an operator. */
  readonly threads: number;
  /** Absent: the processor. */
  readonly device?: DeviceName | undefined;
  /** Folder for what is derived from models and can be made again; absent: nothing is kept. */
  readonly stateDir?: string | undefined;
  /** As in `SessionOptions`. */
  readonly exactProducts?: boolean | undefined;
}

/** Instead of `load`: tries the model on a device. Answered by `probed` or `loadFailed`. */
export interface ProbeMessage {
  readonly type: 'probe';
  readonly location: ModelLocation;
  readonly threads: number;
  readonly device: DeviceName;
  /** As in `load`. */
  readonly stateDir?: string | undefined;
  /** As in `load`. */
  readonly exactProducts?: boolean | undefined;
}

/** Answered by `analyzed` or `requestFailed`, unless cancelled. */
export interface AnalyzeMessage {
  readonly type: 'analyze';
  readonly id: number;
  readonly sentences: readonly string[];
  readonly aggregation: Aggregation;
  readonly priority: Priority;
}

/** Answered by `filled` or `requestFailed`, unless cancelled. */
export interface FillMaskMessage {
  readonly type: 'fillMask';
  readonly id: number;
  readonly text: string;
  readonly topK: number;
  readonly targets: readonly string[] | undefined;
}

/** Answered by `wordsFilled` or `requestFailed`, unless cancelled. */
export interface FillWordsMessage extends WordOptions {
  readonly type: 'fillWords';
  readonly id: number;
  readonly text: string;
}

/** Answered by `inspected` or `requestFailed`, unless cancelled. */
export interface InspectMessage {
  readonly type: 'inspect';
  readonly id: number;
  readonly text: string;
}

/** Drops a request at its next step; it gets no answer. */
export interface CancelMessage {
  readonly type: 'cancel';
  readonly id: number;
}

/** Ends the process at the next step. */
export interface ShutdownMessage {
  readonly type: 'shutdown';
}

export type RequestMessage = AnalyzeMessage | FillMaskMessage | FillWordsMessage | InspectMessage;
export type ToInference = LoadMessage | ProbeMessage | RequestMessage | CancelMessage | ShutdownMessage;

export interface LoadedMessage {
  readonly type: 'loaded';
  /** The execution provider. */
  readonly device: string;
  /** Why it is not the device that was asked for, for a person. */
  readonly note?: string | undefined;
}

export interface ProbedMessage {
  readonly type: 'probed';
  readonly loadMilliseconds: number;
  /** Without padding, once everything is warm. */
  readonly tokensPerSecond: number;
  /** How 8-bit weights are multiplied, where the model has any. */
  readonly weightSign: WeightSign;
  /** What the model makes of some texts, to be compared with another device. */
  readonly probabilities: Float32Array;
}

/** The model cannot be used; trying again without a change is pointless. The process ends after it. */
export interface LoadFailedMessage {
  readonly type: 'loadFailed';
  /** For the user. */
  readonly message: string;
}

/** Sent before each step: a sign of life, and the request to blame should the process die in it. */
export interface WorkingMessage {
  readonly type: 'working';
  readonly id: number;
}

export interface AnalyzedMessage {
  readonly type: 'analyzed';
  readonly id: number;
  readonly results: readonly SentenceAnalysis[];
  /** Time spent on this request, pauses for others left out. */
  readonly milliseconds: number;
}

export interface FilledMessage {
  readonly type: 'filled';
  readonly id: number;
  readonly predictions: readonly MaskPrediction[];
}

export interface WordsFilledMessage {
  readonly type: 'wordsFilled';
  readonly id: number;
  readonly candidates: readonly WordCandidate[];
}

export interface InspectedMessage {
  readonly type: 'inspected';
  readonly id: number;
  readonly inspection: TokenInspection;
}

export interface RequestFailedMessage {
  readonly type: 'requestFailed';
  readonly id: number;
  /** The tensors could not be run, which on another device they might. */
  readonly inRuntime: boolean;
  /** For the user; no document text. */
  readonly message: string;
}

/** For the output channel; no document text. */
export interface LogMessage {
  readonly type: 'log';
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
}

export type FromInference =
  | LoadedMessage
  | LoadFailedMessage
  | ProbedMessage
  | WorkingMessage
  | AnalyzedMessage
  | FilledMessage
  | WordsFilledMessage
  | InspectedMessage
  | RequestFailedMessage
  | LogMessage;
