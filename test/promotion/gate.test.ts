import type { Subject } from '../../src/schemas/evidence.generated.ts';
import { describe, expect, it } from 'vitest';
import { decidePromotion, type Decision, type PromotionCase } from '../../src/promotion/gate.ts';
import { parseGtoTag } from '../../src/promotion/gto-tags.ts';
import { appendRecord, EMPTY_LEDGER, type Ledger, type LedgerRecord } from '../../src/promotion/ledger.ts';
import type { Registry, RegistryTag } from '../../src/promotion/registry.ts';
import type { LedgerEntry } from '../../src/schemas/ledger-entry.generated.ts';
import {
  BODY,
  COMMIT,
  CONFIG,
  CONFIG_DIGEST,
  DIGEST,
  evidenceOf,
  makeCandidate,
  makeConfig,
  makeTestEvidence,
  NOW,
  OTHER_COMMIT,
  OTHER_DIGEST,
  REQUEST,
  VERIFIED,
} from './cases.ts';

const NOTHING: Registry = { names: [], stageTags: [], versionTags: [], lightweight: [], witnesses: [] };

function decide(changes: Partial<PromotionCase> = {}): Decision {
  return decidePromotion({
    request: REQUEST,
    config: CONFIG,
    configDigest: CONFIG_DIGEST,
    subject: DIGEST,
    checkout: { commit: COMMIT, onMain: true },
    candidates: [makeCandidate()],
    unsound: [],
    ledger: { kind: 'sound', ledger: EMPTY_LEDGER },
    registry: NOTHING,
    toolVersion: '0.1.0',
    now: NOW,
    ...changes,
  });
}

function codes(decision: Decision): readonly string[] {
  return decision.kind === 'refused' ? decision.reasons.map(({ code }) => code) : [decision.kind];
}

function warnings(decision: Decision): readonly string[] {
  return decision.kind === 'refused' ? ['refused'] : decision.warnings.map(({ code }) => code);
}

function messages(decision: Decision): string {
  return decision.kind === 'refused' ? decision.reasons.map(({ message }) => message).join('\n') : '';
}

const CLAIM: LedgerRecord = {
  time: '2026-10-01T10:00:00Z',
  action: 'claim',
  model: 'churn',
  modelVersion: '0.9.0',
  stage: 'production',
  subject: OTHER_DIGEST,
  evidence: 'e'.repeat(64),
  verified: 'run',
  commit: OTHER_COMMIT,
  tags: ['churn@v0.9.0', 'churn#production#1'],
  actor: 'octocat',
  reason: 'First.',
};

/** A ledger of confirmed promotions, and the registry that they left. */
function promoted(...claims: readonly Partial<LedgerRecord>[]): { ledger: Ledger; registry: Registry } {
  let ledger = EMPTY_LEDGER;
  const tags: RegistryTag[] = [];
  for (const changes of claims) {
    const made = appendRecord(ledger, { ...CLAIM, ...changes });
    ledger = appendRecord(made.ledger, {
      ...CLAIM,
      ...changes,
      action: 'confirm',
      claims: made.entry.sequence,
    }).ledger;
    tags.push(...tagsOf(made.entry));
  }
  return { ledger, registry: registryOf(tags) };
}

function tagsOf({ tags = [], sequence, hash, commit = '' }: LedgerEntry): readonly RegistryTag[] {
  return tags.map((name) => tag(name, commit, { sequence, hash }));
}

function tag(name: string, target: string, mark?: RegistryTag['mark']): RegistryTag {
  const event = parseGtoTag(name);
  if (event === undefined) throw new Error(`${name} is no tag of GTO's.`);
  return { name, event, target, mark };
}

function isVersion({ event }: RegistryTag): boolean {
  return event.kind === 'register' || event.kind === 'deregister';
}

function registryOf(tags: readonly RegistryTag[]): Registry {
  return {
    names: tags.map(({ name }) => name),
    stageTags: tags.filter((each) => !isVersion(each)),
    versionTags: tags.filter(isVersion),
    lightweight: [],
    witnesses: [],
  };
}

function after({ ledger, registry }: ReturnType<typeof promoted>, changes: Partial<PromotionCase> = {}) {
  return decide({ ledger: { kind: 'sound', ledger }, registry, ...changes });
}

