/** What of a Hugging Face folder, or of a model that should become one, does not go; a code of the catalogue. */
export class HuggingFaceProblem extends Error {
  readonly code: "ML5250" | "ML5251" | "ML5252" | "ML5253" | "ML5254" | "ML5255" | "ML5256";
  readonly values: Readonly<Record<string, string>>;
  constructor(code: HuggingFaceProblem["code"], values: Readonly<Record<string, string>>) {
    super(`${code}: ${Object.values(values).join(", ")}`);
    this.name = "HuggingFaceProblem";
    this.code = code;
    this.values = values;
  }
}
