"""Three readers that had no part in rebuilding PDFs say what is in the rebuilt ones: pdf.js, MuPDF and qpdf.

    judge.py <directory with node_modules/pdfjs-dist> <the program rebuild_pdf>

Exit status 1: a verdict that is not right; 2: a judge is missing, and nothing was judged.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

try:
    import pymupdf as fitz
    import pikepdf
except ImportError as missing:
    sys.exit(print(f"{missing.name} is missing: nothing was judged. `make judge-pdf` installs it.") or 2)

from samples import SAMPLES, SCRIPT, WORDS

# What may stand in a rebuilt document's catalog, pages and annotations, and nowhere anything else that acts.
CATALOG = {"/Type", "/Pages"}
PAGE = {"/Type", "/Parent", "/Contents", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Group", "/Annots"}
NEVER = {
    "/JS", "/JavaScript", "/AA", "/OpenAction", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/EF", "/Filespec", "/Names",
    "/AcroForm", "/XFA", "/Sound", "/Movie", "/RichMedia", "/3D", "/3DD", "/OnInstantiate", "/Rendition", "/Next",
    "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Named", "/Metadata", "/OCProperties", "/OCGs", "/OC", "/F",
}


def names(thing, found):
    if isinstance(thing, pikepdf.Dictionary) or isinstance(thing, pikepdf.Stream):
        for key, value in dict(thing.items()).items() if isinstance(thing, pikepdf.Dictionary) else thing.stream_dict.items():
            found.add(key)
            if not value.is_indirect if isinstance(value, pikepdf.Object) else False:
                names(value, found)
            elif isinstance(value, pikepdf.Name):
                found.add(str(value))
    elif isinstance(thing, pikepdf.Array):
        for value in thing:
            if isinstance(value, pikepdf.Object) and not value.is_indirect:
                names(value, found)
    elif isinstance(thing, pikepdf.Name):
        found.add(str(thing))
    return found


def by_qpdf(path, pages):
    faults = []
    with pikepdf.open(path) as document:
        faults += [f"qpdf: {problem}" for problem in document.check_pdf_syntax()]
        if len(document.pages) != pages:
            faults.append(f"qpdf counts {len(document.pages)} pages")
        faults += [f"qpdf: {key} in the catalog" for key in set(document.Root.keys()) - CATALOG]
        for page in document.pages:
            faults += [f"qpdf: {key} in a page" for key in set(page.obj.keys()) - PAGE]
        found = set()
        for thing in document.objects:
            names(thing, found)
        faults += [f"qpdf: {name}" for name in sorted(found & NEVER)]
        if len(document.attachments):
            faults.append("qpdf: attachments")
    return faults


def by_mupdf(path, pages, original):
    faults = []
    document = fitz.open(path)
    if document.is_repaired:
        faults.append("MuPDF had to repair it")
    if document.page_count != pages:
        faults.append(f"MuPDF counts {document.page_count} pages")
    if document.embfile_count() or document.is_form_pdf or document.get_ocgs() or document.get_xml_metadata():
        faults.append("MuPDF: files, a form, layers or metadata")
    for number, page in enumerate(document):
        if WORDS not in page.get_text():
            faults.append(f"MuPDF does not read the words of page {number + 1}")
        faults += [f"MuPDF: a link to {link}" for link in page.get_links() if not link.get("uri", "").startswith("https://")]
        faults += [f"MuPDF: an annotation {one.type}" for one in page.annots() or []]
        faults += [f"MuPDF: a field {one.field_name}" for one in page.widgets() or []]
        # The same picture as before, dot by dot.
        if original is not None and number < original.page_count:
            before, after = (one.get_pixmap(dpi=60).samples for one in (original[number], page))
            if before != after:
                wrong = sum(abs(a - b) > 8 for a, b in zip(before, after)) if len(before) == len(after) else "size"
                if wrong:
                    faults.append(f"MuPDF draws page {number + 1} otherwise ({wrong})")
    if fitz.TOOLS.mupdf_warnings():
        fitz.TOOLS.reset_mupdf_warnings()
    return faults


def by_pdfjs(seen, pages):
    faults = []
    if seen["pages"] != pages:
        faults.append(f"pdf.js counts {seen['pages']} pages")
    if not all(WORDS in words for words in seen["words"]):
        faults.append(f"pdf.js does not read the words: {seen['words']}")
    for key in ("scripts", "attachments", "openAction", "fields"):
        if seen[key]:
            faults.append(f"pdf.js: {key} {seen[key]}")
    if seen["pageActions"] or seen["layers"] or seen["metadata"]:
        faults.append("pdf.js: actions, layers or metadata")
    for subtype, url, actions in seen["annotations"]:
        if subtype != "Link" or not str(url).startswith("https://") or actions:
            faults.append(f"pdf.js: {subtype} {url} {actions}")
    return faults


# Where the rebuilt page is meant to look otherwise: what was hidden is shown, and links have no border.
OTHERWISE = {"hidden_layer", "sound", "movie", "three_d", "attachment_on_page", "launch", "javascript_link", "file_link",
             "https_link", "link_and_then", "untyped_object_stream"}


def main(modules, rebuild):
    wrong = 0
    with tempfile.TemporaryDirectory() as place:
        before, after = pathlib.Path(place, "before"), pathlib.Path(place, "after")
        before.mkdir(), after.mkdir()
        for name, (make, _) in SAMPLES.items():
            (before / f"{name}.pdf").write_bytes(make())
        subprocess.run([rebuild, before, after], check=True)
        rebuilt = sorted(after.glob("*.pdf"))
        reader = pathlib.Path(__file__).with_name("read.mjs")
        lines = subprocess.run(["node", reader, modules, *rebuilt], check=True, capture_output=True, text=True).stdout
        seen = {pathlib.Path(one["file"]).stem: one for one in map(json.loads, lines.splitlines())}
        for name, (_, wanted) in SAMPLES.items():
            refused = after / f"{name}.refused"
            if refused.exists():
                why = refused.read_text()
                faults = [] if why == wanted else [f"refused as {why}, not {wanted}"]
            elif not isinstance(wanted, int):
                faults = [f"passes, and should be {wanted}"]
            else:
                path = after / f"{name}.pdf"
                original = None if name in OTHERWISE else fitz.open(before / f"{name}.pdf")
                faults = by_qpdf(path, wanted) + by_mupdf(path, wanted, original) + by_pdfjs(seen[name], wanted)
                if SCRIPT.encode() in path.read_bytes():
                    faults.append("the script is still there")
            print(f"{name}: {'; '.join(faults) or 'as it should be'}")
            wrong += bool(faults)
    print(f"{len(SAMPLES)} samples, {len(rebuilt)} rebuilt, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