describe('a promotion that goes through', () => {
  it('registers the version and assigns the stage', () => {
    expect(decide()).toEqual({
      kind: 'promote',
      evidence: makeTestEvidence(),
      verified: 'artifact',
      target: COMMIT,
      tags: ['churn@v1.0.0', 'churn#production#1'],
      from: undefined,
      warnings: [],
    });
  });

  it('counts on over all stages, and never uses a number again whose tag is gone', () => {
    const before = promoted({ tags: ['churn@v0.9.0', 'churn#staging#7'], stage: 'staging' });
    const registry = registryOf([tag('churn@v0.9.0', OTHER_COMMIT)]);
    expect(after({ ...before, registry })).toMatchObject({ tags: ['churn@v1.0.0', 'churn#production#8'] });
  });

  it('says what stood at the stage and that it was not what the evidence compared with', () => {
    const decision = after(promoted({}));
    expect(decision).toMatchObject({ kind: 'promote', from: OTHER_DIGEST });
    expect(warnings(decision)).toEqual(['champion-not-compared']);
    const compared = { ...makeCandidate(), comparedWith: OTHER_DIGEST };
    expect(warnings(after(promoted({}), { candidates: [compared] }))).toEqual([]);
  });

  it('assigns a registered version at its own commit, whatever commit the evidence is of', () => {
    const before = promoted({
      modelVersion: '1.0.0',
      subject: DIGEST,
      stage: 'staging',
      tags: ['churn@v1.0.0', 'churn#staging#1'],
    });
    expect(after(before)).toMatchObject({
      kind: 'promote',
      target: OTHER_COMMIT,
      tags: ['churn#production#2'],
    });
  });

  it('takes the newest evidence that is good', () => {
    const old = makeCandidate({ createdAt: new Date('2026-11-20T10:00:00Z') });
    const bad = makeCandidate({
      body: { verdict: 'fail', checks: BODY.checks.map((check) => ({ ...check, verdict: 'fail' })) },
    });
    expect(decide({ candidates: [old, bad] })).toMatchObject({ kind: 'promote', evidence: old.evidence });
    const newer = makeCandidate({ createdAt: new Date('2026-11-21T08:00:00Z'), source: { run: 102 } });
    expect(decide({ candidates: [old, newer] })).toMatchObject({ evidence: newer.evidence });
  });

  it('passes on what should be known', () => {
    const undecided = { ...BODY.checks[0]!, id: 'x', verdict: 'inconclusive', reason: 'undecided' } as const;
    const body = {
      verdict: 'warn',
      checks: [...BODY.checks, undecided],
      policy: { ...BODY.policy, digest: 'd'.repeat(64) },
    } as const;
    expect(warnings(decide({ candidates: [makeCandidate({ body })] }))).toEqual([
      'verdict-warn',
      'inconclusive',
      'policy-changed',
    ]);
    const accepted = makeCandidate({
      body: {
        acceptances: [
          {
            check: 'model/churn/roc_auc/max-regression',
            reason: 'A leaked column.',
            actor: 'octocat',
            at: '2026-11-20T10:00:00Z',
            expires: '2026-12-20T10:00:00Z',
            digest: 'b'.repeat(64),
          },
        ],
      },
    });
    expect(decide({ candidates: [accepted] })).toMatchObject({
      kind: 'promote',
      warnings: [{ code: 'regression-accepted', message: expect.stringContaining('by octocat') as string }],
    });
    const loose = { ...makeCandidate(), verification: { kind: 'not-asked' } } as const;
    expect(decide({ candidates: [loose] })).toMatchObject({
      verified: 'no',
      warnings: [{ code: 'not-verified' }],
    });
  });
});

describe('an unchanged stage', () => {
  const before = promoted({
    subject: DIGEST,
    modelVersion: '1.0.0',
    tags: ['churn@v1.0.0', 'churn#production#1'],
  });

  it('is no promotion, with or without evidence', () => {
    expect(after(before)).toEqual({ kind: 'unchanged', tag: 'churn#production#1', warnings: [] });
    expect(after(before, { candidates: [] }).kind).toBe('unchanged');
  });

  it('keeps its version', () => {
    const decision = after(before, { request: { ...REQUEST, version: '2.0.0' } });
    expect(warnings(decision)).toEqual(['digest-has-version']);
  });

  it('is told from a stage that was taken away', () => {
    const registry = registryOf([
      ...before.registry.stageTags,
      ...before.registry.versionTags,
      tag('churn#production!#2', OTHER_COMMIT),
    ]);
    expect(after({ ...before, registry })).toMatchObject({ kind: 'promote', tags: ['churn#production#3'] });
  });
});

