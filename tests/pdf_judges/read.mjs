// What pdf.js, the reader of Firefox, sees in each of these files; one line of JSON for each.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, ...files] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${modules}/`));
const { getDocument } = await import(pathToFileURL(require.resolve("pdfjs-dist/legacy/build/pdf.mjs")));

for (const file of files) {
  const data = new Uint8Array(await readFile(file));
  const pdf = await getDocument({ data, verbosity: 0, useSystemFonts: false, isEvalSupported: false }).promise;
  const seen = { file, pages: pdf.numPages, words: [], annotations: [], pageActions: 0 };
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    seen.words.push(items.map((item) => item.str).join(" "));
    for (const annotation of await page.getAnnotations()) {
      seen.annotations.push([annotation.subtype, annotation.url ?? null, annotation.actions ? "actions" : null]);
    }
    if (await page.getJSActions()) seen.pageActions += 1;
    seen.operators = (seen.operators ?? 0) + (await page.getOperatorList()).fnArray.length;
  }
  seen.scripts = await pdf.getJSActions();
  seen.attachments = await pdf.getAttachments();
  seen.openAction = await pdf.getOpenAction();
  seen.fields = await pdf.getFieldObjects();
  seen.layers = [...((await pdf.getOptionalContentConfig()) ?? [])].length;
  seen.metadata = Boolean((await pdf.getMetadata()).metadata);
  console.log(JSON.stringify(seen));
}
