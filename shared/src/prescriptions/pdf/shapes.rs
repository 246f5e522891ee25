//! What a rebuilt document may hold: for each kind of object the keys that are copied, and what stands behind each
//! (ISO 32000-2). What is not named here is not copied.

/// What stands at a place of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// Numbers, names, strings, booleans, and arrays of them.
    Plain,
    /// A dictionary of things of one kind, by the names that contents call them.
    Map(&'static Kind),
    /// An array of things of one kind, or one of them alone.
    List(&'static Kind),
    /// What contents use, by their names (7.8.3).
    Resources,
    /// Operators that draw (7.8.2).
    Contents,
    /// Settings for drawing (8.4.5).
    GraphicsState,
    /// Transparency by a picture of it, or `/None` (11.6.5.2).
    SoftMask,
    /// A function of numbers (7.10).
    Function,
    /// A colour space by its name or as an array (8.6).
    ColorSpace,
    /// The white and black of a colour space (8.6.5).
    Calibration,
    /// An ICC profile (8.6.5.5).
    Profile,
    /// The colours of an indexed colour space: a string or a stream (8.6.6.3).
    Table,
    /// A tile or a gradient to paint with (8.7).
    Pattern,
    /// A gradient (8.7.4.5).
    Shading,
    /// A form or an image, as it says itself (8.8).
    External,
    /// Contents of their own (8.10).
    Form,
    /// How transparent contents mix (11.6.6).
    Group,
    /// A picture (8.9.5).
    Image,
    /// A picture that masks another, or a range of colours (8.9.6).
    Mask,
    /// How a stream is to be decoded (7.4).
    DecodeParameters,
    /// What pictures in JBIG2 have in common (7.4.7).
    Globals,
    /// A font of any type (9.5 to 9.7).
    Font,
    /// The system that numbers a font's characters (9.7.3).
    CidSystem,
    /// A font's measures, and the font itself (9.8).
    FontDescriptor,
    /// A font's program (9.9).
    FontProgram,
    /// Which character a byte stands for: a name, differences or a map (9.6.5, 9.7.5).
    Encoding,
    /// Which glyph a character has: a name or a stream (9.7.4.2).
    Glyphs,
}

/// The keys that are copied of a dictionary, or of a stream's dictionary beside those that say how it is encoded.
pub(super) fn keys(kind: Kind) -> &'static [(&'static [u8], Kind)] {
    match kind {
        Kind::Resources => RESOURCES,
        Kind::GraphicsState => GRAPHICS_STATE,
        Kind::SoftMask => SOFT_MASK,
        Kind::Function => FUNCTION,
        Kind::Calibration => CALIBRATION,
        Kind::Profile => PROFILE,
        Kind::Pattern => PATTERN,
        Kind::Shading => SHADING,
        Kind::Form => FORM,
        Kind::Group => GROUP,
        Kind::Image => IMAGE,
        Kind::DecodeParameters => DECODE_PARAMETERS,
        Kind::Font => FONT,
        Kind::CidSystem => CID_SYSTEM,
        Kind::FontDescriptor => FONT_DESCRIPTOR,
        Kind::FontProgram => FONT_PROGRAM,
        Kind::Encoding => ENCODING,
        Kind::Plain
        | Kind::Map(_)
        | Kind::List(_)
        | Kind::Contents
        | Kind::ColorSpace
        | Kind::Table
        | Kind::External
        | Kind::Mask
        | Kind::Globals
        | Kind::Glyphs => &[],
    }
}

/// The kinds that may be a stream.
pub(super) fn may_be_stream(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Contents
            | Kind::Function
            | Kind::Profile
            | Kind::Table
            | Kind::Pattern
            | Kind::Shading
            | Kind::Form
            | Kind::Image
            | Kind::Globals
            | Kind::FontProgram
            | Kind::Encoding
            | Kind::Glyphs
    )
}

/// The kinds that may be a dictionary without a stream.
pub(super) fn may_be_dictionary(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Resources
            | Kind::GraphicsState
            | Kind::SoftMask
            | Kind::Function
            | Kind::Calibration
            | Kind::Pattern
            | Kind::Shading
            | Kind::Group
            | Kind::DecodeParameters
            | Kind::Font
            | Kind::CidSystem
            | Kind::FontDescriptor
            | Kind::Encoding
    )
}

type Keys = &'static [(&'static [u8], Kind)];

