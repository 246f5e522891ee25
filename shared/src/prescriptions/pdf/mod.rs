//! Rebuilds a PDF from what may be in it.
//!
//! What a file could do when it is opened, and what it could carry, can be written in more ways than anybody can look
//! for. So nothing is looked for: the pages are found as viewers find them, and what they are drawn with is copied into a
//! new document, by kind and by key ([`shapes`]). Scripts, actions, forms, attachments, layers, sounds and whatever else
//! there may be is not refused but left behind, since no kind has a key for it.

mod annotations;
mod copy;
mod guard;
mod shapes;
mod tree;

use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro_syntax::object::{Array, Dict, MaybeRef, Object};
use hayro_syntax::{LoadPdfError, Pdf};
use pdf_writer::{Chunk, Finish, Name, Ref, Str};

use self::annotations::{Drawing, Kept};
use self::copy::{Copy, deflated};
use self::shapes::Kind;
use self::tree::Page;
use crate::prescriptions::document::Refusal;

/// The most pages of a prescription.
pub const MAX_PAGES: usize = 10;
/// US Letter, which viewers take where a page has no size of its own, in points.
const LETTER: [i32; 4] = [0, 0, 612, 792];

/// Makes a new document of the pages of a PDF. The same file always gives the same document.
///
/// # Errors
/// Why it cannot be rebuilt.
pub fn rebuild(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    Ok(rebuild_first(bytes, MAX_PAGES)?.0)
}

/// Makes a new document of the first so many pages of a PDF; with how many it has.
///
/// # Errors
/// Why it cannot be rebuilt.
pub fn rebuild_first(bytes: &[u8], most: usize) -> Result<(Vec<u8>, usize), Refusal> {
    guard::check(bytes)?;
    // A reader that trips over a file has not read it.
    catch_unwind(AssertUnwindSafe(|| rebuilt(bytes, most))).unwrap_or(Err(Refusal::Unreadable))
}

fn rebuilt(bytes: &[u8], most: usize) -> Result<(Vec<u8>, usize), Refusal> {
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(_) => Refusal::Encrypted,
        LoadPdfError::Invalid => Refusal::Unreadable,
    })?;
    let pages = tree::pages(&pdf)?;
    refuse_running_forms(&pdf)?;
    let mut copy = Copy::new(pdf.xref());
    let (catalog, tree) = (copy.number()?, copy.number()?);
    copy.document().catalog(catalog).pages(tree);
    let mut kids = Vec::with_capacity(pages.len().min(most));
    for page in pages.iter().take(most) {
        kids.push(write_page(&mut copy, &pdf, page, tree)?);
    }
    let count = i32::try_from(kids.len()).map_err(|_| Refusal::TooManyPages)?;
    copy.document().pages(tree).kids(kids).count(count);
    Ok((copy.finish()?, pages.len()))
}

/// A form of the XFA kind draws its pages by running; what it has as pages says to use another viewer.
fn refuse_running_forms(pdf: &Pdf) -> Result<(), Refusal> {
    let catalog = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id());
    let form = catalog.and_then(|catalog| catalog.get::<Dict<'_>>(b"AcroForm"));
    if form.is_some_and(|form| form.contains_key(b"XFA")) { Err(Refusal::ActiveContent) } else { Ok(()) }
}

fn write_page<'a>(copy: &mut Copy<'a>, pdf: &'a Pdf, page: &Page<'a>, tree: Ref) -> Result<Ref, Refusal> {
    let Kept { links, drawings } = annotations::of_page(&page.dict, pdf.xref())?;
    let id = copy.number()?;
    let contents = write_contents(copy, page, &drawings)?;
    let mut chunk = Chunk::new();
    let mut to = chunk.indirect(id).dict();
    to.pair(Name(b"Type"), Name(b"Page"));
    to.pair(Name(b"Parent"), tree);
    to.insert(Name(b"Contents")).array().items(contents);
    match page.inherited(b"MediaBox") {
        Some(size) => copy.place(to.insert(Name(b"MediaBox")), size, Kind::Plain, 0)?,
        None => drop(to.insert(Name(b"MediaBox")).array().items(LETTER)),
    }
    for key in [b"CropBox".as_slice(), b"Rotate"] {
        if let Some(value) = page.inherited(key) {
            copy.place(to.insert(Name(key)), value, Kind::Plain, 0)?;
        }
    }
    for (key, kind) in [(b"UserUnit".as_slice(), Kind::Plain), (b"Group", Kind::Group)] {
        if let Some(value) = page.dict.get_raw::<Object<'a>>(key) {
            copy.place(to.insert(Name(key)), value, kind, 0)?;
        }
    }
    write_resources(copy, pdf, page, &drawings, to.insert(Name(b"Resources")).dict())?;
    if !links.is_empty() {
        let mut annotations = to.insert(Name(b"Annots")).array();
        for link in links {
            let mut annotation = annotations.push().dict();
            annotation.pair(Name(b"Type"), Name(b"Annot")).pair(Name(b"Subtype"), Name(b"Link"));
            annotation.insert(Name(b"Rect")).array().items(link.rectangle);
            annotation.insert(Name(b"Border")).array().items([0, 0, 0]);
            let mut action = annotation.insert(Name(b"A")).dict();
            action.pair(Name(b"S"), Name(b"URI")).pair(Name(b"URI"), Str(&link.uri));
        }
    }
    to.finish();
    copy.document().extend(&chunk);
    Ok(id)
}

