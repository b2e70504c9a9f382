/** A thread that grows trees of a forest. */
import { parentPort, workerData } from "node:worker_threads";
import { Cart } from "./cart.ts";
import { type ForestTask, growTree } from "./grow-tree.ts";

const task = workerData as ForestTask;
const cart = new Cart(task.columns, task.labels, task.options);
for (;;) {
  const tree = Atomics.add(task.next, 0, 1);
  if (tree >= task.trees) break;
  parentPort!.postMessage({ tree, nodes: growTree(cart, task, tree) });
}
