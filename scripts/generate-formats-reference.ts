/** Generates docs/reference/formats.md from the table of importers. `--check` writes nothing and fails if it is out of date. */
import { writeGenerated } from './write-generated.ts';
import { describeFormats } from '../src/metrics/importers/describe-formats.ts';

const PATH = 'docs/reference/formats.md';

const INTRODUCTION = `<!-- Generated from src/metrics/importers/ by scripts/generate-formats-reference.ts. Do not edit. -->

# Formats of other tools

Results that another tool computed come into the evidence by \`metrics:\` in \`mlgate.yml\` (\`path\`, and \`format\` or \`run\` where they are needed), and into the terminal by \`mlgate metrics import FILE\`. The format is recognised by what is in the file; a name for it is needed only where that fails.

- **A run that failed or broke off never counts.** Its check fails with the reason \`foreign-failure\` or \`foreign-incomplete\`, and none of its numbers is taken. So does a run with a check of the other tool's own that failed; the message names it.
- **Several runs in a file** are listed where none is named. \`run\` takes an id, the beginning of an id, or a name.
- **Numbers keep what the file says of them**: the direction, the number of examples, the standard error or the interval. Two numbers whose files both say how sure they are are compared by that, as if they shared no example (a paired comparison needs predictions); a number that says nothing is judged by a point rule, and the report says so.
- **NaN and infinities** are read, also where JSON has no word for them, and fail every bound.
- **Nothing is run.** A pickle is refused by its first bytes. SQLite files are opened read-only in a child process without this process's environment. Files have limits on their size, depth and number; event files, ONNX and safetensors are read as a stream.

*real*: tested against the tool itself. *fixture*: against files that the tool itself wrote (\`test/fixtures/generate/\` makes them anew). *fake*: against files that we wrote.

| \`format\` | reads | tested | with | described at |
|---|---|---|---|---|
`;

function escapeCell(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}

const rows = (await describeFormats()).map(({ format, title, tested, versions, source }) =>
  ['', `\`${format}\``, title, tested, versions, source, ''].map(escapeCell).join(' | ').trim(),
);
const text = `${INTRODUCTION}${rows.join('\n')}\n`;
writeGenerated(PATH, text);
