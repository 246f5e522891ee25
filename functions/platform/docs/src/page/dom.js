
"use strict";

/* Everything on the page is made of nodes and text: nothing from the document is ever read as markup. */

/** An element with its attributes and children; strings become text, and null or undefined is left out. */
function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value !== undefined && value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

/** A line of text with its `code` spans. */
function inline(text) {
  return text.split("`").map((part, index) => (index % 2 ? element("code", null, part) : part));
}

/** Paragraphs of text with their `code` spans. */
function prose(text) {
  return (text ?? "").split(/\n\s*\n/).filter((part) => part.trim()).map((part) => element("p", null, inline(part.trim())));
}

/** A block of code with a button that copies it. */
function codeBlock(text, label) {
  const button = element("button", { type: "button", "aria-label": `Copy ${label}` }, "Copy");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      const range = document.createRange();
      range.selectNodeContents(block);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      button.textContent = "Selected";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });
  const block = element("pre", { tabindex: "0" }, text);
  return element("div", { class: "code" }, block, button);
}
