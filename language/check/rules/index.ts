/** The checks over a whole spec, each of one family of mistakes. */
import { boundsMakeSense } from "./bounds.ts";
import { comparedValuesExist } from "./compared-values.ts";
import { nothingNeedsItself } from "./cycles.ts";
import { somethingIsComputed } from "./empty.ts";
import { externalNamesDiffer } from "./external-names.ts";
import {
  comparisonsHaveRows,
  gatesJudgeWhatTheyGuard,
  oneChampionIsMeant,
  someRuleStandsAlone,
} from "./gates.ts";
import { keysAreNoFeatures } from "./keys.ts";
import { fittedOnOnePart, judgedOnSeenRows, partsAreNamed } from "./leakage.ts";
import { patternsAreWhole } from "./patterns.ts";
import { queriesMakeNoNewRows, testPartsAreKept } from "./query-leaks.ts";
import { rulesStandOnce } from "./repeated-rules.ts";
import { kindsReviewTheirOwn } from "./review.ts";
import type { Rule } from "./rule.ts";
import { metricsFitTheTask, targetsCanBeLearnt } from "./tasks.ts";
import { unitsMeetTheirLike } from "./units.ts";
import { everythingIsUsed } from "./unused.ts";

export const rules: readonly Rule[] = [
  nothingNeedsItself,
  partsAreNamed,
  judgedOnSeenRows,
  queriesMakeNoNewRows,
  testPartsAreKept,
  fittedOnOnePart,
  keysAreNoFeatures,
  targetsCanBeLearnt,
  metricsFitTheTask,
  somethingIsComputed,
  unitsMeetTheirLike,
  comparedValuesExist,
  patternsAreWhole,
  boundsMakeSense,
  rulesStandOnce,
  gatesJudgeWhatTheyGuard,
  someRuleStandsAlone,
  comparisonsHaveRows,
  oneChampionIsMeant,
  externalNamesDiffer,
  kindsReviewTheirOwn,
  everythingIsUsed,
];
