/** Every scene is answered as it is written down. */
import { describe, expect, it } from "vitest";
import { answerOf, sceneFiles } from "./scenes.ts";

describe.each(sceneFiles())("$feature/$name", ({ feature, scenes }) => {
  it.each(scenes)("$title", async (scene) => {
    expect((await answerOf(feature, scene)).trimEnd()).toBe(scene.answer);
  });
});
