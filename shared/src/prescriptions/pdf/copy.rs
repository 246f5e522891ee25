//! Copies what may be copied, object by object, into a new document.

use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};
use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use hayro_syntax::Filter;
use hayro_syntax::object::{Array, Dict, MaybeRef, Name, Number, ObjRef, Object, ObjectIdentifier, Stream};
use hayro_syntax::xref::XRef;
use pdf_writer::{Finish, Obj, Pdf, Ref};

use super::shapes::{self, Kind};
use crate::prescriptions::document::Refusal;

/// How many objects a rebuilt document may have.
const OBJECTS: i32 = 20_000;
/// How many bytes of dictionaries and arrays are read; what is named twice is read twice.
const READ: usize = 64 * 1024 * 1024;
/// How many bytes all contents, fonts and profiles together may have when they are expanded.
const EXPANDED: usize = 128 * 1024 * 1024;
/// How many bytes the rebuilt document may have.
const WRITTEN: usize = 16 * 1024 * 1024;
/// How deeply dictionaries and arrays may be nested in each other.
const DEPTH: u32 = 32;
/// How many pixels a picture may have: an A4 page at 800 dots an inch.
const PIXELS: i64 = 64_000_000;
/// How many filters a stream may have, one over the other.
const FILTERS: usize = 2;

/// The new document, and what of the old one is still to be copied into it.
pub(super) struct Copy<'a> {
    old: &'a XRef,
    new: Pdf,
    last: i32,
    /// The new number of what was copied, as what it was copied.
    known: HashMap<(ObjectIdentifier, Kind), Ref>,
    waiting: VecDeque<(ObjRef, Kind, Ref)>,
    read: usize,
    expanded: usize,
}

impl<'a> Copy<'a> {
    pub(super) fn new(old: &'a XRef) -> Self {
        let (known, waiting) = (HashMap::new(), VecDeque::new());
        Self { old, new: Pdf::new(), last: 0, known, waiting, read: READ, expanded: EXPANDED }
    }

    /// The number of an object that is written by the caller.
    pub(super) fn number(&mut self) -> Result<Ref, Refusal> {
        self.last += 1;
        if self.last > OBJECTS { Err(Refusal::TooLarge) } else { Ok(Ref::new(self.last)) }
    }

    /// The new document, to write an object of one's own into.
    pub(super) fn document(&mut self) -> &mut Pdf {
        &mut self.new
    }

    /// The number under which an object of the old document will be in the new one.
    pub(super) fn reference(&mut self, old: ObjRef, kind: Kind) -> Result<Ref, Refusal> {
        let key = (old.into(), kind);
        if let Some(known) = self.known.get(&key) {
            return Ok(*known);
        }
        let new = self.number()?;
        self.known.insert(key, new);
        self.waiting.push_back((old, kind, new));
        Ok(new)
    }

