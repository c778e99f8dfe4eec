import { quote } from '../pki/go-text.ts';
import type { Setting } from '../model/settings.ts';
import type { Problems } from '../model/settings-problem.ts';
import { quoteAll } from './go-text.ts';
import { booleanOf, listOf, type RawSettings, textOf } from './raw-settings.ts';
import { refuse } from './settings-problem.ts';
import { type EtcdVersion, isAtLeast } from './version.ts';

/** What embed/config_logging.go setupLogging refuses, which comes before everything else but names. */
export function findLoggingProblems(raw: RawSettings, version: EtcdVersion): Problems {
  if (!isAtLeast(version, '3.4.0')) return oldOutput(raw);
  const logger = stringOf(raw, 'logger');
  const kind = logger?.value ?? (isAtLeast(version, '3.5.0') ? 'zap' : 'capnslog');
  if (logger !== undefined && !['zap', 'capnslog'].includes(kind)) {
    return refuse(logger, 'unknown-value', `unknown logger option ${quote(kind)}`, {
      names: 'zap',
    });
  }
  if (logger !== undefined && kind === 'capnslog' && isAtLeast(version, '3.5.0')) {
    return refuse(logger, 'unknown-value', '--logger=capnslog is removed in v3.5', {
      names: 'zap',
    });
  }
  return [
    ...outputProblems(raw, kind, version),
    ...levelProblems(raw, version),
    ...formatProblems(raw, version),
  ];
}

/** Also an empty text, which takes the place of the default. */
function stringOf(raw: RawSettings, name: string): Setting<string> | undefined {
  const setting = raw.get(name);
  return typeof setting?.value === 'string' ? { ...setting, value: setting.value } : undefined;
}

/** All that 3.3 has, and 3.4 without zap. */
const oldOutputs = ['default', 'stderr', 'stdout'];

function oldOutput(raw: RawSettings): Problems {
  const output = textOf(raw, 'log-output');
  if (output === undefined || oldOutputs.includes(output.value)) return [];
  const says = `unknown log-output ${quote(output.value)} (only supports "default", "stdout", "stderr")`;
  return refuse(output, 'unknown-value', says, { names: oldOutputs.join(', ') });
}

function outputProblems(raw: RawSettings, logger: string, version: EtcdVersion): Problems {
  const setting = listOf(raw, 'log-outputs');
  const outputs = [...new Set(setting?.value.flatMap((item) => item.split(',')) ?? ['default'])];
  const refused = setting === undefined ? [] : combination(setting, logger, outputs);
  const isRotating = refused.length === 0 && isAtLeast(version, '3.5.0');
  const rotation = isRotating ? rotationProblems(raw, outputs) : [];
  // systemd's journal comes last: the files are looked at before.
  const sinks =
    setting === undefined || logger === 'capnslog' ? [] : sinkProblems(setting, outputs);
  return [...refused, ...rotation, ...beyondJournal(setting, outputs), ...sinks].slice(0, 1);
}

const noFiles = new Set(['default', 'stderr', 'stdout', 'systemd/journal']);

/** What zap takes for a file or the URL of one (go.uber.org/zap sink.go). Whether the file can be written is not looked at. */
function sinkProblems(setting: Setting<unknown>, outputs: readonly string[]): Problems {
  const [first] = outputs
    .filter((output) => !noFiles.has(output))
    .flatMap((output) => {
      const why = refusedSink(output);
      return why === undefined ? [] : [`open sink ${quote(output)}: ${why}`];
    });
  return first === undefined ? [] : refuse(setting, 'log-sink', first);
}

const noFile = 'open : no such file or directory';

function refusedSink(output: string): string | undefined {
  const scheme = /^([a-zA-Z][a-zA-Z\d+.-]*):/.exec(output)?.[1]?.toLowerCase();
  if (scheme === undefined) return output === '' ? noFile : undefined;
  return scheme === 'file' ? refusedFile(output) : `no sink found for scheme ${quote(scheme)}`;
}

