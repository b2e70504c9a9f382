/** How gradients become updates. The rate comes with each step; its schedule is the caller's. */

export type OptimizerSpec =
  /** Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2). */
  | {
      readonly is: "adamw";
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
      /** Applied to parameters that say `decay`. */
      readonly weightDecay: number;
    }
  /** Gradient descent with momentum (Sutskever et al. 2013, in PyTorch's form); decay is added to the gradient. */
  | { readonly is: "sgd"; readonly momentum: number; readonly weightDecay: number };

/** What the optimizer remembers of each element. */
export const MOMENTS = { adamw: ["mean", "variance"], sgd: ["velocity"] } as const;