describe('rollback', () => {
  const before = promoted(
    {
      subject: DIGEST,
      modelVersion: '1.0.0',
      commit: COMMIT,
      tags: ['churn@v1.0.0', 'churn#production#1'],
      evidence: makeTestEvidence().digest,
    },
    { subject: OTHER_DIGEST, modelVersion: '1.1.0', tags: ['churn@v1.1.0', 'churn#production#2'] },
  );

  it('is a promotion with a new tag', () => {
    expect(after(before)).toMatchObject({
      kind: 'promote',
      target: COMMIT,
      tags: ['churn#production#3'],
      from: OTHER_DIGEST,
    });
  });

  it('does not ask the age of evidence for what stood at the stage before', () => {
    const createdAt = new Date('2026-01-01T00:00:00Z');
    const decision = after(before, { candidates: [makeCandidate({ createdAt })] });
    expect(decision.kind).toBe('promote');
    expect(warnings(decision)).toContain('evidence-old');
    expect(codes(decide({ candidates: [makeCandidate({ createdAt })] }))).toEqual(['evidence-old']);
  });

  it('does not ask for a run that is gone if a promotion had verified it', () => {
    const gone = {
      ...makeCandidate(),
      verification: { kind: 'gone', reason: 'GitHub knows no run 101.' },
    } as const;
    expect(after(before, { candidates: [gone] })).toMatchObject({ kind: 'promote', verified: 'ledger' });
    expect(codes(decide({ candidates: [gone] }))).toEqual(['run-gone']);
  });

  it('takes a run without its artifact only for evidence that a promotion had verified: whoever writes can delete artifacts', () => {
    const bare = { ...makeCandidate(), verification: { kind: 'verified', by: 'run' } } as const;
    const decision = after(before, { candidates: [bare] });
    expect(decision.kind).toBe('promote');
    expect(warnings(decision)).toContain('artifact-gone');
    expect(codes(decide({ candidates: [bare] }))).toEqual(['artifact-gone']);
  });
});

describe('a refused request', () => {
  it.each<[string, Partial<PromotionCase>, readonly string[]]>([
    ['a model that is not there', { request: { ...REQUEST, model: 'chrun' } }, ['model-unknown']],
    ['a stage that is not there', { request: { ...REQUEST, stage: 'prodution' } }, ['stage-unknown']],
    ['a version with a v', { request: { ...REQUEST, version: 'v1.0.0' } }, ['version-invalid']],
    [
      'a version that is too long',
      { request: { ...REQUEST, version: `1.0.0-${'a'.repeat(100)}` } },
      ['version-invalid'],
    ],
    ['no reason', { request: { ...REQUEST, reason: ' ' } }, ['reason-missing']],
    ['a reason of two lines', { request: { ...REQUEST, reason: 'a\nLedger: 1 b' } }, ['reason-invalid']],
    [
      'a reason with a Unicode line break',
      { request: { ...REQUEST, reason: 'a\u2028b' } },
      ['reason-invalid'],
    ],
    ['a reason with half a character', { request: { ...REQUEST, reason: 'a\ud800' } }, ['reason-invalid']],
    ['a reason that is too long', { request: { ...REQUEST, reason: 'a'.repeat(1001) } }, ['reason-invalid']],
    ['a model without an artifact', { subject: undefined }, ['artifact-missing']],
    ['a commit that was not merged', { checkout: { commit: COMMIT, onMain: false } }, ['not-on-main']],
    ['nobody', { request: { ...REQUEST, actor: '' } }, ['actor-invalid']],
    ['somebody of two lines', { request: { ...REQUEST, actor: 'a\nb' } }, ['actor-invalid']],
    ['somebody with a long name', { request: { ...REQUEST, actor: 'a'.repeat(101) } }, ['actor-invalid']],
  ])('%s', (_what, changes, expected) => {
    expect(codes(decide(changes))).toEqual(expect.arrayContaining([...expected]));
    expect(decide(changes).kind).toBe('refused');
  });

  it('suggests the nearest name', () => {
    const request = { ...REQUEST, model: 'chrun', stage: 'prodution' };
    const decision = decide({ request });
    const helps = decision.kind === 'refused' ? decision.reasons.map(({ help }) => help).join('\n') : '';
    expect(helps).toContain('Did you mean `churn`?');
    expect(helps).toContain('Did you mean `production`?');
  });

  it('says all at once, and each reason says what to do', () => {
    const request = { model: 'fraud', version: '1', stage: 'x', reason: '', actor: 'octocat' };
    const decision = decide({ request, candidates: [] });
    expect(codes(decision)).toEqual([
      'model-unknown',
      'stage-unknown',
      'version-invalid',
      'reason-missing',
      'no-evidence',
    ]);
    const reasons = decision.kind === 'refused' ? decision.reasons : [];
    expect(reasons.every(({ message, help }) => message.endsWith('.') && help.length > 10)).toBe(true);
  });

  it.each(['churn.v2', 'churn_', 'churn-'])('%s is no name for the registry', (model) => {
    const config = makeConfig({ models: { [model]: CONFIG.models?.['churn'] } });
    expect(codes(decide({ config, request: { ...REQUEST, model } }))).toContain('model-name');
  });

  it('prod- is no stage for the registry', () => {
    const config = makeConfig({ promotion: { stages: ['prod-'] } });
    expect(codes(decide({ config, request: { ...REQUEST, stage: 'prod-' } }))).toEqual(['stage-name']);
  });
});

