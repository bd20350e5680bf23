import type { Outcome } from '../view/report-view.ts';
import { signOf, type Sign } from '../view/signs.ts';
import { escapeHtml } from './escape.ts';

/** Signs that every font has. They stand beside a word always. */
export const HTML_SIGNS: Readonly<Record<Sign, string>> = {
  pass: '✓',
  warn: '!',
  fail: '✗',
  undecided: '?',
  skipped: '–',
};

/** An outcome as sign and word, in its colour; its reason stands after it. */
export function writeOutcome(outcome: Outcome): string {
  const sign = signOf(outcome);
  const reason = outcome.label.slice(outcome.verdict.length);
  const after = reason === '' ? '' : `<span class="reason">${escapeHtml(reason)}</span>`;
  return `<span class="word ${sign}"><span aria-hidden="true">${HTML_SIGNS[sign]}</span> ${outcome.verdict}</span>${after}`;
}
