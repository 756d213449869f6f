const TEST_FILE =
  /(^|[./])(test|spec|cy|e2e-spec)\.[cm]?[jt]sx?$|(^|\/)(__tests__|__mocks__|tests?|specs?|e2e|cypress)\//;

/** Files of tests hold apps and routes of their own, which are not the program's. */
export const isTestFile = (path: string): boolean => TEST_FILE.test(path);