describe('refused evidence', () => {
  const failed = BODY.checks.map((check) => ({ ...check, verdict: 'fail' as const }));
  const open = BODY.checks.map((check) => ({
    ...check,
    verdict: 'inconclusive' as const,
    reason: 'undecided' as const,
  }));

  it.each<[string, Parameters<typeof makeCandidate>[0], string]>([
    ['a failing verdict', { body: { verdict: 'fail', checks: failed } }, 'evidence-verdict'],
    [
      'a failing verdict that was not enforced',
      { body: { verdict: 'fail', checks: failed, policy: { ...BODY.policy, enforce: false } } },
      'evidence-verdict',
    ],
    [
      'a verdict that its checks do not give',
      { body: { verdict: 'pass', checks: failed } },
      'evidence-verdict',
    ],
    ['no checks at all', { body: { verdict: 'fail', checks: [] } }, 'evidence-incomplete'],
    [
      'undecided where that fails',
      { body: { verdict: 'fail', checks: open, policy: { ...BODY.policy, inconclusive: 'fail' } } },
      'evidence-verdict',
    ],
    ['no metric of the model', { body: { metrics: [] } }, 'evidence-incomplete'],
    [
      'a metric that is not finite',
      { body: { metrics: BODY.metrics.map((each) => ({ ...each, value: null })) } },
      'evidence-incomplete',
    ],
    [
      'checks of another model',
      { body: { checks: BODY.checks.map((check) => ({ ...check, about: { model: 'fraud' } })) } },
      'evidence-incomplete',
    ],
    [
      'no binding',
      { body: { subjects: BODY.subjects.map((each) => ({ ...each, binding: 'none' })) } },
      'evidence-binding',
    ],
    [
      'another digest',
      { body: { subjects: BODY.subjects.map((each) => ({ ...each, sha256: OTHER_DIGEST })) } },
      'evidence-subject',
    ],
    [
      'another model with the digest',
      { body: { subjects: BODY.subjects.map((each) => ({ ...each, name: 'fraud' })) } },
      'evidence-subject',
    ],
    ['too old', { createdAt: new Date('2026-10-01T00:00:00Z') }, 'evidence-old'],
    ['from the future', { createdAt: new Date('2026-11-21T10:06:00Z') }, 'evidence-future'],
    [
      'another major version of mlgate',
      { body: { tool: { name: 'mlgate', version: '1.0.0' } } },
      'evidence-tool',
    ],
    ['no version of mlgate', { body: { tool: { name: 'mlgate', version: 'x' } } }, 'evidence-tool'],
  ])('%s', (_what, changes, code) => {
    const decision = decide({ candidates: [makeCandidate(changes)] });
    expect(codes(decision)).toContain(code);
    expect(messages(decision)).toContain('The evidence of commit aaaaaaaaaaaa: ');
  });

  it('names no commit', () => {
    const { commit: _, ...source } = makeTestEvidence().source;
    const evidence = { ...makeTestEvidence(), source };
    expect(
      codes(decide({ candidates: [{ evidence, comparedWith: undefined, verification: VERIFIED }] })),
    ).toEqual(['evidence-no-commit']);
  });

  it('takes the binding that the policy asks for', () => {
    const subjects = BODY.subjects.map((each) => ({ ...each, binding: 'none' as const }));
    const config = makeConfig({ promotion: { binding: 'none' } });
    expect(decide({ config, candidates: [makeCandidate({ body: { subjects } })] }).kind).toBe('promote');
  });

  it('takes predictions that the gate recomputed, and only as far as the numbers bear that out', () => {
    const config = makeConfig({ promotion: { binding: 'recomputed' } });
    const decideOn = (changes: Partial<Subject>) =>
      decide({
        config,
        candidates: [
          makeCandidate({ body: { subjects: BODY.subjects.map((each) => ({ ...each, ...changes })) } }),
        ],
      });
    const recomputed = { rows: 200, agreeing: 200, tolerance: 1e-5, runtime: 'onnxruntime 1.30.0' };
    expect(decideOn({ binding: 'recomputed', recomputed }).kind).toBe('promote');
    for (const changes of [
      { binding: 'declared' as const },
      { binding: 'recomputed' as const },
      { binding: 'recomputed' as const, recomputed: { ...recomputed, agreeing: 199 } },
    ]) {
      const decision = decideOn(changes);
      expect(codes(decision)).toEqual(['evidence-binding']);
      expect(JSON.stringify(decision)).toContain('models.churn.recompute');
    }
    // More than is asked for is enough.
    const declared = makeConfig({ promotion: { binding: 'declared' } });
    const subjects = BODY.subjects.map((each) => ({ ...each, binding: 'recomputed' as const, recomputed }));
    expect(decide({ config: declared, candidates: [makeCandidate({ body: { subjects } })] }).kind).toBe(
      'promote',
    );
  });

  it('is judged by the stricter of two configs', () => {
    const candidates = [makeCandidate({ body: { verdict: 'warn', checks: open } })];
    expect(decide({ candidates }).kind).toBe('promote');
    const config = makeConfig({ comparison: { inconclusive: 'fail' } });
    const decision = decide({ config, candidates });
    expect(codes(decision)).toEqual(['evidence-verdict']);
    expect(messages(decision)).toContain(
      'By the config that is checked out its verdict is `fail`: `model/churn/roc_auc/at-least`.',
    );
  });

  it('was not made by a good run', () => {
    const verification = { kind: 'refused', reasons: ['Run 101 tested the code of a fork.'] } as const;
    const decision = decide({ candidates: [{ ...makeCandidate(), verification }] });
    expect(codes(decision)).toEqual(['evidence-unverified']);
    expect(messages(decision)).toContain('Run 101 tested the code of a fork.');
  });

  it('lets nothing through whose run nobody looked at, and says which is worth a look', () => {
    const unchecked = { ...makeCandidate(), verification: { kind: 'unchecked' } } as const;
    const old = {
      ...makeCandidate({ createdAt: new Date('2026-01-01T00:00:00Z') }),
      verification: { kind: 'unchecked' },
    } as const;
    expect(decide({ candidates: [old, unchecked] })).toMatchObject({
      kind: 'refused',
      unchecked: [unchecked.evidence],
    });
    expect(codes(decide({ candidates: [old] }))).toEqual(['evidence-old']);
  });

  it('names the records that are none', () => {
    const decision = decide({ candidates: [], unsound: ['The evidence of abc is gone from the branch.'] });
    expect(messages(decision)).toContain('The evidence of abc is gone from the branch.');
  });
});

