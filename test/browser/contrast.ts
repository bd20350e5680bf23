/** Contrast of text as a browser draws it (WCAG 2.2, success criterion 1.4.3 and the definition of relative luminance). */
import type { Page } from 'playwright-core';

/** A text and the two colours that it is drawn with, as `rgb()` of CSS. */
export interface DrawnText {
  readonly text: string;
  readonly color: string;
  readonly ground: string;
}

/** The program that runs in the page: texts in HTML and in pictures with their colour and the first opaque ground below. */
const READ_DRAWN_TEXTS = `(() => {
  const parse = (color) => { const m = color.match(/[\\d.]+/g).map(Number); return m.length > 3 ? m : [...m, 1]; };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3]));
  const groundOf = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.push(parse(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255]);
  };
  const opacityOf = (element) => { let o = 1; for (let at = element; at; at = at.parentElement) o *= Number(getComputedStyle(at).opacity); return o; };
  const elements = [...document.querySelectorAll('body *')].filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim() !== '') && e.checkVisibility() && !e.closest('title, desc'));
  return elements.map((element) => {
    const style = getComputedStyle(element);
    const isPicture = element.namespaceURI.endsWith('svg');
    const ground = groundOf(isPicture ? element.closest('figure') : element);
    const color = over([...parse(isPicture ? style.fill : style.color).slice(0, 3), opacityOf(element)], ground);
    return { text: element.textContent.trim().slice(0, 60), color: color.join(','), ground: ground.join(',') };
  });
})()`;

/** Every text that is drawn, with its colours. */
export async function readDrawnTexts(page: Page): Promise<readonly DrawnText[]> {
  return page.evaluate<readonly DrawnText[]>(READ_DRAWN_TEXTS);
}

/** Ratio of contrast, from 1 to 21. */
export function contrastOf({ color, ground }: Pick<DrawnText, 'color' | 'ground'>): number {
  const [light, dark] = [luminanceOf(color), luminanceOf(ground)].sort((left, right) => right - left);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

function luminanceOf(color: string): number {
  const [red = 0, green = 0, blue = 0] = color.split(',').map((part) => {
    const share = Number(part) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
