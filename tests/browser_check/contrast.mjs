// How well the text of a page stands out from what is behind it (WCAG 2.2, 1.4.3).

/** What normal text needs; large text would need less, and none of the page is that faint. */
export const NEEDED = 4.5;

/** Of each pair of colours that visible text of a page has: the colours, the contrast, and the first text that has them. */
export const pairs = (page) => page.evaluate(inThePage);

// Runs in the page: it knows nothing of this file.
function inThePage() {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const read = new Map();
  /** Red, green, blue and how much of it there is, of any colour that CSS can write. */
  const rgba = (text) => {
    if (!read.has(text)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = text;
      canvas.fillRect(0, 0, 1, 1);
      const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
      read.set(text, [red, green, blue, alpha / 255]);
    }
    return read.get(text);
  };
  const over = ([red, green, blue, alpha], below) =>
    [...[red, green, blue].map((part, at) => part * alpha + below[at] * (1 - alpha)), 1];
  const behind = new Map();
  /** What is behind the text of an element. */
  const ground = (element) => {
    if (element === null) return rgba("Canvas");
    if (!behind.has(element)) {
      behind.set(element, over(rgba(getComputedStyle(element).backgroundColor), ground(element.parentElement)));
    }
    return behind.get(element);
  };
  /** How much of an element its own and outer opacity leave. */
  const left = (element) => (element === null ? 1 : Number(getComputedStyle(element).opacity) * left(element.parentElement));
  const light = (colour) => {
    const [red, green, blue] = colour.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const found = new Map();
  const note = (element, style, text) => {
    const below = ground(element);
    const [red, green, blue, alpha] = rgba(style.color);
    const colour = over([red, green, blue, alpha * left(element)], below);
    const [more, less] = [light(colour), light(below)].sort((one, other) => other - one);
    const key = `${colour} on ${below}`;
    if (!found.has(key)) {
      const ratio = (more + 0.05) / (less + 0.05);
      found.set(key, { ratio, colour: `${style.color} on rgb(${below.slice(0, 3).map(Math.round)})`, text: text.trim().slice(0, 40) });
    }
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { data, parentElement } = texts.currentNode;
    if (data.trim() !== "" && parentElement.checkVisibility()) note(parentElement, getComputedStyle(parentElement), data);
  }
  for (const field of document.querySelectorAll("input, textarea")) {
    if (field.placeholder && field.checkVisibility()) note(field, getComputedStyle(field, "::placeholder"), field.placeholder);
  }
  return [...found.values()];
}
