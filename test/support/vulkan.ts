import { existsSync } from 'node:fs';

/** A Vulkan driver that needs no graphics card; it comes with Debian's Chromium. */
const swiftShader = '/usr/lib/chromium/vk_swiftshader_icd.json';
const loaders = ['/usr/lib/x86_64-linux-gnu', '/usr/lib64', '/usr/lib'].map(
  (folder) => `${folder}/libvulkan.so.1`,
);

/** The description of the software driver; undefined where it or the system's Vulkan loader is missing. */
export const findSoftwareVulkan = (): string | undefined =>
  process.platform === 'linux' &&
  process.arch === 'x64' &&
  existsSync(swiftShader) &&
  loaders.some(existsSync)
    ? swiftShader
    : undefined;
