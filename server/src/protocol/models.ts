import { NotificationType, RequestType, RequestType0 } from 'vscode-jsonrpc';
import type { ModelTask, Precision } from '../core/model';

/*
 * Choosing, downloading and removing models, and the devices they run on. Only these requests, each of which the
 * user starts, may reach for the network.
 */

/** A model that can be chosen, whether it is here or not. */
export interface ModelInfo {
  /** What a setting `subtext.models.*` would say. */
  readonly ref: string;
  readonly title: string;
  readonly source: 'bundled' | 'catalog' | 'hub' | 'folder';
  readonly tasks: readonly ModelTask[];
  readonly installed: boolean;
  /** On disk where it is installed, else to download; absent where that is not known yet. */
  readonly bytes?: number;
  /** SPDX id, or what the repository says; absent where it says nothing. */
  readonly licence?: string;
  /** BCP 47; empty where it is not known. */
  readonly languages: readonly string[];
  /** A published figure in a few words, for instance `CoNLL-2003 F1 92.6`. */
  readonly score?: string;
  /** Where it is described. */
  readonly url?: string;
  /** Where it lies, if it does. */
  readonly path?: string;
  /** Why it cannot be used, for a person, where it is here but broken; it has no tasks then. */
  readonly problem?: string;
  /** Whether Subtext may remove it: what it or Python's huggingface_hub downloaded, not folders of the user. */
  readonly removable: boolean;
}

/** The bundled model, the catalogue, and what lies in the Hugging Face cache. No network. */
export const ModelsRequest = {
  method: 'subtext/models',
  type: new RequestType0<readonly ModelInfo[], void>('subtext/models'),
} as const;

/**
 * What a reference that a person wrote leads to; of a repository that is not here, no more than its name may be
 * known. Fails where it is no reference, or a folder without a model. No network.
 */
export const FindModelRequest = {
  method: 'subtext/findModel',
  type: new RequestType<{ readonly ref: string }, ModelInfo, void>('subtext/findModel'),
} as const;

/** What a download would bring. */
export interface DownloadPlan {
  readonly model: ModelInfo;
  /** Commit that the revision stands for now. */
  readonly commit: string;
  /** Host that is asked, for instance `huggingface.co`. */
  readonly host: string;
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  /** Of the graph among them. */
  readonly precision: Precision;
  /** All graphs that the repository has, with what each would bring in all. */
  readonly precisions: readonly { readonly precision: Precision; readonly bytes: number }[];
  /** Absolute path of the cache that it goes to. */
  readonly folder: string;
  /** Of all files, and of those that are not here yet. */
  readonly bytes: number;
  readonly missingBytes: number;
}

/** Comes with the error of a request that reached for the network. */
export interface DownloadFailure {
  /** Whether trying the same again may help: the network failed or the Hub was busy. */
  readonly retry: boolean;
}

export interface PlanDownloadParams {
  readonly ref: string;
  /** Absent: the one that suits a processor best. */
  readonly precision?: Precision;
}

/** Asks the Hub what a model consists of, so that the user can consent. Network. */
export const PlanDownloadRequest = {
  method: 'subtext/planDownload',
  type: new RequestType<PlanDownloadParams, DownloadPlan, DownloadFailure>('subtext/planDownload'),
} as const;

export interface DownloadModelParams extends PlanDownloadParams {
  /** Of the plan. */
  readonly commit: string;
}

/** Downloads what was planned; cancelling the request keeps what is there for the next try. Network. */
export const DownloadModelRequest = {
  method: 'subtext/downloadModel',
  type: new RequestType<DownloadModelParams, ModelInfo, DownloadFailure>('subtext/downloadModel'),
} as const;

export interface DownloadProgressParams {
  readonly ref: string;
  readonly receivedBytes: number;
  readonly totalBytes: number;
}

/** Sent while a download runs, a few times a second. */
export const DownloadProgressNotification = {
  method: 'subtext/downloadProgress',
  type: new NotificationType<DownloadProgressParams>('subtext/downloadProgress'),
} as const;

/** Removes a downloaded model from the Hugging Face cache. Fails while a task uses it. */
export const RemoveModelRequest = {
  method: 'subtext/removeModel',
  type: new RequestType<{ readonly ref: string }, { readonly freedBytes: number }, void>(
    'subtext/removeModel',
  ),
} as const;

export interface ModelMissingParams {
  /** What the setting of the task says. */
  readonly ref: string;
  readonly task: ModelTask;
  /** Why it cannot be used, for a person; absent where it is just not installed, and a download may help. */
  readonly message?: string;
}

/** A task does with the bundled model because the chosen one is not there. Sent once for each task and reference. */
export const ModelMissingNotification = {
  method: 'subtext/modelMissing',
  type: new NotificationType<ModelMissingParams>('subtext/modelMissing'),
} as const;

/** One line of the table of *Benchmark Devices*. */
export interface DeviceMeasurement {
  /** `cpu`, `webgpu`, `dml`, `coreml`, `cuda`. */
  readonly device: string;
  /** Name of the graphics card or processor, where it is known. */
  readonly hardware?: string;
  readonly precision: string;
  readonly model: string;
  readonly status: 'ok' | 'unavailable' | 'wrong' | 'crashed';
  /** Why it is not `ok`, for a person. */
  readonly message?: string;
  readonly loadMilliseconds?: number;
  readonly tokensPerSecond?: number;
  /** Largest difference of a probability from the CPU's. */
  readonly difference?: number;
  /** How 8-bit weights are multiplied there: as unsigned ones where products with signed ones saturate. */
  readonly weightSign?: 'signed' | 'unsigned';
}

/** Measures every device of this machine with the models in use, each in a process of its own. */
export const BenchmarkDevicesRequest = {
  method: 'subtext/benchmarkDevices',
  type: new RequestType0<readonly DeviceMeasurement[], void>('subtext/benchmarkDevices'),
} as const;

/** What it takes to run models with CUDA: onnxruntime's provider, which is too large to come with the extension. */
export interface CudaPlan {
  /** Name of the package at its source. */
  readonly package: string;
  readonly version: string;
  /** Host that is asked. */
  readonly host: string;
  /** To download. */
  readonly bytes: number;
  /** SPDX expression or address; absent where the source says nothing. */
  readonly licence?: string;
}

/**
 * Asks the source what an installation would bring, so that the user can consent. Fails with `RequestFailed` and a
 * message for the user where there is none for this platform. Network.
 */
export const PlanCudaRequest = {
  method: 'subtext/planCuda',
  type: new RequestType0<CudaPlan, void>('subtext/planCuda'),
} as const;

/** What can be said of CUDA after its installation. */
export interface CudaInstallResult {
  /** Whether a model ran on it. */
  readonly works: boolean;
  /** Where it does not: what is missing, for a person. */
  readonly message?: string;
}

/** Downloads and installs what was planned, and tries it; cancelling the request leaves nothing behind. Network. */
export const InstallCudaRequest = {
  method: 'subtext/installCuda',
  type: new RequestType0<CudaInstallResult, void>('subtext/installCuda'),
} as const;

/** Sent while CUDA support is downloaded, a few times a second. */
export const CudaProgressNotification = {
  method: 'subtext/cudaProgress',
  type: new NotificationType<{ readonly receivedBytes: number; readonly totalBytes: number }>(
    'subtext/cudaProgress',
  ),
} as const;
