import {
  Fields,
  mostHeaders,
  type Part,
  type ProgramFile,
  type ProgramImage,
} from './program-image.ts';

/** ELF-64 and ELF-32 (elf(5)); undefined for anything else. */
export function readElf(file: ProgramFile): ProgramImage | undefined {
  const head = file.read(0, 64);
  if (head[0] !== 0x7f || head[1] !== 0x45 || head[2] !== 0x4c || head[3] !== 0x46)
    return undefined;
  const layout = head[4] === 2 ? elf64 : elf32;
  const header = new Fields(head, head[5] !== 2);
  const little = head[5] !== 2;
  const table = (
    at: keyof typeof layout.header,
    size: number,
    count: number,
  ): readonly Fields[] => {
    const start = header.word(layout.header[at], layout.word);
    const length = header.u16(layout.header[at === 'programs' ? 'programSize' : 'sectionSize']);
    if (length < size || count > mostHeaders) return [];
    return Array.from(
      { length: count },
      (_, index) => new Fields(file.read(start + index * length, length), little),
    );
  };
  const programs = table('programs', layout.program.size, header.u16(layout.header.programCount));
  const sections = table('sections', layout.section.size, header.u16(layout.header.sectionCount));
  const segments = programs
    .filter((each) => each.u32(0) === loaded)
    .map((each) => ({
      offset: each.word(layout.program.offset, layout.word),
      address: each.word(layout.program.address, layout.word),
      size: each.word(layout.program.fileSize, layout.word),
      isWritable: (each.u32(layout.program.flags) & writable) !== 0,
    }));
  const named = sectionNamed('.go.buildinfo', sections, header.u16(layout.header.names));
  return {
    candidates: [...named, ...segments.filter(({ isWritable }) => isWritable)],
    segments,
  };

  function sectionNamed(wanted: string, all: readonly Fields[], names: number): readonly Part[] {
    const strings = all[names];
    if (strings === undefined) return [];
    const start = strings.word(layout.section.offset, layout.word);
    return all
      .filter((each) => textAt(file, start + each.u32(0), wanted.length) === wanted)
      .map((each) => ({
        offset: each.word(layout.section.offset, layout.word),
        address: each.word(layout.section.address, layout.word),
        size: each.word(layout.section.fileSize, layout.word),
      }));
  }
}

const loaded = 1;
const writable = 2;

function textAt(file: ProgramFile, offset: number, length: number): string {
  return Buffer.from(file.read(offset, length)).toString('latin1');
}

const elf64 = {
  word: 8,
  header: {
    programs: 32,
    sections: 40,
    programSize: 54,
    programCount: 56,
    sectionSize: 58,
    sectionCount: 60,
    names: 62,
  },
  program: { size: 56, flags: 4, offset: 8, address: 16, fileSize: 32 },
  section: { size: 64, address: 16, offset: 24, fileSize: 32 },
} as const;

const elf32 = {
  word: 4,
  header: {
    programs: 28,
    sections: 32,
    programSize: 42,
    programCount: 44,
    sectionSize: 46,
    sectionCount: 48,
    names: 50,
  },
  program: { size: 32, flags: 24, offset: 4, address: 8, fileSize: 16 },
  section: { size: 40, address: 12, offset: 16, fileSize: 20 },
} as const;
