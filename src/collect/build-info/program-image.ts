/** A program file, read piece by piece; `read` gives less where the file ends. */
export interface ProgramFile {
  readonly size: number;
  readonly read: (offset: number, length: number) => Uint8Array;
}

/** A part of a program, in the file and in memory. */
export interface Part {
  readonly offset: number;
  readonly size: number;
  readonly address: number;
}

/** What a program's headers say of where things are. */
export interface ProgramImage {
  /** Where Go's build information is, or may be, in order. */
  readonly candidates: readonly Part[];
  /** What is loaded to which addresses. */
  readonly segments: readonly Part[];
}

/** No headers of a real program have more; one that says so is not read to its end. */
export const mostHeaders = 4096;

/** Numbers of a part of a file; what is beyond its end is zero, and what no number holds is no address. */
export class Fields {
  readonly #view: DataView;
  readonly #little: boolean;

  constructor(bytes: Uint8Array, little: boolean) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#little = little;
  }

  u16(at: number): number {
    return this.#has(at, 2) ? this.#view.getUint16(at, this.#little) : 0;
  }

  u32(at: number): number {
    return this.#has(at, 4) ? this.#view.getUint32(at, this.#little) : 0;
  }

  u64(at: number): number {
    const value = this.#has(at, 8) ? this.#view.getBigUint64(at, this.#little) : 0n;
    return value > BigInt(Number.MAX_SAFE_INTEGER) ? 0 : Number(value);
  }

  word(at: number, size: 4 | 8): number {
    return size === 8 ? this.u64(at) : this.u32(at);
  }

  #has(at: number, length: number): boolean {
    return at >= 0 && at + length <= this.#view.byteLength;
  }
}
