//! The pages of a document, found as viewers find them: from the catalog down the tree, whatever its nodes say that they
//! are, each page as often as the tree has it (7.7.3).

use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, MaybeRef, Name, ObjRef, Object, ObjectIdentifier};

use super::MAX_PAGES;
use crate::prescriptions::document::Refusal;

/// How many nodes the tree of a few pages may have; empty ones are none that anybody needs.
const NODES: usize = 1000;
/// How deep it may be.
const DEPTH: usize = 40;

/// What pages have from the nodes above them (7.7.3.4).
const INHERITED: [&[u8]; 4] = [b"Resources", b"MediaBox", b"CropBox", b"Rotate"];

/// A page, and what it has from the nodes above it.
pub(super) struct Page<'a> {
    pub(super) dict: Dict<'a>,
    above: Vec<Dict<'a>>,
}

impl<'a> Page<'a> {
    /// The value of a key that nodes above may have instead of the page.
    pub(super) fn inherited(&self, key: &[u8]) -> Option<MaybeRef<Object<'a>>> {
        let own = self.dict.get_raw::<Object<'a>>(key);
        let mut above = self.above.iter().rev().filter(|_| INHERITED.contains(&key));
        own.or_else(|| above.find_map(|node| node.get_raw::<Object<'a>>(key)))
    }
}

/// All pages in their order.
///
/// # Errors
/// None, more than [`MAX_PAGES`], or a tree that goes round in circles.
pub(super) fn pages(pdf: &Pdf) -> Result<Vec<Page<'_>>, Refusal> {
    let xref = pdf.xref();
    let catalog = xref.get::<Dict<'_>>(xref.root_id()).ok_or(Refusal::Unreadable)?;
    let root = catalog.get_raw::<Object<'_>>(b"Pages").ok_or(Refusal::Unreadable)?;
    let mut walk = Walk { pdf, pages: Vec::new(), path: Vec::new(), nodes: 0 };
    walk.node(root, &[])?;
    if walk.pages.is_empty() { Err(Refusal::Unreadable) } else { Ok(walk.pages) }
}

struct Walk<'a> {
    pdf: &'a Pdf,
    pages: Vec<Page<'a>>,
    /// The nodes that are being walked, from the root down.
    path: Vec<ObjectIdentifier>,
    nodes: usize,
}

impl<'a> Walk<'a> {
    fn node(&mut self, node: MaybeRef<Object<'a>>, above: &[Dict<'a>]) -> Result<(), Refusal> {
        self.nodes += 1;
        if self.nodes > NODES || self.path.len() > DEPTH || above.len() > DEPTH {
            return Err(Refusal::TooLarge);
        }
        let id: Option<ObjectIdentifier> = node.as_obj_ref().map(ObjRef::into);
        let object = match node {
            MaybeRef::Ref(id) => self.pdf.xref().get::<Object<'a>>(id.into()),
            MaybeRef::NotRef(object) => Some(object),
        };
        // Where nothing is, viewers show nothing.
        let Some(dict) = object.and_then(Object::into_dict) else { return Ok(()) };
        let page = dict.get::<Name<'a>>(b"Type").is_some_and(|kind| *kind == *b"Page");
        let Some(kids) = dict.get::<Array<'a>>(b"Kids").filter(|_| !page) else {
            self.pages.push(Page { dict, above: above.to_vec() });
            return if self.pages.len() > MAX_PAGES { Err(Refusal::TooManyPages) } else { Ok(()) };
        };
        if id.is_some_and(|id| self.path.contains(&id)) {
            return Err(Refusal::Unreadable);
        }
        self.path.extend(id);
        let above: Vec<_> = above.iter().cloned().chain([dict]).collect();
        for kid in kids.raw_iter() {
            self.node(kid, &above)?;
        }
        if id.is_some() {
            self.path.pop();
        }
        Ok(())
    }
}
