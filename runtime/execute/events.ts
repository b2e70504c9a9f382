/** What a run tells while it goes on. */
import type { SettledStep } from "./report.ts";

export type RunEvent =
  | { readonly type: "start"; readonly run: string; readonly steps: number }
  | {
      readonly type: "step";
      readonly id: string;
      readonly name: string;
      readonly kind: string;
      readonly why: readonly string[];
      /** Seconds that it took the last time; null when it has never run. */
      readonly estimate: number | null;
    }
  | {
      readonly type: "progress";
      readonly id: string;
      /** 0 to 1; null when the step cannot say. */
      readonly share: number | null;
      readonly note: string | null;
      /** Seconds that are left, from the share and from the last time. */
      readonly remaining: number | null;
    }
  | { readonly type: "log"; readonly id: string; readonly line: string }
  | { readonly type: "waiting"; readonly id: string; readonly pid: number; readonly host: string }
  | { readonly type: "settled"; readonly step: SettledStep };