/// Without `Properties`: layers that viewers can hide are shown, all of them.
pub(super) const RESOURCES: Keys = &[
    (b"ExtGState", Kind::Map(&Kind::GraphicsState)),
    (b"ColorSpace", Kind::Map(&Kind::ColorSpace)),
    (b"Pattern", Kind::Map(&Kind::Pattern)),
    (b"Shading", Kind::Map(&Kind::Shading)),
    (b"XObject", Kind::Map(&Kind::External)),
    (b"Font", Kind::Map(&Kind::Font)),
];

/// Without what is for printing presses only (halftones, transfer functions, black generation).
const GRAPHICS_STATE: Keys = &[
    (b"LW", Kind::Plain),
    (b"LC", Kind::Plain),
    (b"LJ", Kind::Plain),
    (b"ML", Kind::Plain),
    (b"D", Kind::Plain),
    (b"RI", Kind::Plain),
    (b"OP", Kind::Plain),
    (b"op", Kind::Plain),
    (b"OPM", Kind::Plain),
    (b"FL", Kind::Plain),
    (b"SM", Kind::Plain),
    (b"SA", Kind::Plain),
    (b"BM", Kind::Plain),
    (b"SMask", Kind::SoftMask),
    (b"CA", Kind::Plain),
    (b"ca", Kind::Plain),
    (b"AIS", Kind::Plain),
    (b"TK", Kind::Plain),
];

const SOFT_MASK: Keys = &[(b"S", Kind::Plain), (b"G", Kind::Form), (b"BC", Kind::Plain), (b"TR", Kind::Function)];

const FUNCTION: Keys = &[
    (b"FunctionType", Kind::Plain),
    (b"Domain", Kind::Plain),
    (b"Range", Kind::Plain),
    (b"Size", Kind::Plain),
    (b"BitsPerSample", Kind::Plain),
    (b"Order", Kind::Plain),
    (b"Encode", Kind::Plain),
    (b"Decode", Kind::Plain),
    (b"C0", Kind::Plain),
    (b"C1", Kind::Plain),
    (b"N", Kind::Plain),
    (b"Functions", Kind::List(&Kind::Function)),
    (b"Bounds", Kind::Plain),
];

const CALIBRATION: Keys = &[
    (b"WhitePoint", Kind::Plain),
    (b"BlackPoint", Kind::Plain),
    (b"Gamma", Kind::Plain),
    (b"Matrix", Kind::Plain),
    (b"Range", Kind::Plain),
];

const PROFILE: Keys = &[(b"N", Kind::Plain), (b"Alternate", Kind::ColorSpace), (b"Range", Kind::Plain)];

const PATTERN: Keys = &[
    (b"PatternType", Kind::Plain),
    (b"PaintType", Kind::Plain),
    (b"TilingType", Kind::Plain),
    (b"BBox", Kind::Plain),
    (b"XStep", Kind::Plain),
    (b"YStep", Kind::Plain),
    (b"Resources", Kind::Resources),
    (b"Matrix", Kind::Plain),
    (b"Shading", Kind::Shading),
    (b"ExtGState", Kind::GraphicsState),
];

const SHADING: Keys = &[
    (b"ShadingType", Kind::Plain),
    (b"ColorSpace", Kind::ColorSpace),
    (b"Background", Kind::Plain),
    (b"BBox", Kind::Plain),
    (b"AntiAlias", Kind::Plain),
    (b"Domain", Kind::Plain),
    (b"Matrix", Kind::Plain),
    (b"Function", Kind::List(&Kind::Function)),
    (b"Coords", Kind::Plain),
    (b"Extend", Kind::Plain),
    (b"BitsPerCoordinate", Kind::Plain),
    (b"BitsPerComponent", Kind::Plain),
    (b"BitsPerFlag", Kind::Plain),
    (b"VerticesPerRow", Kind::Plain),
    (b"Decode", Kind::Plain),
];

/// Without `OC`: see [`RESOURCES`].
const FORM: Keys = &[
    (b"FormType", Kind::Plain),
    (b"BBox", Kind::Plain),
    (b"Matrix", Kind::Plain),
    (b"Resources", Kind::Resources),
    (b"Group", Kind::Group),
];

const GROUP: Keys = &[(b"S", Kind::Plain), (b"CS", Kind::ColorSpace), (b"I", Kind::Plain), (b"K", Kind::Plain)];

