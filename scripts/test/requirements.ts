import { spawnSync } from 'node:child_process';
import { findDesktopEditor } from '../../test/e2e/harness/desktopEditor';
import { ensureWorkbench } from '../../test/e2e/harness/workbench';
import { findEmulator } from '../../test/support/emulator';
import { findBrowser, findExecutable } from '../../test/support/executables';
import { canTraceNetwork } from '../../test/support/networkTrace';
import { findSoftwareVulkan } from '../../test/support/vulkan';
import type { Requirement } from './stage';

export const browser: Requirement = {
  name: 'Chromium or Chrome',
  remedy: 'install one (Debian: apt-get install chromium), or set CHROMIUM to its path',
  check: () => (findBrowser() ? undefined : 'not found'),
};

export const workbench: Requirement = {
  name: 'VS Code workbench',
  remedy: 'see the message above, then run npm test again',
  check: async () => {
    // Without a browser, which is told on its own, nothing would use it.
    if (!findBrowser()) return undefined;
    try {
      await ensureWorkbench(console.log);
      return undefined;
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
      return 'could not be installed';
    }
  },
};

export const desktopEditor: Requirement = {
  name: 'desktop VS Code',
  remedy:
    'run the tests where it can be downloaded and there is a screen (or a virtual one: apt-get install xvfb)',
  optionalInCi: true,
  check: async () => {
    const found = await findDesktopEditor();
    return 'reason' in found ? found.reason : undefined;
  },
};

export const neovim: Requirement = {
  name: 'Neovim',
  remedy: 'install Neovim 0.7 or newer (Debian: apt-get install neovim)',
  check: () => (findExecutable('nvim') ? undefined : 'not found'),
};

export const emacs: Requirement = {
  name: 'Emacs with Eglot',
  remedy: 'install Emacs 29, or Emacs 28 with Eglot (Debian: apt-get install emacs-nox elpa-eglot)',
  check: () => {
    if (!findExecutable('emacs')) return 'not found';
    const eglot = spawnSync('emacs', ['--batch', '--eval', "(require 'eglot)"], { timeout: 30_000 });
    return eglot.status === 0 ? undefined : 'Eglot not found';
  },
};

export const networkTracer: Requirement = {
  name: 'strace',
  remedy: 'on Linux, install strace (Debian: apt-get install strace) and allow tracing of processes',
  check: () => (canTraceNetwork() ? undefined : 'not found, or not allowed to trace'),
};

export const softwareVulkan: Requirement = {
  name: 'Vulkan without a graphics card',
  remedy: 'on Debian x64: apt-get install chromium libvulkan1',
  check: () => (findSoftwareVulkan() ? undefined : "Chromium's SwiftShader or the Vulkan loader not found"),
};

export const emulator: Requirement = {
  name: 'emulator of a processor without VNNI',
  remedy: 'on Linux x64: apt-get install qemu-user',
  check: () => (findEmulator() ? undefined : 'qemu-x86_64 not found'),
};

export const trainingPython: Requirement = {
  name: 'Python for the training recipe',
  remedy:
    'for maintainers: install models/training/requirements.txt and set SUBTEXT_TRAINING_PYTHON to the interpreter',
  optionalInCi: true,
  check: () => (process.env['SUBTEXT_TRAINING_PYTHON'] ? undefined : 'SUBTEXT_TRAINING_PYTHON is not set'),
};
