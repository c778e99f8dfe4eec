import type { ClientDraft, TextFile } from '../../../model/draft.ts';
import type { Setting } from '../../../model/settings.ts';

type Files = Pick<ClientDraft, 'caFile' | 'certFile' | 'keyFile'>;

/** Files of a client, each of which may be PEM in place of a path: such a text gets a path of its own. */
export function textsApart(
  { caFile, certFile, keyFile }: { readonly [name in keyof Files]: Setting<string> | undefined },
  file: string,
): { readonly files: Files; readonly embedded: readonly TextFile[] } {
  const [ca, cert, key] = [
    textApart(caFile, file),
    textApart(certFile, file),
    textApart(keyFile, file),
  ];
  return {
    files: {
      ...(ca.setting === undefined ? {} : { caFile: ca.setting }),
      ...(cert.setting === undefined ? {} : { certFile: cert.setting }),
      ...(key.setting === undefined ? {} : { keyFile: key.setting }),
    },
    embedded: [ca, cert, key].flatMap(({ embedded }) => embedded),
  };
}

function textApart(
  setting: Setting<string> | undefined,
  file: string,
): { readonly setting?: Setting<string>; readonly embedded: readonly TextFile[] } {
  if (setting === undefined) return { embedded: [] };
  const { value, origin } = setting;
  if (!value.includes('-----BEGIN ')) return { setting, embedded: [] };
  const path = `${file}#${origin.name ?? ''}`;
  return { setting: { value: path, origin }, embedded: [{ path, text: value }] };
}
