import {
  Fields,
  mostHeaders,
  type Part,
  type ProgramFile,
  type ProgramImage,
} from './program-image.ts';

/** Mach-O of one 64-bit architecture, as Go writes it (mach-o/loader.h); undefined for anything else. */
export function readMachO(file: ProgramFile): ProgramImage | undefined {
  const header = new Fields(file.read(0, 32), true);
  if (header.u32(0) !== 0xfeedfacf) return undefined;
  const commands = new Fields(file.read(32, Math.min(header.u32(20), mostBytes)), true);
  const segments: (Part & { readonly name: string })[] = [];
  const sections: Part[] = [];
  let at = 0;
  for (let index = 0; index < Math.min(header.u32(16), mostHeaders); index += 1) {
    const size = commands.u32(at + 4);
    if (size < 8) break;
    if (commands.u32(at) === segment64) {
      segments.push({
        name: nameAt(commands, at + 8),
        address: commands.u64(at + 24),
        offset: commands.u64(at + 40),
        size: commands.u64(at + 48),
      });
      sections.push(...buildInfoIn(commands, at));
    }
    at += size;
  }
  return {
    candidates: [...sections, ...segments.filter(({ name }) => name === '__DATA')],
    segments,
  };
}

const segment64 = 0x19;
const mostBytes = 256 * 1024;

function buildInfoIn(commands: Fields, segment: number): readonly Part[] {
  const count = Math.min(commands.u32(segment + 64), mostHeaders);
  return Array.from({ length: count }, (_, index) => segment + 72 + index * 80)
    .filter((at) => nameAt(commands, at) === '__go_buildinfo')
    .map((at) => ({
      address: commands.u64(at + 32),
      size: commands.u64(at + 40),
      offset: commands.u32(at + 48),
    }));
}

/** Sixteen bytes, filled up with zeros. */
function nameAt(commands: Fields, at: number): string {
  const words = [0, 4, 8, 12].map((step) => commands.u32(at + step));
  const bytes = words.flatMap((word) => [0, 8, 16, 24].map((shift) => (word >>> shift) & 0xff));
  return String.fromCharCode(...bytes.filter((byte) => byte !== 0));
}