    /// Copies everything that was referred to, and what that refers to.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, Refusal> {
        while let Some((old, kind, new)) = self.waiting.pop_front() {
            match self.old.get::<Object<'a>>(old.into()) {
                Some(Object::Stream(stream)) => self.stream(&stream, kind, new)?,
                object => {
                    let mut chunk = pdf_writer::Chunk::new();
                    self.value(
                        chunk.indirect(new),
                        object.unwrap_or(Object::Null(hayro_syntax::object::Null)),
                        kind,
                        0,
                    )?;
                    self.new.extend(&chunk);
                }
            }
            if self.new.len() > WRITTEN {
                return Err(Refusal::TooLarge);
            }
        }
        Ok(self.new.finish())
    }

    /// Writes what stands at a place: a reference as a reference, anything else as it is.
    pub(super) fn place(
        &mut self,
        to: Obj<'_>,
        what: MaybeRef<Object<'a>>,
        kind: Kind,
        depth: u32,
    ) -> Result<(), Refusal> {
        match what {
            MaybeRef::Ref(old) => {
                let new = self.reference(old, kind)?;
                to.primitive(new);
                Ok(())
            }
            MaybeRef::NotRef(object) => self.value(to, object, kind, depth),
        }
    }

    /// Writes an object as far as it is of its kind; `null` where it is another.
    fn value(&mut self, to: Obj<'_>, object: Object<'a>, kind: Kind, depth: u32) -> Result<(), Refusal> {
        if depth > DEPTH {
            return Err(Refusal::TooLarge);
        }
        match (kind, object) {
            (Kind::List(inner), Object::Array(array)) => self.array(to, &array, std::iter::repeat(*inner), depth),
            (Kind::List(inner), single) => self.value(to, single, *inner, depth),
            (Kind::Map(inner), Object::Dict(dict)) => {
                self.spend(dict.data().len())?;
                let mut map = to.dict();
                self.entries(&mut map, &dict, *inner, depth)
            }
            (Kind::ColorSpace, Object::Array(array)) => self.color_space(to, &array, depth),
            (Kind::Mask | Kind::Plain, Object::Array(array)) => {
                self.array(to, &array, std::iter::repeat(Kind::Plain), depth)
            }
            (kind, Object::Dict(dict)) if shapes::may_be_dictionary(kind) => {
                self.spend(dict.data().len())?;
                let mut new = to.dict();
                self.keys(&mut new, &dict, kind, depth)
            }
            (Kind::Table, Object::String(text)) => {
                to.primitive(pdf_writer::Str(text.as_bytes()));
                Ok(())
            }
            (
                Kind::ColorSpace | Kind::SoftMask | Kind::Encoding | Kind::Glyphs | Kind::Function | Kind::Plain,
                Object::Name(name),
            ) => {
                to.primitive(pdf_writer::Name(&name));
                Ok(())
            }
            (Kind::Plain, scalar) => {
                plain(to, &scalar);
                Ok(())
            }
            _ => {
                to.primitive(pdf_writer::Null);
                Ok(())
            }
        }
    }

    fn array(
        &mut self,
        to: Obj<'_>,
        array: &Array<'a>,
        kinds: impl Iterator<Item = Kind>,
        depth: u32,
    ) -> Result<(), Refusal> {
        self.spend(array.data().len())?;
        let mut new = to.array();
        for (item, kind) in array.raw_iter().zip(kinds) {
            self.place(new.push(), item, kind, depth + 1)?;
        }
        Ok(())
    }

    /// A colour space, by the name that it begins with (8.6).
    fn color_space(&mut self, to: Obj<'_>, array: &Array<'a>, depth: u32) -> Result<(), Refusal> {
        let family = array.iter::<Object<'a>>().next().and_then(Object::into_name);
        let parts: &[Kind] = match family.as_deref().unwrap_or_default() {
            b"ICCBased" => &[Kind::Plain, Kind::Profile],
            b"CalGray" | b"CalRGB" | b"Lab" => &[Kind::Plain, Kind::Calibration],
            b"Indexed" | b"I" => &[Kind::Plain, Kind::ColorSpace, Kind::Plain, Kind::Table],
            b"Separation" | b"DeviceN" => &[Kind::Plain, Kind::Plain, Kind::ColorSpace, Kind::Function],
            b"Pattern" => &[Kind::Plain, Kind::ColorSpace],
            _ => &[Kind::Plain],
        };
        self.array(to, array, parts.iter().copied(), depth)
    }

    /// All entries of a dictionary that has names for things of one kind.
    pub(super) fn entries(
        &mut self,
        to: &mut pdf_writer::Dict<'_>,
        dict: &Dict<'a>,
        kind: Kind,
        depth: u32,
    ) -> Result<(), Refusal> {
        for (name, value) in dict.entries() {
            // Programs for printers (8.8.2), and what is none of them.
            if kind == Kind::External && dict.get::<Stream<'a>>(&name).is_none_or(|stream| external(&stream).is_none())
            {
                continue;
            }
            self.place(to.insert(pdf_writer::Name(&name)), value, kind, depth + 1)?;
        }
        Ok(())
    }

    /// The entries of a dictionary that are known of its kind.
    fn keys(&mut self, to: &mut pdf_writer::Dict<'_>, dict: &Dict<'a>, kind: Kind, depth: u32) -> Result<(), Refusal> {
        for (key, inner) in shapes::keys(kind) {
            if let Some(value) = dict.get_raw::<Object<'a>>(key) {
                self.place(to.insert(pdf_writer::Name(key)), value, *inner, depth + 1)?;
            }
        }
        Ok(())
    }

    fn spend(&mut self, bytes: usize) -> Result<(), Refusal> {
        self.read = self.read.checked_sub(bytes).ok_or(Refusal::TooLarge)?;
        Ok(())
    }

    /// Writes a stream: pictures as they are encoded, everything else encoded anew.
    fn stream(&mut self, stream: &Stream<'a>, kind: Kind, new: Ref) -> Result<(), Refusal> {
        let kind = match kind {
            Kind::External => external(stream).unwrap_or(Kind::Plain),
            Kind::Mask => Kind::Image,
            // Of the kinds that may be in a list, functions alone are streams.
            Kind::List(inner) => *inner,
            other => other,
        };
        // What lies in another file is not in this one.
        if !shapes::may_be_stream(kind) || stream.dict().contains_key(b"F") {
            self.new.indirect(new).primitive(pdf_writer::Null);
            return Ok(());
        }
        self.spend(stream.dict().data().len())?;
        let mut chunk = pdf_writer::Chunk::new();
        if kind == Kind::Image {
            let filters = self.picture(stream)?;
            let data = stream.raw_data();
            let mut to = chunk.stream(new, &data);
            to.pair(pdf_writer::Name(b"Type"), pdf_writer::Name(b"XObject"));
            to.pair(pdf_writer::Name(b"Subtype"), pdf_writer::Name(b"Image"));
            if !filters.is_empty() {
                let names = filters.iter().map(|filter| pdf_writer::Name(filter_name(*filter)));
                to.insert(pdf_writer::Name(b"Filter")).array().items(names);
            }
            let parameters = stream.dict().get_raw::<Object<'a>>(b"DecodeParms");
            let parameters = parameters.or_else(|| stream.dict().get_raw::<Object<'a>>(b"DP"));
            if let Some(parameters) = parameters {
                let place = to.insert(pdf_writer::Name(b"DecodeParms"));
                self.place(place, parameters, Kind::List(&Kind::DecodeParameters), 0)?;
            }
            self.keys(&mut to, stream.dict(), kind, 0)?;
            to.finish();
        } else {
            let data = deflated(&self.content(stream)?);
            let mut to = chunk.stream(new, &data);
            to.pair(pdf_writer::Name(b"Filter"), pdf_writer::Name(b"FlateDecode"));
            if kind == Kind::Form {
                to.pair(pdf_writer::Name(b"Type"), pdf_writer::Name(b"XObject"));
                to.pair(pdf_writer::Name(b"Subtype"), pdf_writer::Name(b"Form"));
            }
            self.keys(&mut to, stream.dict(), kind, 0)?;
            to.finish();
        }
        self.new.extend(&chunk);
        Ok(())
    }

    /// Checks a picture by what its dictionary says of it.
    fn picture(&self, stream: &Stream<'a>) -> Result<Vec<Filter>, Refusal> {
        let side = |key: &[u8]| stream.dict().get::<Number>(key).map_or(0, |side| side.as_i64());
        let (width, height) = (side(b"Width"), side(b"Height"));
        if width.checked_mul(height).is_none_or(|pixels| pixels > PIXELS) || width < 0 || height < 0 {
            return Err(Refusal::TooLarge);
        }
        filters(stream)
    }

    /// What a stream holds when it is expanded.
    pub(super) fn content(&mut self, stream: &Stream<'a>) -> Result<Vec<u8>, Refusal> {
        let filters = filters(stream)?;
        let raw = stream.raw_data();
        let plain = !stream.dict().contains_key(b"DecodeParms");
        let content: Cow<'_, [u8]> = match filters.as_slice() {
            [] => raw,
            [Filter::FlateDecode] if plain => match self.inflate(&raw)? {
                Some(content) => content.into(),
                None => stream.decoded_data().map_err(|_| Refusal::Unreadable)?,
            },
            _ => stream.decoded_data().map_err(|_| Refusal::Unreadable)?,
        };
        self.expanded = self.expanded.checked_sub(content.len()).ok_or(Refusal::TooLarge)?;
        Ok(content.into_owned())
    }

    /// `None` for what is damaged, which other decoders may still read.
    fn inflate(&self, raw: &[u8]) -> Result<Option<Vec<u8>>, Refusal> {
        let most = u64::try_from(self.expanded).unwrap_or(u64::MAX);
        let mut content = Vec::new();
        let read = ZlibDecoder::new(raw).take(most.saturating_add(1)).read_to_end(&mut content);
        if content.len() > self.expanded {
            return Err(Refusal::TooLarge);
        }
        Ok(read.ok().map(|_| content))
    }
}

