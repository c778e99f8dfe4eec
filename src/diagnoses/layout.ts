/** What a line says once its wrappers are off: journald, containers, syslog, JSON, logfmt and klog. */
export interface Layout {
  readonly form: 'zap' | 'logfmt' | 'bracketed' | 'klog' | 'capnslog' | 'go' | 'text';
  /** Message, error and every other field that carries content, without escapes. */
  readonly text: string;
  /** Fields by name; hostile. Empty where the form has none. */
  readonly fields: ReadonlyMap<string, unknown>;
  /** Name of the process, where a wrapper says it. */
  readonly program?: string;
  /** Its id, likewise. */
  readonly process?: string;
  /** Source file or package that logged, e.g. `embed/config_logging.go:169`, `rafthttp`. */
  readonly caller?: string;
  readonly time?: string;
  readonly level?: string;
}
