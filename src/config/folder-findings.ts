/** What `mlgate init` has seen in a folder: plain values, gathered by whoever knows the file system and the engine. */

export interface FolderFindings {
  /** Tables (csv, tsv, jsonl, parquet, compressed or not), in the order in which they should be proposed. */
  readonly tables: readonly TableFinding[];
  /** JSON and YAML files of numbers, with their keys joined by dots. Those that DVC declares come from `listDvcMetrics`. */
  readonly metricsFiles: readonly MetricsFileFinding[];
  /** Files that look like trained models (onnx, pkl, joblib, pt, …). */
  readonly artifacts: readonly string[];
  /** Whether there is a dvc.yaml. */
  readonly dvc: boolean;
  /** Where MLflow keeps its runs here, if it does. */
  readonly mlflow: 'mlruns/' | 'mlflow.db' | undefined;
}

export interface TableFinding {
  /** Relative to the folder of mlgate.yml, with forward slashes. */
  readonly path: string;
  readonly columns: readonly ColumnFinding[];
}

export interface ColumnFinding {
  readonly name: string;
  /** What the file says or the text looks like. */
  readonly type:
    | 'null'
    | 'boolean'
    | 'integer'
    | 'number'
    | 'string'
    | 'array'
    | 'object'
    | 'date'
    | 'date-time';
}

export interface MetricsFileFinding {
  readonly path: string;
  readonly keys: readonly string[];
}