/// What an external object says that it is (8.8).
fn external(stream: &Stream<'_>) -> Option<Kind> {
    match stream.dict().get::<Name<'_>>(b"Subtype").as_deref()? {
        b"Form" => Some(Kind::Form),
        b"Image" => Some(Kind::Image),
        _ => None,
    }
}

/// The filters of a stream, where all are known.
fn filters(stream: &Stream<'_>) -> Result<Vec<Filter>, Refusal> {
    let filters = stream.filters().to_vec();
    let named = match stream.dict().get::<Object<'_>>(b"Filter") {
        Some(Object::Array(names)) => names.raw_iter().count(),
        Some(Object::Name(_)) => 1,
        _ => 0,
    };
    let known = |filter: &Filter| !matches!(filter, Filter::Crypt | Filter::LzwDecode);
    if filters.len() == named && named <= FILTERS && filters.iter().all(known) {
        Ok(filters)
    } else {
        Err(Refusal::Unreadable)
    }
}

fn filter_name(filter: Filter) -> &'static [u8] {
    match filter {
        Filter::AsciiHexDecode => b"ASCIIHexDecode",
        Filter::Ascii85Decode => b"ASCII85Decode",
        Filter::LzwDecode => b"LZWDecode",
        Filter::FlateDecode => b"FlateDecode",
        Filter::RunLengthDecode => b"RunLengthDecode",
        Filter::CcittFaxDecode => b"CCITTFaxDecode",
        Filter::Jbig2Decode => b"JBIG2Decode",
        Filter::DctDecode => b"DCTDecode",
        Filter::JpxDecode => b"JPXDecode",
        Filter::Crypt => b"Crypt",
    }
}

/// Compressed as streams are.
pub(super) fn deflated(content: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    // Writing into memory does not fail.
    let _ = encoder.write_all(content);
    encoder.finish().unwrap_or_default()
}

/// Numbers, strings, names and truth values; anything else is `null`.
fn plain(to: Obj<'_>, object: &Object<'_>) {
    match object {
        Object::Boolean(truth) => to.primitive(*truth),
        Object::Number(number) => write_number(to, *number),
        Object::String(text) => to.primitive(pdf_writer::Str(text.as_bytes())),
        Object::Name(name) => to.primitive(pdf_writer::Name(name)),
        _ => to.primitive(pdf_writer::Null),
    }
}

fn write_number(to: Obj<'_>, number: Number) {
    let whole = number.as_f64().fract() == 0.0;
    match i32::try_from(number.as_i64()) {
        Ok(integer) if whole => to.primitive(integer),
        _ => to.primitive(number.as_f32()),
    }
}
