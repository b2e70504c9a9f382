/** Fine-tuning, reward models, DPO and PPO on a world small enough to know what should come out (`marks.ts`). */
import { beforeAll, describe, expect, it } from "vitest";
import { loadLanguageModel } from "../../../runtime/learn/language/load.ts";
import { readSafetensors } from "../../../runtime/network/safetensors.ts";
import { failureOf } from "../../data/support.ts";
import { adamw, lora, marksProject } from "./marks.ts";
import type { LanguageProject } from "./models.ts";

let project: LanguageProject;
beforeAll(async () => {
  project = await marksProject();
}, 60_000);

const domain = {
  base: { ref: "model.base" },
  data: { ref: "dataset.domain", part: "train" },
  validate: { ref: "dataset.domain", part: "validation" },
  prompt: { ref: "prompt.ask" },
  completion: "answer",
  steps: 60,
  optimizer: adamw(1e-2),
};
const pairs = {
  base: { ref: "model.base" },
  data: { ref: "dataset.preferences", part: "train" },
  validate: { ref: "dataset.preferences", part: "validation" },
  prompt: { ref: "prompt.ask" },
  optimizer: adamw(1e-3),
};
const base = () => project.inputs.get("model.base")!;
const number = (value: unknown): number => value as number;

describe("fine-tuning", () => {
  it("with LoRA lowers the domain's loss and leaves the base's bytes as they are", async () => {
    const { outputs, summary } = await project.model("adapted", "finetune", { ...domain, adapter: lora });
    expect(number(summary["validation_loss"])).toBeLessThan(number(summary["base_validation_loss"]) - 0.1);
    expect(outputs["model.safetensors"]).toBe(base().outputs["model.safetensors"]);
    const { tensors, metadata } = readSafetensors(await project.store.read(outputs["adapter.safetensors"]!));
    expect(metadata).toEqual({ alpha: "8", rank: "4" });
    expect([...tensors.keys()].every((name) => /\.lora_[ab]$/.test(name))).toBe(true);
    // Each block has six matrices, and each of those two.
    expect(tensors.size).toBe(2 * 6 * 2);
    const model = await loadLanguageModel(project.store, outputs);
    expect(model.generation).toMatchObject({
      prompt: { template: "{question}=" },
      completion: "answer",
      end: model.tokenizer.specials.get("<|endoftext|>"),
    });
    expect(model.weights.size).toBe(model.network.parameters.length);
  });

  it("of what stands on an adapter writes the merged weights", async () => {
    const { outputs } = await project.model("further", "finetune", {
      ...domain,
      base: { ref: "model.adapted" },
      adapter: lora,
      steps: 1,
    });
    expect(outputs["model.safetensors"]).not.toBe(base().outputs["model.safetensors"]);
    const before = await loadLanguageModel(project.store, project.inputs.get("model.adapted")!.outputs);
    const { tensors } = readSafetensors(await project.store.read(outputs["model.safetensors"]!));
    for (const [name, { data }] of before.weights) expect(tensors.get(name)!.data).toEqual(data);
  });

  it("leaves frozen blocks as they are, and what stands before them", async () => {
    const { outputs } = await project.model("frozen", "finetune", { ...domain, freeze: 1, steps: 3 });
    const [old, now] = await Promise.all(
      [base(), { outputs }].map((one) => loadLanguageModel(project.store, one.outputs)),
    );
    const changed = [...now!.weights].filter(
      ([name, { data }]) =>
        !Buffer.from(data.buffer).equals(Buffer.from(old!.weights.get(name)!.data.buffer)),
    );
    const names = changed.map(([name]) => name);
    expect(names.some((name) => name.startsWith("2.repeat.1."))).toBe(true);
    expect(names.filter((name) => /^(0|1)\.|^2\.repeat\.0\./.test(name))).toEqual([]);
    expect(await failureOf(project.model("toomany", "finetune", { ...domain, freeze: 3 }))).toMatchObject({
      code: "ML5278",
      pointer: "/freeze",
    });
  });

  it("comes to the same bytes with any number of threads, and after an interruption", async () => {
    const props = { ...domain, adapter: { ...lora, args: { ...lora.args, dropout: 0.2 } }, steps: 30 };
    const whole = await project.model("whole", "finetune", props, { threads: 1 });
    const threads = await project.model("threads", "finetune", props, { threads: 3 });
    expect(threads.outputs).toEqual(whole.outputs);
    const stop = new AbortController();
    const track = (_: string, __: number, at: number) => {
      if (at === 3) stop.abort(new Error("enough"));
    };
    const interrupted = project.model("resumed", "finetune", props, { signal: stop.signal, track });
    await expect(interrupted).rejects.toThrow("enough");
    const resumed = await project.model("resumed", "finetune", props);
    expect(resumed.outputs).toEqual(whole.outputs);
    const other = await project.model("other", "finetune", { ...props, seed: 1 });
    expect(other.outputs["adapter.safetensors"]).not.toBe(whole.outputs["adapter.safetensors"]);
  });
});