/// The page's own contents, and after them what was drawn on top of them.
fn write_contents<'a>(copy: &mut Copy<'a>, page: &Page<'a>, drawings: &[Drawing]) -> Result<Vec<Ref>, Refusal> {
    let mut parts = Vec::new();
    match page.dict.get_raw::<Object<'a>>(b"Contents") {
        Some(MaybeRef::Ref(id)) => match page.dict.get::<Object<'a>>(b"Contents") {
            Some(Object::Array(array)) => references(copy, &array, &mut parts)?,
            _ => parts.push(copy.reference(id, Kind::Contents)?),
        },
        Some(MaybeRef::NotRef(Object::Array(array))) => references(copy, &array, &mut parts)?,
        _ => {}
    }
    if drawings.is_empty() {
        return Ok(parts);
    }
    let mut after = String::from("Q\n");
    for (n, drawing) in drawings.iter().enumerate() {
        let [a, b, c, d, e, f] = drawing.matrix;
        after.push_str(&format!("q {a} {b} {c} {d} {e} {f} cm /{} Do Q\n", drawing_name(n)));
    }
    // Whatever the contents do to the place where they draw ends with them.
    let (begin, end) = (copy.number()?, copy.number()?);
    write_operators(copy, begin, b"q\n");
    write_operators(copy, end, after.as_bytes());
    Ok([vec![begin], parts, vec![end]].concat())
}

fn references<'a>(copy: &mut Copy<'a>, array: &Array<'a>, parts: &mut Vec<Ref>) -> Result<(), Refusal> {
    for part in array.raw_iter() {
        if let Some(id) = part.as_obj_ref() {
            parts.push(copy.reference(id, Kind::Contents)?);
        }
    }
    Ok(())
}

fn write_operators(copy: &mut Copy<'_>, id: Ref, operators: &[u8]) {
    let data = deflated(operators);
    copy.document().stream(id, &data).filter(pdf_writer::Filter::FlateDecode);
}

/// What a drawing on top of a page is called in its resources.
fn drawing_name(n: usize) -> String {
    format!("on-top-{n}")
}

fn write_resources<'a>(
    copy: &mut Copy<'a>,
    pdf: &'a Pdf,
    page: &Page<'a>,
    drawings: &[Drawing],
    mut to: pdf_writer::Dict<'_>,
) -> Result<(), Refusal> {
    let resources = match page.inherited(b"Resources") {
        Some(MaybeRef::Ref(id)) => pdf.xref().get::<Dict<'a>>(id.into()),
        Some(MaybeRef::NotRef(object)) => object.into_dict(),
        None => None,
    };
    let resources = resources.unwrap_or_default();
    for (key, kind) in shapes::RESOURCES {
        let had = resources.get_raw::<Object<'a>>(key);
        if *key != b"XObject" || drawings.is_empty() {
            if let Some(had) = had {
                copy.place(to.insert(Name(key)), had, *kind, 0)?;
            }
            continue;
        }
        let mut forms = to.insert(Name(key)).dict();
        if let Some(had) = resources.get::<Dict<'a>>(key) {
            copy.entries(&mut forms, &had, Kind::External, 0)?;
        }
        for (n, drawing) in drawings.iter().enumerate() {
            let name = drawing_name(n);
            let form = copy.reference(drawing.form, Kind::Form)?;
            forms.pair(Name(name.as_bytes()), form);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