/// Without `Alternates` and `OPI`, which other pictures may stand for.
const IMAGE: Keys = &[
    (b"Width", Kind::Plain),
    (b"Height", Kind::Plain),
    (b"ColorSpace", Kind::ColorSpace),
    (b"BitsPerComponent", Kind::Plain),
    (b"Intent", Kind::Plain),
    (b"ImageMask", Kind::Plain),
    (b"Mask", Kind::Mask),
    (b"Decode", Kind::Plain),
    (b"Interpolate", Kind::Plain),
    (b"SMask", Kind::Image),
    (b"SMaskInData", Kind::Plain),
    (b"Matte", Kind::Plain),
];

const DECODE_PARAMETERS: Keys = &[
    (b"Predictor", Kind::Plain),
    (b"Colors", Kind::Plain),
    (b"BitsPerComponent", Kind::Plain),
    (b"Columns", Kind::Plain),
    (b"K", Kind::Plain),
    (b"EndOfLine", Kind::Plain),
    (b"EncodedByteAlign", Kind::Plain),
    (b"Rows", Kind::Plain),
    (b"EndOfBlock", Kind::Plain),
    (b"BlackIs1", Kind::Plain),
    (b"DamagedRowsBeforeError", Kind::Plain),
    (b"ColorTransform", Kind::Plain),
    (b"JBIG2Globals", Kind::Globals),
];

const FONT: Keys = &[
    (b"Type", Kind::Plain),
    (b"Subtype", Kind::Plain),
    (b"Name", Kind::Plain),
    (b"BaseFont", Kind::Plain),
    (b"FirstChar", Kind::Plain),
    (b"LastChar", Kind::Plain),
    (b"Widths", Kind::Plain),
    (b"FontDescriptor", Kind::FontDescriptor),
    (b"Encoding", Kind::Encoding),
    (b"ToUnicode", Kind::Encoding),
    (b"DescendantFonts", Kind::List(&Kind::Font)),
    (b"CIDSystemInfo", Kind::CidSystem),
    (b"DW", Kind::Plain),
    (b"W", Kind::Plain),
    (b"DW2", Kind::Plain),
    (b"W2", Kind::Plain),
    (b"CIDToGIDMap", Kind::Glyphs),
    (b"FontBBox", Kind::Plain),
    (b"FontMatrix", Kind::Plain),
    (b"CharProcs", Kind::Map(&Kind::Contents)),
    (b"Resources", Kind::Resources),
];

const CID_SYSTEM: Keys = &[(b"Registry", Kind::Plain), (b"Ordering", Kind::Plain), (b"Supplement", Kind::Plain)];

const FONT_DESCRIPTOR: Keys = &[
    (b"Type", Kind::Plain),
    (b"FontName", Kind::Plain),
    (b"FontFamily", Kind::Plain),
    (b"FontStretch", Kind::Plain),
    (b"FontWeight", Kind::Plain),
    (b"Flags", Kind::Plain),
    (b"FontBBox", Kind::Plain),
    (b"ItalicAngle", Kind::Plain),
    (b"Ascent", Kind::Plain),
    (b"Descent", Kind::Plain),
    (b"Leading", Kind::Plain),
    (b"CapHeight", Kind::Plain),
    (b"XHeight", Kind::Plain),
    (b"StemV", Kind::Plain),
    (b"StemH", Kind::Plain),
    (b"AvgWidth", Kind::Plain),
    (b"MaxWidth", Kind::Plain),
    (b"MissingWidth", Kind::Plain),
    (b"FontFile", Kind::FontProgram),
    (b"FontFile2", Kind::FontProgram),
    (b"FontFile3", Kind::FontProgram),
    (b"CharSet", Kind::Plain),
    (b"CIDSet", Kind::Globals),
];

const FONT_PROGRAM: Keys =
    &[(b"Subtype", Kind::Plain), (b"Length1", Kind::Plain), (b"Length2", Kind::Plain), (b"Length3", Kind::Plain)];

const ENCODING: Keys = &[
    (b"Type", Kind::Plain),
    (b"BaseEncoding", Kind::Plain),
    (b"Differences", Kind::Plain),
    (b"CMapName", Kind::Plain),
    (b"CIDSystemInfo", Kind::CidSystem),
    (b"WMode", Kind::Plain),
    (b"UseCMap", Kind::Encoding),
];