describe("preferences", () => {
  it("are learnt by DPO: from chance to nearly all of the held-out pairs", async () => {
    const before = await project.model("idle", "dpo", {
      ...pairs,
      steps: 1,
      optimizer: adamw(1e-12),
    });
    expect(number(before.summary["validation_loss"])).toBeCloseTo(Math.log(2), 4);
    const { summary } = await project.model("aligned", "dpo", { ...pairs, steps: 30 });
    const held = 50;
    // Wilson's interval (1927) at 95%.
    const share = number(summary["pair_accuracy"]);
    const z = 1.96;
    const low =
      (share + z ** 2 / (2 * held) - z * Math.sqrt((share * (1 - share)) / held + z ** 2 / (4 * held ** 2))) /
      (1 + z ** 2 / held);
    expect(low).toBeGreaterThan(0.5);
    expect(number(summary["validation_loss"])).toBeLessThan(0.66);
  });

  it("are learnt by a reward model, which PPO then pleases within its limit", async () => {
    const judge = await project.model("judge", "reward", { ...pairs, steps: 40, optimizer: adamw(3e-3) });
    expect(number(judge.summary["pair_accuracy"])).toBeGreaterThan(0.9);
    const props = {
      base: { ref: "model.base" },
      reward: { ref: "model.judge" },
      data: { ref: "dataset.preferences", part: "train" },
      prompt: { ref: "prompt.ask" },
      max_tokens: 6,
      steps: 24,
      batch: 32,
      kl_limit: 3,
      optimizer: adamw(1e-3),
    };
    const { outputs, summary } = await project.model("pleasing", "ppo", props);
    expect(number(summary["reward"])).toBeGreaterThan(number(summary["base_reward"]) + 0.5);
    expect(number(summary["kl"])).toBeLessThan(3);
    const { tensors } = readSafetensors(await project.store.read(outputs["model.safetensors"]!));
    expect(tensors.has("value.weight")).toBe(false);

    const stop = new AbortController();
    const track = (_: string, __: number, at: number) => {
      // In the middle of a round, which two steps learn from.
      if (at === 7) stop.abort(new Error("enough"));
    };
    const interrupted = project.model("resumed", "ppo", props, { signal: stop.signal, track });
    await expect(interrupted).rejects.toThrow("enough");
    expect((await project.model("resumed", "ppo", props)).outputs).toEqual(outputs);
  });

  it("are learnt beside an adapter, too: a reward model's head, DPO's and PPO's policies", async () => {
    const judge = await project.model("adapted_judge", "reward", {
      ...pairs,
      adapter: lora,
      steps: 40,
      optimizer: adamw(1e-2),
    });
    expect(number(judge.summary["pair_accuracy"])).toBeGreaterThan(0.9);
    const { weights } = await loadLanguageModel(project.store, judge.outputs);
    expect(weights.get("reward.weight")!.shape).toEqual([32, 1]);
    const dpo = await project.model("adapted_dpo", "dpo", { ...pairs, adapter: lora, steps: 20 });
    expect(dpo.outputs["model.safetensors"]).toBe(base().outputs["model.safetensors"]);
    const ppo = await project.model("adapted_ppo", "ppo", {
      base: { ref: "model.base" },
      reward: { ref: "model.adapted_judge" },
      data: { ref: "dataset.preferences", part: "train" },
      prompt: { ref: "prompt.ask" },
      adapter: lora,
      max_tokens: 6,
      steps: 12,
      batch: 32,
      optimizer: adamw(1e-2),
    });
    expect(number(ppo.summary["reward"])).toBeGreaterThan(number(ppo.summary["base_reward"]));
    expect(ppo.outputs["model.safetensors"]).toBe(base().outputs["model.safetensors"]);
  });

  it("are not followed beyond the limit: the weights are those from before", async () => {
    const { summary, diagnostics } = await project.model("wild", "ppo", {
      base: { ref: "model.base" },
      reward: { ref: "model.judge" },
      data: { ref: "dataset.preferences", part: "train" },
      prompt: { ref: "prompt.ask" },
      max_tokens: 6,
      steps: 40,
      batch: 16,
      kl_weight: 0,
      kl_limit: 0.3,
      optimizer: adamw(1e-2),
    });
    expect(number(summary["kl"])).toBeLessThanOrEqual(0.3);
    expect(number(summary["steps"])).toBeLessThan(40);
    expect(diagnostics).toMatchObject([{ code: "ML5282", pointer: "/kl_limit" }]);
  });
});

describe("what cannot be learnt from", () => {
  it("rows that do not fit the context are left out, and said; none left is an error", async () => {
    project.prompt("long", "abcdefgha{question}=", ["question"], ["answer"]);
    const some = await project.model("some", "finetune", {
      ...domain,
      prompt: { ref: "prompt.long" },
      steps: 1,
    });
    expect(some.diagnostics).toMatchObject([{ code: "ML5273" }, { code: "ML5273" }]);
    project.prompt("longer", "abcdefghabcdefgh{question}=", ["question"], ["answer"]);
    const none = project.model("none", "finetune", { ...domain, prompt: { ref: "prompt.longer" }, steps: 1 });
    expect(await failureOf(none)).toMatchObject({ code: "ML5272", pointer: "/data" });
    const ppo = project.model("full", "ppo", {
      base: { ref: "model.base" },
      reward: { ref: "model.judge" },
      data: { ref: "dataset.preferences", part: "train" },
      prompt: { ref: "prompt.longer" },
    });
    expect((await failureOf(ppo)).code).toBe("ML5272");
  });

  it("a text that the tokenizer cannot read is an error that names it", async () => {
    project.prompt("strange", "~{question}=", ["question"], ["answer"]);
    const work = project.model("strange", "finetune", { ...domain, prompt: { ref: "prompt.strange" } });
    expect(await failureOf(work)).toMatchObject({ code: "ML5277", values: { text: '"~"' } });
  });
});
