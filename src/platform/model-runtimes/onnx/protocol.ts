/** What parent and child of a run of an ONNX model say to each other. */

/** A column of the features, as text; an absent cell is empty. */
export interface FeatureColumn {
  readonly name: string;
  readonly cells: readonly string[];
}

export interface OnnxQuestion {
  /** Absolute path of the package `onnxruntime-node`. */
  readonly module: string;
  /** Absolute path of the model. */
  readonly artifact: string;
  readonly rows: number;
  readonly columns: readonly FeatureColumn[];
  /** Columns of an input, by the input's name; others are fed by the column of their name. */
  readonly inputs: Readonly<Record<string, string | readonly string[]>>;
}

export interface OutputTensor {
  readonly name: string;
  /** As ONNX Runtime names it: `float32`, `int64`, `string`. */
  readonly type: string;
  readonly dims: readonly number[];
  /** One entry for each element, the last dimension fastest; whole numbers beyond 2^53 as text. */
  readonly data: readonly (number | string)[];
}

export type OnnxAnswer =
  | {
      readonly kind: 'answered';
      /** SHA-256 of the bytes that were run. */
      readonly sha256: string;
      readonly version: string;
      readonly outputs: readonly OutputTensor[];
      /** Outputs that are no tensors, which ONNX Runtime for Node cannot hand over. */
      readonly others: readonly string[];
    }
  /** ONNX Runtime itself could not be loaded. */
  | { readonly kind: 'no-runtime'; readonly message: string }
  /** The config does not fit the model. */
  | { readonly kind: 'mistake'; readonly message: string; readonly help: string }
  /** The model or the features are no good. */
  | { readonly kind: 'failed'; readonly message: string };
