/** Gradient-boosted trees that tell two classes apart: small, deterministic, over features with few codes. */

/** One code from 0 to `CODES - 1` for each row. */
export type CodedFeature = Uint8Array;

/** Codes of one feature. */
export const CODES = 32;

const DEPTH = 3;
const TREES = 60;
const LEARNING_RATE = 0.15;
/** L2 penalty on the value of a leaf. */
const PENALTY = 1;
/** Sum of p (1 - p) that each side of a split needs: with even odds, rows over 4. */
const LEAST_WEIGHT = 5;

/** A complete tree: node i has the children 2 i + 1 and 2 i + 2; rows with a code of at most `limit` go left. */
interface Tree {
  readonly features: Int32Array;
  readonly limits: Uint8Array;
  readonly leaves: Float64Array;
}

export interface BoostedTrees {
  readonly trees: readonly Tree[];
  /** What each feature's splits gained together. */
  readonly gains: Float64Array;
}

const INNER = 2 ** DEPTH - 1;
/** Of a node that is not split: all rows go left. */
const NO_FEATURE = -1;

interface Sums {
  readonly gradients: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Trees for labels 0 and 1, by Newton steps on the logistic loss over histograms of codes; linear in rows times features.
 * Source: T. Chen and C. Guestrin, KDD (2016) 785-794, equations 5 to 7.
 */
export function boostTrees(features: readonly CodedFeature[], labels: Uint8Array): BoostedTrees {
  const rows = labels.length;
  const scores = new Float64Array(rows);
  const gains = new Float64Array(features.length);
  const sums: Sums = { gradients: new Float64Array(rows), weights: new Float64Array(rows) };
  const trees: Tree[] = [];
  for (let round = 0; round < TREES; round++) {
    for (let row = 0; row < rows; row++) {
      const p = 1 / (1 + Math.exp(-(scores[row] ?? 0)));
      sums.gradients[row] = (labels[row] ?? 0) - p;
      sums.weights[row] = p * (1 - p);
    }
    const tree = growTree(features, sums, gains);
    trees.push(tree);
    addScores(tree, features, scores);
  }
  return { trees, gains };
}

/** The log-odds of label 1 for each row. */
export function scoreRows({ trees }: BoostedTrees, features: readonly CodedFeature[]): Float64Array {
  const scores = new Float64Array(features[0]?.length ?? 0);
  for (const tree of trees) addScores(tree, features, scores);
  return scores;
}

function addScores(tree: Tree, features: readonly CodedFeature[], scores: Float64Array): void {
  for (let row = 0; row < scores.length; row++) {
    let node = 0;
    while (node < INNER) node = childOf(tree, features, node, row);
    scores[row] = (scores[row] ?? 0) + (tree.leaves[node - INNER] ?? 0);
  }
}

function childOf(
  { features: chosen, limits }: Pick<Tree, 'features' | 'limits'>,
  features: readonly CodedFeature[],
  node: number,
  row: number,
): number {
  const feature = chosen[node] ?? NO_FEATURE;
  const code = feature === NO_FEATURE ? 0 : (features[feature]?.[row] ?? 0);
  return 2 * node + (code <= (limits[node] ?? 0) ? 1 : 2);
}

function growTree(features: readonly CodedFeature[], sums: Sums, gains: Float64Array): Tree {
  const rows = sums.gradients.length;
  const chosen = new Int32Array(INNER).fill(NO_FEATURE);
  const limits = new Uint8Array(INNER).fill(CODES - 1);
  const nodes = new Uint8Array(rows);
  for (let depth = 0; depth < DEPTH; depth++) {
    const first = 2 ** depth - 1;
    const splits = findSplits(features, sums, nodes, { first, count: 2 ** depth });
    splits.forEach(({ feature, limit, gain }, index) => {
      if (feature === NO_FEATURE) return;
      chosen[first + index] = feature;
      limits[first + index] = limit;
      gains[feature] = (gains[feature] ?? 0) + gain;
    });
    for (let row = 0; row < rows; row++) {
      nodes[row] = childOf({ features: chosen, limits }, features, nodes[row] ?? 0, row);
    }
  }
  return { features: chosen, limits, leaves: valueLeaves(nodes, sums) };
}

function valueLeaves(nodes: Uint8Array, { gradients, weights }: Sums): Float64Array {
  const [upper, lower] = [new Float64Array(INNER + 1), new Float64Array(INNER + 1)];
  nodes.forEach((node, row) => {
    upper[node - INNER] = (upper[node - INNER] ?? 0) + (gradients[row] ?? 0);
    lower[node - INNER] = (lower[node - INNER] ?? 0) + (weights[row] ?? 0);
  });
  return upper.map((gradient, leaf) => (LEARNING_RATE * gradient) / ((lower[leaf] ?? 0) + PENALTY));
}

interface Split {
  readonly feature: number;
  readonly limit: number;
  readonly gain: number;
}

/** The best split of each node of a level; of equal ones the first feature's. */
function findSplits(
  features: readonly CodedFeature[],
  { gradients, weights }: Sums,
  nodes: Uint8Array,
  { first, count }: { readonly first: number; readonly count: number },
): readonly Split[] {
  const best = Array.from({ length: count }, (): Split => ({ feature: NO_FEATURE, limit: 0, gain: 0 }));
  const [upper, lower] = [new Float64Array(count * CODES), new Float64Array(count * CODES)];
  features.forEach((codes, feature) => {
    upper.fill(0);
    lower.fill(0);
    for (let row = 0; row < nodes.length; row++) {
      const cell = ((nodes[row] ?? 0) - first) * CODES + (codes[row] ?? 0);
      upper[cell] = (upper[cell] ?? 0) + (gradients[row] ?? 0);
      lower[cell] = (lower[cell] ?? 0) + (weights[row] ?? 0);
    }
    for (let node = 0; node < count; node++) {
      const cells = [node * CODES, (node + 1) * CODES] as const;
      const found = findLimit(upper.subarray(...cells), lower.subarray(...cells));
      if (found.gain > (best[node]?.gain ?? 0)) best[node] = { feature, ...found };
    }
  });
  return best;
}

/** Least gain that is more than rounding. */
const LEAST_GAIN = 1e-9;

function findLimit(upper: Float64Array, lower: Float64Array): Omit<Split, 'feature'> {
  let [gradients, weights] = [0, 0];
  for (let code = 0; code < CODES; code++) {
    gradients += upper[code] ?? 0;
    weights += lower[code] ?? 0;
  }
  const whole = gradients ** 2 / (weights + PENALTY);
  let best = { limit: 0, gain: LEAST_GAIN };
  let [left, leftWeight] = [0, 0];
  for (let code = 0; code < CODES - 1; code++) {
    left += upper[code] ?? 0;
    leftWeight += lower[code] ?? 0;
    const rightWeight = weights - leftWeight;
    if (leftWeight < LEAST_WEIGHT || rightWeight < LEAST_WEIGHT) continue;
    const parts = left ** 2 / (leftWeight + PENALTY) + (gradients - left) ** 2 / (rightWeight + PENALTY);
    if (parts - whole > best.gain) best = { limit: code, gain: parts - whole };
  }
  return best.gain > LEAST_GAIN ? best : { limit: 0, gain: 0 };
}
