/** Go's build information as Go 1.18 and later write it (debug/buildinfo). */
export function buildInfo(goVersion: string, modules = ''): Buffer {
  const header = Buffer.alloc(32);
  header.write('\u00ff Go buildinf:', 'latin1');
  header.set([8, 2], 14);
  return Buffer.concat([header, behindLength(goVersion), behindLength(modules)]);
}

/** Modules as they are in memory, between sixteen bytes on either side. */
export function modulesInMemory(...lines: readonly string[]): string {
  const sentinel = 's'.repeat(16);
  return `${sentinel}${lines.map((line) => `${line}\n`).join('')}${sentinel}`;
}

function behindLength(text: string): Buffer {
  const bytes: number[] = [];
  let rest = Buffer.byteLength(text);
  for (; rest > 0x7f; rest >>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.concat([Buffer.from([...bytes, rest]), Buffer.from(text)]);
}

/** A program as ELF-64, of which Go's section is the last of so many. */
export function elf(info: Buffer, sectionCount = 2): Buffer {
  const names = Buffer.alloc(16);
  names.write('.go.buildinfo', 1);
  const [table, entry] = [64, 64];
  const namesAt = table + sectionCount * entry;
  const infoAt = namesAt + names.length;
  const header = Buffer.alloc(table);
  header.write('\u007fELF\u0002\u0001', 'latin1');
  header.writeBigUInt64LE(BigInt(table), 40);
  header.writeUInt16LE(entry, 58);
  header.writeUInt16LE(sectionCount, 60);
  const sections = Buffer.alloc(sectionCount * entry);
  sections.writeBigUInt64LE(BigInt(namesAt), 24);
  const own = (sectionCount - 1) * entry;
  sections.writeUInt32LE(1, own);
  sections.writeBigUInt64LE(BigInt(infoAt), own + 24);
  sections.writeBigUInt64LE(BigInt(info.length), own + 32);
  return Buffer.concat([header, sections, names, info]);
}

/** A program as Mach-O, with a command of so many bytes in front of that of Go's section. */
export function machO(info: Buffer, otherCommand = 16): Buffer {
  const other = Buffer.alloc(otherCommand);
  other.writeUInt32LE(otherCommand, 4);
  const segment = Buffer.alloc(72 + 80);
  segment.writeUInt32LE(0x19, 0);
  segment.writeUInt32LE(segment.length, 4);
  segment.writeUInt32LE(1, 64);
  segment.write('__go_buildinfo', 72);
  segment.writeBigUInt64LE(BigInt(info.length), 72 + 40);
  const end = 32 + other.length + segment.length;
  const infoAt = Math.ceil(end / 16) * 16;
  segment.writeUInt32LE(infoAt, 72 + 48);
  const header = Buffer.alloc(32);
  header.writeUInt32LE(0xfeedfacf, 0);
  header.writeUInt32LE(2, 16);
  header.writeUInt32LE(other.length + segment.length, 20);
  return Buffer.concat([header, other, segment, Buffer.alloc(infoAt - end), info]);
}
