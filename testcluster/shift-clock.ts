import { open, readdir, readFile } from 'node:fs/promises';
import { until } from './processes.ts';

/**
 * Shifts the calendar clock of one running process. Go reads the clock in the kernel's vDSO and past the
 * C library, so nothing that is preloaded reaches it, and time namespaces leave CLOCK_REALTIME alone. So
 * what reads the time in the vDSO of that one process is written over, in its private copy of the page,
 * with a few instructions that ask the kernel and add seconds. Linux on x86-64, as root or the same user.
 */
export async function shiftClock(processId: number, seconds: number): Promise<void> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`clocks can be shifted on Linux on x64 only, not on ${process.platform}`);
  }
  const vdso = await findVdso(processId);
  const memory = await open(`/proc/${processId}/mem`, 'r+');
  try {
    const image = Buffer.alloc(vdso.end - vdso.start);
    await memory.read(image, 0, image.length, vdso.start);
    const patches = [
      { offset: symbolIn(image, '__vdso_clock_gettime'), code: clockGettime(seconds) },
      { offset: symbolIn(image, '__vdso_gettimeofday'), code: gettimeofday(seconds) },
    ];
    await whileStopped(processId, vdso, async () => {
      for (const { offset, code } of patches) {
        await memory.write(code, 0, code.length, vdso.start + offset);
      }
    });
  } finally {
    await memory.close();
  }
}

interface Range {
  readonly start: number;
  readonly end: number;
}

async function findVdso(processId: number): Promise<Range> {
  const maps = await readFile(`/proc/${processId}/maps`, 'utf8');
  const [, start = '', end = ''] = /^([0-9a-f]+)-([0-9a-f]+) .*\[vdso\]$/m.exec(maps) ?? [];
  if (start === '') throw new Error(`process ${processId} has no vDSO`);
  return { start: Number.parseInt(start, 16), end: Number.parseInt(end, 16) };
}

/** clock_gettime(rdi = clock, rsi = timespec) by the system call, then `seconds` on top of CLOCK_REALTIME. */
function clockGettime(seconds: number): Buffer {
  return Buffer.concat([
    Buffer.from([0xb8, 228, 0, 0, 0]), // mov eax, __NR_clock_gettime
    Buffer.from([0x0f, 0x05]), // syscall
    Buffer.from([0x85, 0xff]), // test edi, edi: CLOCK_REALTIME is 0
    Buffer.from([0x75, 7]), // jnz over the addition
    Buffer.from([0x48, 0x81, 0x06]), // add qword [rsi], seconds
    signed(seconds),
    Buffer.from([0xc3]), // ret
  ]);
}

/** gettimeofday(rdi = timeval or null), the same way. */
function gettimeofday(seconds: number): Buffer {
  return Buffer.concat([
    Buffer.from([0xb8, 96, 0, 0, 0]), // mov eax, __NR_gettimeofday
    Buffer.from([0x0f, 0x05]), // syscall
    Buffer.from([0x48, 0x85, 0xff]), // test rdi, rdi
    Buffer.from([0x74, 7]), // jz over the addition
    Buffer.from([0x48, 0x81, 0x07]), // add qword [rdi], seconds
    signed(seconds),
    Buffer.from([0xc3]), // ret
  ]);
}

function signed(seconds: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(seconds);
  return bytes;
}

/** Where a function begins in an ELF64 image, by its dynamic symbols (SHT_DYNSYM, 24 bytes each). */
function symbolIn(image: Buffer, wanted: string): number {
  const sections = sectionsOf(image);
  const symbols = sections.find(({ type }) => type === 11);
  const names = sections[symbols?.link ?? -1];
  if (symbols === undefined || names === undefined) throw new Error('the vDSO has no symbols');

  for (let at = symbols.offset; at < symbols.offset + symbols.size; at += 24) {
    const name = names.offset + image.readUInt32LE(at);
    if (image.toString('latin1', name, image.indexOf(0, name)) === wanted) {
      return Number(image.readBigUInt64LE(at + 8));
    }
  }
  throw new Error(`the vDSO has no ${wanted}`);
}

function sectionsOf(image: Buffer) {
  const [table, size] = [Number(image.readBigUInt64LE(0x28)), image.readUInt16LE(0x3a)];
  return Array.from({ length: image.readUInt16LE(0x3c) }, (_, index) => {
    const header = image.subarray(table + index * size);
    return {
      type: header.readUInt32LE(4),
      offset: Number(header.readBigUInt64LE(0x18)),
      size: Number(header.readBigUInt64LE(0x20)),
      link: header.readUInt32LE(0x28),
    };
  });
}

/** Stops the process when none of its threads is within the range, and lets it go on after the task. */
async function whileStopped(
  processId: number,
  range: Range,
  task: () => Promise<void>,
): Promise<void> {
  const isClear = async () => {
    process.kill(processId, 'SIGSTOP');
    await until(async () => (await threadStates(processId)).every((state) => state === 'T'), 2000);
    if ((await programCounters(processId)).every((at) => at < range.start || at >= range.end)) {
      return true;
    }
    process.kill(processId, 'SIGCONT');
    return false;
  };
  if (!(await until(isClear, 5000))) throw new Error('a thread is always reading the clock');
  await task();
  process.kill(processId, 'SIGCONT');
}

async function threadStates(processId: number): Promise<readonly string[]> {
  return await ofThreads(processId, 'stat', (text) => /\) (\S)/.exec(text)?.[1] ?? '');
}

/** The last word of `/proc/…/syscall`; 0 for a thread that is about to end. */
async function programCounters(processId: number): Promise<readonly number[]> {
  return await ofThreads(processId, 'syscall', (text) => Number(text.trim().split(' ').at(-1)));
}

async function ofThreads<Value>(
  processId: number,
  file: string,
  read: (text: string) => Value,
): Promise<readonly Value[]> {
  const threads = await readdir(`/proc/${processId}/task`);
  return await Promise.all(
    threads.map(async (thread) =>
      read(await readFile(`/proc/${processId}/task/${thread}/${file}`, 'utf8')),
    ),
  );
}
