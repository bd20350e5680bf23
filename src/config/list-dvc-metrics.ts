import { readYaml } from './read-yaml.ts';
import { isSchemaNode } from './schema-node.ts';

/**
 * Paths of the metrics files that a dvc.yaml declares, at its top level and in its stages, in their order
 * (https://dvc.org/doc/user-guide/project-structure/dvcyaml-files#metrics). Templates (`${…}`) are left out.
 * Throws a UserError when the text is not YAML.
 */
export function listDvcMetrics(text: string, file: string): readonly string[] {
  const { value } = readYaml(text, file);
  if (!isSchemaNode(value)) return [];
  const stages = isSchemaNode(value['stages']) ? Object.values(value['stages']).filter(isSchemaNode) : [];
  const paths = [value, ...stages].flatMap((holder) => listPaths(holder['metrics']));
  return [...new Set(paths)].filter((path) => !path.includes('${'));
}

/** An entry is a path, or a mapping from a path to its options. */
function listPaths(metrics: unknown): readonly string[] {
  if (!Array.isArray(metrics)) return [];
  return metrics.flatMap((entry: unknown) => {
    if (typeof entry === 'string') return [entry];
    return isSchemaNode(entry) ? Object.keys(entry) : [];
  });
}
