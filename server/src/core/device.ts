/** The execution providers that Subtext knows, by onnxruntime's names. */
export const deviceNames = ['cpu', 'webgpu', 'dml', 'coreml', 'cuda'] as const;
export type DeviceName = (typeof deviceNames)[number];

/** What the setting `subtext.device` may say. */
export type DeviceSetting = 'auto' | DeviceName;
