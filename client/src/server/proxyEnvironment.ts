/** The editor's settings `http.proxy` and `http.noProxy`. */
export interface ProxySettings {
  readonly proxy?: string | undefined;
  readonly noProxy?: readonly string[] | undefined;
}

/**
 * What tells the server the editor's proxy, which it needs for downloads. Variables that are set already go first,
 * as they do in the editor itself.
 */
export function proxyEnvironment(
  { proxy, noProxy = [] }: ProxySettings,
  environment: NodeJS.ProcessEnv,
): Readonly<Record<string, string>> {
  const isSet = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some((name) => environment[name]);
  if (!proxy || isSet) return {};
  return {
    HTTPS_PROXY: proxy,
    HTTP_PROXY: proxy,
    ...(noProxy.length > 0 && { NO_PROXY: noProxy.join(',') }),
  };
}
