/** A model's `optimizer` and `schedule`, as the IR has them, for the training. */
import * as z from "zod";
import type { OptimizerSpec } from "../../graph/optimizer.ts";
import type { Schedule } from "./schedule.ts";

const optimizer = z.discriminatedUnion("call", [
  z.object({
    call: z.literal("adamw"),
    args: z.object({
      lr: z.number(),
      beta1: z.number(),
      beta2: z.number(),
      epsilon: z.number(),
      weight_decay: z.number(),
    }),
  }),
  z.object({
    call: z.literal("sgd"),
    args: z.object({ lr: z.number(), momentum: z.number(), weight_decay: z.number() }),
  }),
]);

const schedule = z.object({
  call: z.enum(["constant", "cosine", "linear"]),
  args: z.object({ warmup: z.number().default(0), floor: z.number().default(0) }),
});

/** The full rate, which the loop gives each step, and everything else. */
export function optimizerOf(prop: unknown): { readonly rate: number; readonly spec: OptimizerSpec } {
  const { call, args } = optimizer.parse(prop);
  const weightDecay = args.weight_decay;
  if (call === "sgd") return { rate: args.lr, spec: { is: "sgd", momentum: args.momentum, weightDecay } };
  const { beta1, beta2, epsilon } = args;
  return { rate: args.lr, spec: { is: "adamw", beta1, beta2, epsilon, weightDecay } };
}

export const scheduleOf = (prop: unknown): Schedule => schedule.parse(prop);
