/** The checks over a whole spec, each of one family of mistakes. */
import { nothingNeedsItself } from "./cycles.ts";
import { externalNamesDiffer } from "./external-names.ts";
import {
  comparisonsHaveRows,
  gatesJudgeWhatTheyGuard,
  oneChampionIsMeant,
  someRuleStandsAlone,
} from "./gates.ts";
import { fittedOnOnePart, judgedOnSeenRows, partsAreNamed } from "./leakage.ts";
import { kindsReviewTheirOwn } from "./review.ts";
import type { Rule } from "./rule.ts";
import { metricsFitTheTask, targetsCanBeLearnt } from "./tasks.ts";
import { everythingIsUsed } from "./unused.ts";

export const rules: readonly Rule[] = [
  nothingNeedsItself,
  partsAreNamed,
  judgedOnSeenRows,
  fittedOnOnePart,
  targetsCanBeLearnt,
  metricsFitTheTask,
  gatesJudgeWhatTheyGuard,
  someRuleStandsAlone,
  comparisonsHaveRows,
  oneChampionIsMeant,
  externalNamesDiffer,
  kindsReviewTheirOwn,
  everythingIsUsed,
];
