/** Which file an import means; paths have `/`, and `std:` stands before those that come with the language. */

const STANDARD = "std:";

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1);

/** Takes out `.` and `..` where it can: `a/../b` is `b`. */
function tidy(path: string): string {
  const rooted = path.startsWith("/");
  const steps: string[] = [];
  for (const step of path.split("/")) {
    if (step === "" || step === ".") continue;
    if (step === ".." && steps.length > 0 && steps.at(-1) !== "..") steps.pop();
    else if (step !== ".." || !rooted) steps.push(step);
  }
  return (rooted ? "/" : "") + steps.join("/");
}

/** The file that `path` names in the file `importer`; null when it is of no form that imports have. */
export function fileOf(path: string, importer: string): string | null {
  if (/^std\/[\w-]+$/.test(path)) return `${STANDARD}${path.slice("std/".length)}.mlops`;
  if (!path.startsWith("./") && !path.startsWith("../")) return null;
  if (importer.startsWith(STANDARD)) return `${STANDARD}${tidy(path)}`;
  return tidy(folderOf(importer) + path);
}

/** The way from the folder of one file to that of another: `""`, `shared/` or `../shared/`. */
export function folderBetween(from: string, to: string): string {
  if (to.startsWith(STANDARD)) return "";
  const [here, there] = [from, to].map((path) =>
    folderOf(tidy(path))
      .split("/")
      .filter((step) => step !== ""),
  );
  let common = 0;
  while (common < here!.length && here![common] === there![common]) common += 1;
  return [...here!.slice(common).map(() => ".."), ...there!.slice(common)].map((step) => `${step}/`).join("");
}

/** A data path as the entry's folder sees it: what another file writes is relative to that file. */
export function relativeTo(folder: string, path: string): string {
  if (folder === "" || path.startsWith("/") || /^[A-Za-z][\w+.-]*:/.test(path)) return path;
  return tidy(folder + path);
}
