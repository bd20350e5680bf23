/** The few shapes that the figures are made of. Numbers are rounded so that the same data gives the same bytes everywhere. */
import { escapeHtml } from '../escape.ts';

/** Width of every figure in its own units: about the width of a phone, so that letters keep their size there. */
export const FIGURE_WIDTH = 360;

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Classes come from mlgate's style sheet and are never a user's. */
export function drawLine(x1: number, y1: number, x2: number, y2: number, className: string): string {
  return `<line class="${className}" x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"/>`;
}

export function drawRect(x: number, y: number, width: number, height: number, className: string): string {
  return `<rect class="${className}" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"/>`;
}

export function drawPath(points: readonly (readonly [number, number])[], className: string): string {
  const steps = points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`);
  return `<path class="${className}" d="${steps.join('')}"/>`;
}

/** A round mark for the candidate. */
export function drawCircle(x: number, y: number, className: string): string {
  return `<circle class="${className}" cx="${round(x)}" cy="${round(y)}" r="4"/>`;
}

/** A square mark on its tip for the baseline: told apart without colour. */
export function drawDiamond(x: number, y: number, className: string): string {
  return `<path class="${className}" d="M${round(x)} ${round(y - 5)}l5 5l-5 5l-5 -5z"/>`;
}

type Anchor = 'start' | 'middle' | 'end';

export function drawText(
  x: number,
  y: number,
  text: string,
  anchor: Anchor = 'start',
  className = '',
): string {
  const classes = className === '' ? '' : ` class="${className}"`;
  return `<text${classes} x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escapeHtml(text)}</text>`;
}

interface SvgParts {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly height: number;
  /** FIGURE_WIDTH if it is left out. */
  readonly width?: number;
  readonly shapes: readonly string[];
}

/** A picture with a name and a description for those who do not see it. `id` is mlgate's own. */
export function wrapSvg({ id, title, description, height, width = FIGURE_WIDTH, shapes }: SvgParts): string {
  return [
    `<svg viewBox="0 0 ${width} ${round(height)}" role="img" aria-labelledby="${id}-title ${id}-description">`,
    `<title id="${id}-title">${escapeHtml(title)}</title>`,
    `<desc id="${id}-description">${escapeHtml(description)}</desc>`,
    ...shapes,
    '</svg>',
  ].join('\n');
}

/** A figure with its caption and, folded, the numbers behind it. The parts are HTML already. */
export function wrapFigure(caption: string, picture: string, table: string): string {
  return [
    '<figure>',
    `<figcaption>${caption}</figcaption>`,
    picture,
    `<details><summary>Numbers</summary>${table}</details>`,
    '</figure>',
  ].join('\n');
}

/** What stands where numbers allow no picture. */
export const NO_PICTURE = '<p class="muted">These numbers allow no picture.</p>';
