/**
 * docs/gallery.md: ten broken specs and what `mlops check` says of each. `npm run gallery` writes it anew from
 * test/docs/gallery/; a test fails when it is not what the tool says today.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Exhibit {
  /** The spec, without its ending. */
  readonly file: string;
  readonly title: string;
  /** What had happened, in a sentence. */
  readonly story: string;
  /** What mends it. */
  readonly mend: readonly [from: string, to: string];
  /** What the first line must hold, so that it alone says what to change. */
  readonly says: readonly string[];
}

export const EXHIBITS: readonly Exhibit[] = [
  {
    file: "01-column",
    title: "A typo in a column's name",
    story: "A letter is missing in a derived feature.",
    mend: ["/ incom ", "/ income "],
    says: ["`incom`", "did you mean `income`?"],
  },
  {
    file: "02-unit",
    title: "A number without its unit",
    story: "Seven what? Rows, hours, days?",
    mend: ["gap = 7)", "gap = 7d)"],
    says: ["`gap` takes a duration", "`7d`"],
  },
  {
    file: "03-label",
    title: "A feature that knows the answer",
    story: "What is to be predicted is read by what it is predicted from.",
    mend: [', chance = if approved == "yes" then 1 else 0', ""],
    says: ["Compute `chance` without `approved`"],
  },
  {
    file: "04-test-rows",
    title: "Training on the test rows",
    story: "The model would be judged on rows that it has seen.",
    mend: ["data = applicant.test\n  depth", "data = applicant.train\n  depth"],
    says: ["Train the model `scorer` and judge it on different parts", "`applicant.test`"],
  },
  {
    file: "05-placeholder",
    title: "A placeholder that stands for nothing",
    story: "Two letters changed places, so the program would be handed the text `{rwa}` instead of a path.",
    mend: ["{rwa}", "{raw}"],
    says: ["Write `{raw}` in `run`, not `{rwa}`"],
  },
  {
    file: "06-circle",
    title: "Two queries that read each other",
    story: "Neither could run first.",
    mend: ["[applications, scored]", "[applications]"],
    says: ["Take a reference out of the circle", "`scored` needs `known`"],
  },
  {
    file: "07-metric",
    title: "A metric that does not exist",
    story: "Many tools would leave it out in silence.",
    mend: ["acuracy", "accuracy"],
    says: ["`acuracy`", "did you mean `accuracy`?"],
  },
  {
    file: "08-task",
    title: "A metric that does not fit the task",
    story: "The model says yes or no; the metric measures by how much a number is missed.",
    mend: [", rmse]", "]"],
    says: ["Take `rmse` out", "predicts one of two classes"],
  },
  {
    file: "09-reference",
    title: "A gate that nobody declared",
    story: "A release would wait for nothing.",
    mend: ["redy", "ready"],
    says: ["No gate is called `redy`", "did you mean `ready`?"],
  },
  {
    file: "10-attribute",
    title: "An attribute that the model does not have",
    story: "Taken for granted it would mean the default depth, and nobody would know.",
    mend: ["dept =", "depth ="],
    says: ["Rename or take out `dept`", "did you mean `depth`?"],
  },
];

const root = fileURLToPath(new URL("..", import.meta.url));
const FOLDER = join(root, "test/docs/gallery");
const PAGE = join(root, "docs/gallery.md");

export const specOf = ({ file }: Exhibit): string => readFileSync(join(FOLDER, `${file}.mlops`), "utf8");

/** What the command line prints on standard error for each exhibit, by its file. */
export function outputs(): Map<string, string> {
  const files = EXHIBITS.map(({ file }) => `${file}.mlops`);
  const { stderr } = spawnSync(process.execPath, [join(root, "cli/main.ts"), "check", ...files], {
    cwd: FOLDER,
    encoding: "utf8",
    env: { ...process.env, CI: "true", NO_COLOR: "1" },
  });
  const said = new Map<string, string>();
  // The last line counts the findings of all.
  const findings = stderr
    .trimEnd()
    .replace(/\n.*$/, "")
    .split(/^(?=(?:error|warning)\[)/m);
  for (const finding of findings) {
    const [, file = ""] = /^ *--> (.*)\.mlops:/m.exec(finding) ?? [];
    said.set(file, `${said.get(file) ?? ""}${finding}`);
  }
  return said;
}

export function renderGallery(said: ReadonlyMap<string, string>): string {
  const sections = EXHIBITS.map((exhibit, i) => {
    const code = /^error\[(\w+)\]/.exec(said.get(exhibit.file) ?? "")?.[1] ?? "";
    return `## ${i + 1}. ${exhibit.title}

${exhibit.story}

\`\`\`text
${said.get(exhibit.file)?.trimEnd()}
\`\`\`

[${code}](diagnostics/${code}.md) · [the spec](../test/docs/gallery/${exhibit.file}.mlops)
`;
  });
  return `# Ten broken specs

What \`mlops check\` says of ten mistakes, before anything runs. The first line alone says what to change; the rest shows
where, why and what mlops would write itself (\`mlops check --fix\`). Written by \`npm run gallery\` from the tool's own output.

${sections.join("\n")}`;
}

if (import.meta.main) writeFileSync(PAGE, renderGallery(outputs()));
