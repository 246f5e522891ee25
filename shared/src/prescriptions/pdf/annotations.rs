//! What lies on top of a page (12.5): links to the web stay links, what is drawn becomes part of the page, and everything
//! else stays behind.

use hayro_syntax::object::{Array, Dict, MaybeRef, Name, Number, ObjRef, Object, Stream};
use hayro_syntax::xref::XRef;

use crate::prescriptions::document::Refusal;

/// How many annotations a page may have.
const MOST: usize = 1000;
/// The longest link, in bytes.
const LONGEST_LINK: usize = 2048;
/// Flags (12.5.3): not to be shown.
const HIDDEN: i64 = 1 << 1;
const NO_VIEW: i64 = 1 << 5;

/// A link to a page on the web.
pub(super) struct Link {
    pub(super) rectangle: [f32; 4],
    pub(super) uri: Vec<u8>,
}

/// Something that is drawn on the page: contents of their own, and where.
pub(super) struct Drawing {
    pub(super) form: ObjRef,
    /// Brings the form to its place: the six numbers of the operator `cm`.
    pub(super) matrix: [f32; 6],
}

/// What is kept of a page's annotations.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) links: Vec<Link>,
    pub(super) drawings: Vec<Drawing>,
}

/// Reads a page's annotations.
///
/// # Errors
/// Too many, or one that says something which only a viewer could draw: without it the page would say something else.
pub(super) fn of_page<'a>(page: &Dict<'a>, xref: &'a XRef) -> Result<Kept, Refusal> {
    let mut kept = Kept::default();
    let Some(annotations) = page.get::<Array<'a>>(b"Annots") else { return Ok(kept) };
    for (n, annotation) in annotations.iter::<Object<'a>>().enumerate() {
        if n >= MOST {
            return Err(Refusal::TooLarge);
        }
        let Some(annotation) = annotation.into_dict() else { continue };
        let flags = annotation.get::<Number>(b"F").map_or(0, |flags| flags.as_i64());
        if flags & (HIDDEN | NO_VIEW) != 0 {
            continue;
        }
        match annotation.get::<Name<'a>>(b"Subtype").as_deref().unwrap_or_default() {
            b"Link" => kept.links.extend(link(&annotation)),
            b"Popup" | b"FileAttachment" | b"Sound" | b"Movie" | b"Screen" | b"3D" | b"RichMedia" | b"PrinterMark"
            | b"TrapNet" | b"Projection" => {}
            subtype => match drawing(&annotation, xref) {
                Some(drawing) => kept.drawings.push(drawing),
                None if says_something(&annotation, subtype) => return Err(Refusal::ActiveContent),
                None => {}
            },
        }
    }
    Ok(kept)
}

fn link(annotation: &Dict<'_>) -> Option<Link> {
    let action = annotation.get::<Dict<'_>>(b"A")?;
    let uri = action.get::<hayro_syntax::object::String<'_>>(b"URI")?;
    let uri = uri.as_bytes();
    let web = uri.first_chunk::<8>().is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"https://"));
    let plain = uri.len() <= LONGEST_LINK && uri.iter().all(|byte| byte.is_ascii_graphic());
    let is_uri = action.get::<Name<'_>>(b"S").is_some_and(|kind| *kind == *b"URI");
    if !(web && plain && is_uri) {
        return None;
    }
    Some(Link { rectangle: numbers(&annotation.get(b"Rect")?)?, uri: uri.to_vec() })
}

/// Whether an annotation that has not been drawn is one that viewers draw themselves.
fn says_something(annotation: &Dict<'_>, subtype: &[u8]) -> bool {
    match subtype {
        b"FreeText" | b"Stamp" | b"Ink" | b"Line" | b"Square" | b"Circle" | b"Polygon" | b"PolyLine" | b"Caret"
        | b"Redact" | b"StrikeOut" => true,
        b"Widget" => {
            let field = annotation.get::<Dict<'_>>(b"Parent");
            let value = annotation.get::<Object<'_>>(b"V").or_else(|| field?.get::<Object<'_>>(b"V"));
            match value {
                Some(Object::String(text)) => !text.as_bytes().is_empty(),
                Some(Object::Array(choices)) => choices.raw_iter().next().is_some(),
                Some(Object::Stream(_)) => true,
                _ => false,
            }
        }
        _ => false,
    }
}

/// The normal appearance of an annotation, and its place (12.5.5).
fn drawing<'a>(annotation: &Dict<'a>, xref: &'a XRef) -> Option<Drawing> {
    let appearances = annotation.get::<Dict<'a>>(b"AP")?;
    let normal = appearances.get_raw::<Object<'a>>(b"N")?;
    let resolved = match &normal {
        MaybeRef::Ref(id) => xref.get::<Object<'a>>((*id).into())?,
        MaybeRef::NotRef(object) => object.clone(),
    };
    let (form, stream) = match resolved {
        Object::Stream(stream) => (normal.as_obj_ref()?, stream),
        // One for each state, such as a box that is ticked or not.
        Object::Dict(states) => {
            let state = annotation.get::<Name<'a>>(b"AS")?;
            (states.get_ref(&state)?, states.get::<Stream<'a>>(&state)?)
        }
        _ => return None,
    };
    let rectangle = normalised(numbers(&annotation.get(b"Rect")?)?);
    let bounds = numbers::<4>(&stream.dict().get(b"BBox")?)?;
    let matrix = stream.dict().get::<Array<'a>>(b"Matrix").and_then(|matrix| numbers::<6>(&matrix));
    Some(Drawing { form, matrix: brought_to(rectangle, bounds, matrix.unwrap_or([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]))? })
}

fn numbers<const N: usize>(array: &Array<'_>) -> Option<[f32; N]> {
    let numbers: Vec<f32> = array.iter::<Number>().map(|number| number.as_f32()).filter(|n| n.is_finite()).collect();
    numbers.try_into().ok()
}

fn normalised([x0, y0, x1, y1]: [f32; 4]) -> [f32; 4] {
    [x0.min(x1), y0.min(y1), x0.max(x1), y0.max(y1)]
}

/// Algorithm 8 (12.5.5): the box, turned by the form's own matrix, is moved and scaled into the rectangle.
#[allow(clippy::float_arithmetic, reason = "places on a page, of which nothing is counted or dosed")]
fn brought_to(rectangle: [f32; 4], bounds: [f32; 4], [a, b, c, d, e, f]: [f32; 6]) -> Option<[f32; 6]> {
    let [left, bottom, right, top] = bounds;
    let corners = [(left, bottom), (right, bottom), (left, top), (right, top)];
    let turned = corners.map(|(x, y)| (a * x + c * y + e, b * x + d * y + f));
    let xs = turned.map(|(x, _)| x);
    let ys = turned.map(|(_, y)| y);
    let least = |all: [f32; 4]| all.into_iter().fold(f32::INFINITY, f32::min);
    let most = |all: [f32; 4]| all.into_iter().fold(f32::NEG_INFINITY, f32::max);
    let (x, y) = (least(xs), least(ys));
    let (width, height) = (most(xs) - x, most(ys) - y);
    let scale = |wanted: f32, had: f32| if had > 0.0 { wanted / had } else { 1.0 };
    let (across, up) = (scale(rectangle[2] - rectangle[0], width), scale(rectangle[3] - rectangle[1], height));
    let matrix = [across, 0.0, 0.0, up, rectangle[0] - x * across, rectangle[1] - y * up];
    matrix.iter().all(|number| number.is_finite()).then_some(matrix)
}
