import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writePart, writeSentence } from '../fidelity-page.ts';
import { explained } from './explained.ts';
import type { FaultResult } from './judge-run.ts';
import {
  eachGoPage,
  fidelityPage,
  fidelityRows,
  officialPage,
  readmeSentence,
  type Releases,
} from './page.ts';

/** A part of docs/fidelity.md, with what a run has to try for it. */
export type Part = 'releases' | 'official' | 'each-go';

const docs = join(import.meta.dirname, '..', '..', 'docs');

/** Writes what a run has shown into its part of the page, and into the files that belong to it. */
export async function writeDocs(
  part: Part,
  rows: readonly FaultResult[],
  releases: Releases,
): Promise<void> {
  if (part === 'official') {
    await writePart(officialPage(rows, releases, explained));
  } else if (part === 'each-go') {
    await writePart(eachGoPage(rows, releases, explained));
    await writeFile(join(docs, 'fidelity-each-go.tsv'), fidelityRows(rows));
  } else {
    await writePart(fidelityPage(rows, releases, explained));
    await writeFile(join(docs, 'fidelity.tsv'), fidelityRows(rows));
    await writeSentence(readmeSentence(rows));
  }
}
