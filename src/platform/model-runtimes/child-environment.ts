type Environment = Readonly<Record<string, string | undefined>>;

/** What a program needs to start and to find its own parts; nothing of GitHub's, no inputs of the step. */
const ALLOWED = new Set(
  [
    'PATH',
    'PATHEXT',
    'HOME',
    'USERPROFILE',
    'SystemRoot',
    'ComSpec',
    'APPDATA',
    'LOCALAPPDATA',
    'LANG',
    'LANGUAGE',
    'TZ',
    'TMPDIR',
    'TEMP',
    'TMP',
    'VIRTUAL_ENV',
    'LD_LIBRARY_PATH',
    'DYLD_LIBRARY_PATH',
    'JAVA_HOME',
    'R_HOME',
    'R_LIBS',
    'CUDA_HOME',
    'CUDA_PATH',
    'CUDA_VISIBLE_DEVICES',
    // By it the runner finds what a job left running.
    'RUNNER_TRACKING_ID',
  ].map((name) => name.toUpperCase()),
);

const ALLOWED_PREFIX = /^(?:LC_|PYTHON|CONDA_|OMP_|MKL_|OPENBLAS_)/iu;

/** A name that says that its value is nobody's business, whatever it begins with: `CONDA_TOKEN`. */
const SECRET = /TOKEN|SECRET|PASSW|KEY|CREDENTIAL|AUTH/iu;

/**
 * The environment of a program that a config names: an allow-list, so that a secret which somebody adds to a job is
 * not handed on. It keeps tokens out of the program's own environment; it is no sandbox, for the program runs as the
 * same user.
 */
export function chooseModelEnvironment(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && isAllowed(entry[0]),
    ),
  );
}

function isAllowed(name: string): boolean {
  return ALLOWED.has(name.toUpperCase()) || (ALLOWED_PREFIX.test(name) && !SECRET.test(name));
}
