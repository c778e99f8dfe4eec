import { InputError } from '../input-error.ts';
import { shellWord } from '../model/words.ts';

/** What holds a log but is no text: how it begins, and the command that writes its lines. */
const formats: readonly {
  readonly name: string;
  readonly begins: readonly number[];
  readonly command: string;
}[] = [
  { name: 'compressed with gzip', begins: [0x1f, 0x8b], command: 'zcat FILE' },
  { name: 'compressed with bzip2', begins: [0x42, 0x5a, 0x68], command: 'bzcat FILE' },
  { name: 'compressed with xz', begins: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], command: 'xzcat FILE' },
  { name: 'compressed with zstd', begins: [0x28, 0xb5, 0x2f, 0xfd], command: 'zstdcat FILE' },
  { name: 'a zip archive', begins: [0x50, 0x4b, 3, 4], command: 'unzip -p FILE' },
  {
    name: 'a journal of systemd',
    begins: [...Buffer.from('LPKSHHRH')],
    command: 'journalctl --file=FILE',
  },
];

/** Throws where a file holds a log in another form than text: read as text, it would be said to name no cause. */
export function demandText(file: string, beginning: Buffer): void {
  const format = formats.find(({ begins }) =>
    begins.every((octet, index) => beginning[index] === octet),
  );
  if (format === undefined) return;
  const isStandardInput = file === '-';
  const command = isStandardInput
    ? format.command
    : format.command.replace('FILE', () => shellWord(file));
  throw new InputError(
    'FILE_UNREADABLE',
    `${isStandardInput ? 'standard input' : file} is ${format.name}`,
    { hint: `pipe its text in: ${command} | etcd-tls-audit explain -` },
  );
}
