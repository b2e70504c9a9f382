/** Carries a gate out: every rule is judged, and all must pass. */
import type { Evaluation } from "../../../stdlib/kinds/evaluation.ts";
import type { Gate } from "../../../stdlib/kinds/gate.ts";
import { resolveSource } from "../../data/source.ts";
import type {
  Json,
  RegisteredVersion,
  RuntimeDiagnostic,
  StepContext,
  StepResult,
} from "../../execute/step.ts";
import { StepFailure } from "../../execute/step.ts";
import { modelDigest } from "../../registry/manifest.ts";
import { readJudgement } from "../judgement.ts";
import { releaseOf, scoreChampion } from "./champion.ts";
import { readsChampion } from "./champion-of.ts";
import { checkRule, evaluationsOf } from "./checks.ts";
import { NotACondition } from "./condition.ts";
import { ruleLines, ruleSummary } from "./lines.ts";
import type { Judged } from "./rows.ts";
import { judgeRule, type RuleResult, ruleText, type Verdict, verdictOf } from "./rule.ts";
import { termsOf } from "./terms.ts";

/** The step of a `gate` declaration. */
export async function runGate(context: StepContext): Promise<StepResult> {
  const { declaration, store, signal } = context;
  // The planner hands over what stdlib's schema of the kind accepted.
  const props = context.props as unknown as Gate;
  const champion = readsChampion(props) ? championOf(context) : null;
  const judged = new Map<string, Judged>();
  const results: RuleResult[] = [];
  for (const [index, rule] of props.require.entries()) {
    const ids = evaluationsOf(declaration, rule, index);
    const withChampion = termsOf(rule.condition).some((term) => term.of.is === "champion");
    for (const id of ids) {
      const known = judged.get(id) ?? (await readEvaluation(context, id));
      checkRule(declaration, rule, index, id, known.judgement);
      const scored =
        known.champion ??
        (withChampion && champion !== null ? await championOn(context, champion, known, props) : null);
      judged.set(id, { ...known, champion: scored });
    }
    try {
      results.push(
        await judgeRule(
          rule,
          ids.map((id) => judged.get(id)!),
          signal,
        ),
      );
    } catch (error) {
      if (!(error instanceof NotACondition)) throw error;
      const values = { rule: ruleText(rule), problem: error.message };
      throw new StepFailure({
        code: "ML6017",
        values,
        declaration: declaration.id,
        pointer: `/require/${index}/condition`,
      });
    }
    context.progress(index + 1, props.require.length);
  }
  const verdict = verdictOf(results);
  const summary = {
    status: verdict,
    champion: champion === null ? null : `${champion.name}@${champion.version}`,
    rules: results.map(ruleSummary),
  } as unknown as Record<string, Json>;
  return {
    // Without the spec's names: renaming must not change a byte.
    outputs: { "verdict.json": await store.put(JSON.stringify(verdictFile(results, verdict))) },
    summary,
    verdict,
    notes: results.flatMap(ruleLines),
    diagnostics: diagnosticsOf(context, results, verdict),
  };
}

/** What was judged and what came of it; a release is keyed by this. */
function verdictFile(results: readonly RuleResult[], status: Verdict) {
  const rules = results.map(({ text: _, message: __, why: ___, ...finding }) => finding);
  return { format: 1, status, rules };
}

function championOf(context: StepContext): RegisteredVersion | null {
  const release = releaseOf(context.program, context.declaration);
  const files = context.inputs.get(release.model)?.outputs;
  return context.registry.champion(
    release.name,
    release.alias,
    files === undefined ? null : modelDigest(files),
  );
}

async function readEvaluation(context: StepContext, id: string): Promise<Judged> {
  const predictions = context.inputs.get(id)?.outputs["predictions.bin"];
  if (predictions === undefined) throw new Error(`no predictions of ${id}`);
  return { id, judgement: readJudgement(await context.store.read(predictions)), champion: null };
}

async function championOn(context: StepContext, champion: RegisteredVersion, judged: Judged, gate: Gate) {
  const evaluation = context.program.declarations.find((one) => one.id === judged.id);
  if (evaluation === undefined) throw new Error(`no declaration ${judged.id}`);
  const props = evaluation.props as unknown as Evaluation;
  const { judgement } = judged;
  if (judgement.scored.measures !== undefined) {
    const { scoreLanguageChampion } = await import("../language/champion.ts");
    const terms = gate.require.flatMap(({ condition }) => termsOf(condition));
    const metrics = terms.flatMap(({ of, metric }) => (of.is === "champion" ? [metric] : []));
    return scoreLanguageChampion(context, champion, { props, judgement }, metrics);
  }
  return scoreChampion(context, champion, resolveSource(context, props.data), judgement);
}

function diagnosticsOf(
  context: StepContext,
  results: readonly RuleResult[],
  verdict: Verdict,
): RuntimeDiagnostic[] {
  const { declaration } = context;
  const gate = declaration.name;
  const found = results.flatMap((rule, i): RuntimeDiagnostic[] => {
    const pointer = `/require/${i}`;
    const details = ruleLines(rule);
    const message = rule.message === null ? "" : `: ${rule.message}`;
    if (rule.status === "failed") {
      const by =
        rule.value === null || rule.bound === null
          ? ""
          : ` by ${Number(Math.abs(rule.value - rule.bound).toPrecision(3))}`;
      return [
        {
          code: "ML6020",
          values: { gate, rule: rule.text, by, message },
          declaration: declaration.id,
          pointer,
          details,
        },
      ];
    }
    if (rule.status === "insufficient" && !rule.optional) {
      const why = rule.why === null ? "" : ` (${rule.why})`;
      return [
        {
          code: "ML6021",
          values: { gate, rule: rule.text, why, message },
          declaration: declaration.id,
          pointer,
          details,
        },
      ];
    }
    return [];
  });
  if (found.length > 0 || verdict === "passed") return found;
  return [{ code: "ML6022", values: { gate }, declaration: declaration.id, pointer: "/require" }];
}