describe('a refused version', () => {
  const before = promoted({ modelVersion: '1.0.0', tags: ['churn@v1.0.0', 'churn#production#1'] });

  it('that stands for other bytes', () => {
    expect(codes(after(before))).toEqual(['version-taken']);
  });

  it('that was taken back', () => {
    const registry = registryOf([...before.registry.versionTags, tag('churn@v1.0.0!#2', OTHER_COMMIT)]);
    expect(codes(after({ ...before, registry }))).toEqual(['version-withdrawn']);
  });

  it('whose commit has another one', () => {
    const other = promoted({
      commit: COMMIT,
      subject: DIGEST,
      stage: 'staging',
      tags: ['churn@v0.9.0', 'churn#staging#1'],
    });
    expect(codes(after(other))).toEqual(['commit-has-version']);
    const candidates = [
      makeCandidate(),
      { ...makeCandidate(), evidence: evidenceOf('c'.repeat(40), DIGEST) },
    ];
    expect(after(other, { candidates })).toMatchObject({ kind: 'promote', target: 'c'.repeat(40) });
  });

  it('whose name a lightweight tag has taken', () => {
    const registry = { ...NOTHING, names: ['churn@v1.0.0'], lightweight: ['churn@v1.0.0'] };
    expect(codes(decide({ registry }))).toEqual(['tag-lightweight']);
  });

  it('of a model that is deprecated', () => {
    expect(codes(decide({ registry: { ...NOTHING, names: ['churn@deprecated'] } }))).toEqual([
      'model-deprecated',
    ]);
    const names = ['churn@deprecated#1', 'churn#staging#2'];
    expect(decide({ registry: { ...NOTHING, names } }).kind).toBe('promote');
  });

  it('that somebody registered by hand is taken if evidence of its commit shows these bytes', () => {
    const here = registryOf([tag('churn@v1.0.0', COMMIT)]);
    expect(decide({ registry: here })).toMatchObject({ kind: 'promote', tags: ['churn#production#1'] });
    const elsewhere = registryOf([tag('churn@v1.0.0', OTHER_COMMIT)]);
    expect(codes(decide({ registry: elsewhere }))).toEqual(['version-taken']);
    const unchecked = {
      ...makeCandidate({ source: { commit: OTHER_COMMIT } }),
      verification: { kind: 'unchecked' },
    } as const;
    expect(decide({ registry: elsewhere, candidates: [makeCandidate(), unchecked] })).toMatchObject({
      kind: 'refused',
      unchecked: [unchecked.evidence],
    });
    const checked = { ...unchecked, verification: VERIFIED };
    expect(decide({ registry: elsewhere, candidates: [makeCandidate(), checked] })).toMatchObject({
      kind: 'promote',
      target: OTHER_COMMIT,
    });
  });

  it('that a job registered which died before the stage was assigned is these bytes', () => {
    const { entry, ledger } = appendRecord(EMPTY_LEDGER, {
      ...CLAIM,
      modelVersion: '1.0.0',
      subject: DIGEST,
      tags: ['churn@v1.0.0', 'churn#production#1'],
    });
    const abandoned = appendRecord(ledger, { ...entryRecord(entry), action: 'abandon', claims: 1 }).ledger;
    const registry = registryOf(tagsOf(entry).slice(0, 1));
    expect(after({ ledger: abandoned, registry })).toMatchObject({
      target: OTHER_COMMIT,
      tags: ['churn#production#1'],
    });
  });
});

