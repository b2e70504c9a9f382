import { asWritten } from "../execute/as-written.ts";

export const step = asWritten("architecture");