/** `file:///path` */
function refusedFile(url: string): string | undefined {
  const [, host = '', path = ''] = /^\w+:(?:\/\/([^/]*))?(.*)$/s.exec(url) ?? [];
  if (host !== '' && host !== 'localhost') {
    return `file URLs must leave host empty or use localhost: got ${url}`;
  }
  return path.startsWith('/') ? undefined : noFile;
}

function combination(
  setting: Setting<unknown>,
  logger: string,
  outputs: readonly string[],
): Problems {
  if (logger === 'capnslog') return withoutZap(setting, outputs);
  if (outputs.length === 1 || !outputs.includes('default')) return [];
  return refuse(setting, 'log-outputs', 'multi logoutput for "default" is not supported yet');
}

function withoutZap(setting: Setting<unknown>, outputs: readonly string[]): Problems {
  if (outputs.length > 1) {
    const all = quoteAll(outputs.toSorted());
    const says = `--logger=capnslog supports only 1 value in '--log-outputs', got ${all}`;
    return refuse(setting, 'log-outputs', says);
  }
  const [only = ''] = outputs;
  if (oldOutputs.includes(only)) return [];
  const says = `unknown log-output ${quote(only)} (only supports "default", "stderr", "stdout")`;
  return refuse(setting, 'unknown-value', says, { names: oldOutputs.join(', ') });
}

function beyondJournal(
  setting: Setting<unknown> | undefined,
  outputs: readonly string[],
): Problems {
  if (setting === undefined || outputs.length === 1 || !outputs.includes('systemd/journal')) {
    return [];
  }
  const all = quoteAll(outputs.toSorted());
  const says = `running with systemd/journal but other '--log-outputs' values (${all}) are configured with 'default'; override 'default' value with something else`;
  return refuse(setting, 'log-outputs', says);
}

function rotationProblems(raw: RawSettings, outputs: readonly string[]): Problems {
  const rotation = booleanOf(raw, 'enable-log-rotation');
  if (rotation?.value !== true) return [];
  const files = outputs.filter((output) => !['default', 'stderr', 'stdout'].includes(output));
  if (files.length > 1 || (files.length === 0 && outputs.length === 1)) {
    const says =
      '--log-outputs requires a single file path when --log-rotate-config-json is defined';
    return refuse(rotation, 'log-rotation', says);
  }
  const config = textOf(raw, 'log-rotation-config-json');
  if (config === undefined || isJson(config.value)) return [];
  return refuse(config, 'log-rotation', 'improperly formatted log rotation config: ');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const levels = ['debug', 'info', 'warn', 'error', 'dpanic', 'panic', 'fatal'];

/** From etcd 3.5 on zap reads them: capitals too, nothing as info, and `warning` with etcd 3.7. */
function levelProblems(raw: RawSettings, version: EtcdVersion): Problems {
  const level = raw.get('log-level');
  if (typeof level?.value !== 'string') return [];
  const byZap = isAtLeast(version, '3.5.0');
  const more = [...(byZap ? [''] : []), ...(isAtLeast(version, '3.7.0') ? ['warning'] : [])];
  const read = byZap ? level.value.toLowerCase() : level.value;
  if ([...levels, ...more].includes(read)) return [];
  const says = `${byZap ? 'unrecognized level:' : 'unknown level'} ${quote(level.value)}`;
  return refuse(level, 'unknown-value', says, { names: levels.join(', ') });
}

function formatProblems(raw: RawSettings, version: EtcdVersion): Problems {
  const format = textOf(raw, 'log-format');
  if (format === undefined || !isAtLeast(version, '3.6.0')) return [];
  if (['json', 'console'].includes(format.value)) return [];
  const says = `unknown log format: ${format.value}, supported values json, console`;
  return refuse(format, 'unknown-value', says, { names: 'json, console' });
}