function entryRecord({
  version: _v,
  sequence: _s,
  previous: _p,
  hash: _h,
  ...record
}: LedgerEntry): LedgerRecord {
  return record;
}

describe('a record that somebody rewrote', () => {
  const before = promoted({});

  it('a broken ledger refuses everything', () => {
    const ledger = { kind: 'broken', line: 3, reason: 'its number is 4 where 3 is due' } as const;
    const decision = decide({ ledger });
    expect(codes(decision)).toEqual(['ledger-broken']);
    expect(messages(decision)).toBe('The ledger is broken at line 3: its number is 4 where 3 is due.');
  });

  it('a shortened ledger is noticed by a tag', () => {
    const decision = after({ ...before, ledger: EMPTY_LEDGER });
    expect(codes(decision)).toContain('ledger-rewritten');
    expect(messages(decision)).toContain('but the ledger ends at 0: it was shortened');
  });

  it('a ledger that was computed anew is noticed by a tag, also of another model', () => {
    const other = promoted({ actor: 'mallory' });
    expect(messages(after({ ...before, ledger: other.ledger }))).toContain('it was rewritten');
    const witnesses = [tag('fraud#production#1', COMMIT, { sequence: 1, hash: 'f'.repeat(64) })];
    expect(codes(decide({ registry: { ...NOTHING, witnesses } }))).toEqual(['ledger-rewritten']);
  });

  it('a tag that was moved is noticed', () => {
    const moved = before.registry.stageTags.map((each) => ({ ...each, target: COMMIT }));
    expect(codes(after({ ...before, registry: { ...before.registry, stageTags: moved } }))).toEqual([
      'tag-moved',
    ]);
  });

  it('a tag that is gone, and one that somebody else made, are told', () => {
    const gone = registryOf(before.registry.versionTags);
    expect(warnings(after({ ...before, registry: gone }))).toEqual(['tag-missing']);
    const foreign = registryOf([tag('churn#production#9', OTHER_COMMIT)]);
    expect(warnings(decide({ registry: foreign }))).toEqual(['stage-not-in-ledger']);
  });
});
