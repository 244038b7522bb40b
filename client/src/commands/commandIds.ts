/** Every command of the extension. `package.json` contributes exactly these; a test compares them. */
export const commandIds = {
  fillMask: 'subtext.fillMask',
  fillAllMasks: 'subtext.fillAllMasks',
  inspectTokens: 'subtext.inspectTokens',
  analyzeDocument: 'subtext.analyzeDocument',
  showProse: 'subtext.showProse',
  addToGazetteer: 'subtext.addToGazetteer',
  importGazetteer: 'subtext.importGazetteer',
  toggleEntities: 'subtext.toggleEntities',
  toggleSentiment: 'subtext.toggleSentiment',
  chooseModel: 'subtext.chooseModel',
  manageModels: 'subtext.manageModels',
  benchmarkDevices: 'subtext.benchmarkDevices',
  installCuda: 'subtext.installCuda',
  restartServer: 'subtext.restartServer',
  showOutput: 'subtext.showOutput',
} as const;

export type CommandName = keyof typeof commandIds;
