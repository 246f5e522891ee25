//! Pictures from outside: what they are is decided by their own bytes, and only a re-encoded copy is ever shown.
//!
//! Re-encoding leaves everything behind that is not pixels: EXIF with its places and times, thumbnails, comments, and
//! whatever was hung on the end of the file.

use std::fmt;
use std::io::Cursor;

use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::{PngDecoder, PngEncoder};
use image::codecs::webp::WebPDecoder;
use image::{DynamicImage, ImageDecoder, Limits};

use super::fields::Invalid;
use crate::platform::wording;

/// The most pixels of a picture that is decoded, counted from its header before anything is decoded.
pub const MAX_PIXELS: u64 = 25_000_000;
/// The most memory, in bytes, that a decoder may take for one picture.
const MAX_DECODED: u64 = 256 * 1024 * 1024;
/// The quality of JPEG copies, of 100.
const JPEG_QUALITY: u8 = 85;

/// The types of picture that may be uploaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureType {
    /// `image/jpeg`.
    Jpeg,
    /// `image/png`.
    Png,
    /// `image/webp`.
    Webp,
}

impl PictureType {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Jpeg, Self::Png, Self::Webp];

    /// Reads `image/jpeg`, `image/png` or `image/webp`.
    ///
    /// # Errors
    /// Any other type.
    pub fn parse(content_type: &str) -> Result<Self, Invalid> {
        Self::ALL
            .into_iter()
            .find(|one| one.content_type() == content_type)
            .ok_or_else(|| Invalid::new("unknown_value", wording::field::one_of("image/jpeg, image/png, image/webp")))
    }

    /// The content type.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
        }
    }

    /// The ending of the name of such a file, without a dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
        }
    }

    /// The type that the first bytes of a file say.
    fn sniff(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            _ => None,
        }
    }
}

/// What a picture is brought to.
#[derive(Clone, Copy, Debug)]
pub struct PictureRule {
    /// The most pixels of the longer side; a larger picture is scaled down, a smaller one stays.
    pub max_side: u32,
}

/// A picture that is safe to show.
#[derive(Clone, Debug)]
pub struct Picture {
    /// The file.
    pub bytes: Vec<u8>,
    /// `image/jpeg`, or `image/png` where parts of it are transparent; of a copy in a source set `image/webp` too.
    pub content_type: &'static str,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

impl Picture {
    /// The ending of its file name, without a dot.
    pub fn extension(&self) -> &'static str {
        if self.content_type == PictureType::Png.content_type() { "png" } else { "jpg" }
    }
}

/// Why a file is no picture that may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Not JPEG, PNG or WebP, or another of them than was announced.
    WrongType,
    /// More than [`MAX_PIXELS`].
    TooManyPixels,
    /// Damaged, cut short, or made to exhaust the decoder.
    Unreadable,
}

impl Refusal {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::WrongType => "wrong_type",
            Self::TooManyPixels => "too_many_pixels",
            Self::Unreadable => "unreadable",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WrongType => "the file is not the type of picture it was announced as",
            Self::TooManyPixels => "the picture has more than 25 megapixels",
            Self::Unreadable => "the picture is damaged or incomplete",
        })
    }
}

impl std::error::Error for Refusal {}

/// Turns an uploaded file into a picture that is safe to show: upright, no larger than `rule`, nothing in it but pixels.
///
/// # Errors
/// Why it cannot be.
pub fn normalise(bytes: &[u8], announced: &str, rule: PictureRule) -> Result<Picture, Refusal> {
    encode(&open(bytes, announced, rule)?)
}

/// The pixels of an uploaded file: upright, and no larger than `rule`.
///
/// # Errors
/// Why it is no picture that may be shown.
pub(super) fn open(bytes: &[u8], announced: &str, rule: PictureRule) -> Result<DynamicImage, Refusal> {
    let sniffed = PictureType::sniff(bytes).filter(|kind| kind.content_type() == announced);
    let file = Cursor::new(bytes);
    match sniffed.ok_or(Refusal::WrongType)? {
        PictureType::Jpeg if !is_whole_jpeg(bytes) => Err(Refusal::Unreadable),
        PictureType::Jpeg => decode(JpegDecoder::new(file).map_err(unreadable)?, rule),
        PictureType::Png => decode(PngDecoder::with_limits(file, limits()).map_err(unreadable)?, rule),
        PictureType::Webp => decode(WebPDecoder::new(file).map_err(unreadable)?, rule),
    }
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_DECODED);
    limits
}

fn unreadable(_: image::ImageError) -> Refusal {
    Refusal::Unreadable
}

fn decode(mut decoder: impl ImageDecoder, rule: PictureRule) -> Result<DynamicImage, Refusal> {
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(Refusal::TooManyPixels);
    }
    decoder.set_limits(limits()).map_err(unreadable)?;
    let orientation = decoder.orientation().map_err(unreadable)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
    if width.max(height) > rule.max_side {
        picture = picture.thumbnail(rule.max_side, rule.max_side);
    }
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// A picture as everybody reads it: JPEG, or PNG where parts of it are transparent.
pub(super) fn encode(picture: &DynamicImage) -> Result<Picture, Refusal> {
    let mut bytes = Vec::new();
    let transparent = picture.color().has_alpha() && picture.to_rgba8().pixels().any(|pixel| pixel.0[3] < u8::MAX);
    let kind = if transparent {
        picture.to_rgba8().write_with_encoder(PngEncoder::new(&mut bytes)).map_err(unreadable)?;
        PictureType::Png
    } else {
        let encoder = JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY);
        picture.to_rgb8().write_with_encoder(encoder).map_err(unreadable)?;
        PictureType::Jpeg
    };
    Ok(Picture { bytes, content_type: kind.content_type(), width: picture.width(), height: picture.height() })
}

/// Whether a JPEG goes on to its end marker; the decoder fills what is missing with grey.
///
/// Inside the compressed data every `FF` is followed by `00` or a restart marker, so the first `FF D9` after the header
/// segments (one of which may hold a whole thumbnail) is the end. Any number of `FF` may stand before a marker, to fill a
/// sector (ITU-T T.81, B.1.1.2).
fn is_whole_jpeg(bytes: &[u8]) -> bool {
    const START_OF_SCAN: u8 = 0xda;
    let mut at = 2_usize;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let fill = rest.iter().take_while(|byte| **byte == 0xff).count();
        at = at.saturating_add(fill.saturating_sub(1));
        let Some([0xff, marker, high, low]) = bytes.get(at..at.saturating_add(4)) else { return false };
        at = at.saturating_add(2).saturating_add(usize::from(u16::from_be_bytes([*high, *low])));
        if *marker == START_OF_SCAN {
            return bytes.get(at..).is_some_and(|scan| scan.windows(2).any(|pair| pair == [0xff, 0xd9]));
        }
    }
}

#[cfg(test)]
mod tests {
    use image::codecs::webp::WebPEncoder;
    use image::{ImageEncoder, Rgb, RgbImage, Rgba, RgbaImage};
    use proptest::prelude::*;

    use super::*;

    const RULE: PictureRule = PictureRule { max_side: 64 };

    /// Red on the left, blue on the right.
    fn two_sided(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, _| if x < width / 2 { Rgb([220, 0, 0]) } else { Rgb([0, 0, 220]) })
    }

    fn jpeg(picture: &RgbImage) -> Vec<u8> {
        let mut bytes = Vec::new();
        picture.write_with_encoder(JpegEncoder::new(&mut bytes)).unwrap();
        bytes
    }

    fn png(picture: &RgbaImage) -> Vec<u8> {
        let mut bytes = Vec::new();
        picture.write_with_encoder(PngEncoder::new(&mut bytes)).unwrap();
        bytes
    }

    /// A JPEG whose EXIF block says `orientation` and carries the words `GPS Kathmandu`.
    fn jpeg_with_exif(picture: &RgbImage, orientation: u8) -> Vec<u8> {
        let tiff: &[u8] = &[
            b'M',
            b'M',
            0,
            42,
            0,
            0,
            0,
            8, // big-endian, first directory at 8
            0,
            1,
            0x01,
            0x12,
            0,
            3,
            0,
            0,
            0,
            1,
            0,
            orientation,
            0,
            0, // one entry: orientation, a short
            0,
            0,
            0,
            0, // no further directory
        ];
        let mut exif = b"Exif\0\0".to_vec();
        exif.extend_from_slice(tiff);
        exif.extend_from_slice(b"GPS Kathmandu");
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        let plain = jpeg(picture);
        let mut bytes = vec![0xff, 0xd8, 0xff, 0xe1, length[0], length[1]];
        bytes.extend(exif);
        bytes.extend_from_slice(&plain[2..]);
        bytes
    }

    fn holds(bytes: &[u8], words: &[u8]) -> bool {
        bytes.windows(words.len()).any(|window| window == words)
    }

    fn refusal(bytes: &[u8], announced: &str) -> Refusal {
        normalise(bytes, announced, RULE).unwrap_err()
    }

    #[test]
    fn metadata_is_left_behind() {
        let bytes = jpeg_with_exif(&two_sided(32, 16), 1);
        assert!(holds(&bytes, b"GPS"));
        let picture = normalise(&bytes, "image/jpeg", RULE).unwrap();
        assert!(!holds(&picture.bytes, b"GPS") && !holds(&picture.bytes, b"Exif"));
        assert_eq!((picture.width, picture.height, picture.extension()), (32, 16, "jpg"));
    }

    #[test]
    fn a_picture_is_set_upright() {
        // Orientation 6: the camera was turned; the left side of the file is the top of the picture.
        let picture = normalise(&jpeg_with_exif(&two_sided(32, 16), 6), "image/jpeg", RULE).unwrap();
        assert_eq!((picture.width, picture.height), (16, 32));
        let upright = image::load_from_memory(&picture.bytes).unwrap().to_rgb8();
        assert!(upright.get_pixel(8, 2)[0] > 150 && upright.get_pixel(8, 29)[2] > 150);
    }

    #[test]
    fn a_large_picture_is_scaled_down_and_a_small_one_stays() {
        let large = normalise(&jpeg(&two_sided(200, 100)), "image/jpeg", RULE).unwrap();
        assert_eq!((large.width, large.height), (64, 32));
        let small = normalise(&jpeg(&two_sided(10, 5)), "image/jpeg", RULE).unwrap();
        assert_eq!((small.width, small.height), (10, 5));
    }

    #[test]
    fn transparency_is_kept_and_a_useless_alpha_channel_is_not() {
        let glass = RgbaImage::from_pixel(8, 8, Rgba([10, 20, 30, 128]));
        assert_eq!(normalise(&png(&glass), "image/png", RULE).unwrap().content_type, "image/png");
        let solid = RgbaImage::from_pixel(8, 8, Rgba([10, 20, 30, 255]));
        assert_eq!(normalise(&png(&solid), "image/png", RULE).unwrap().content_type, "image/jpeg");
    }

    #[test]
    fn webp_is_read() {
        let mut bytes = Vec::new();
        let pixels = two_sided(20, 10);
        WebPEncoder::new_lossless(&mut bytes).write_image(&pixels, 20, 10, image::ExtendedColorType::Rgb8).unwrap();
        assert_eq!(normalise(&bytes, "image/webp", RULE).unwrap().content_type, "image/jpeg");
    }

    #[test]
    fn only_what_was_announced_is_taken() {
        assert_eq!(refusal(&jpeg(&two_sided(8, 8)), "image/png"), Refusal::WrongType);
        for (bytes, announced) in [
            (&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], "image/svg+xml"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/png"),
            (b"<!doctype html><script>1</script>", "image/jpeg"),
            (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "image/gif"),
            (b"GIF89a\xff\xd8\xff", "image/jpeg"),
            (b"BM\x00\x00", "image/bmp"),
            (b"", "image/jpeg"),
        ] {
            assert_eq!(refusal(bytes, announced), Refusal::WrongType, "{announced}");
        }
    }

    #[test]
    fn what_hangs_on_the_end_does_not_come_along() {
        let mut bytes = jpeg(&two_sided(8, 8));
        bytes.extend_from_slice(b"<script>alert(1)</script>PK\x03\x04");
        let picture = normalise(&bytes, "image/jpeg", RULE).unwrap();
        assert!(!holds(&picture.bytes, b"script") && !holds(&picture.bytes, b"PK\x03\x04"));
    }

    #[test]
    fn a_file_cut_short_is_refused() {
        let whole = jpeg_with_exif(&two_sided(64, 64), 1);
        for keep in [3, 20, 60, whole.len() / 2, whole.len() - 3] {
            assert_eq!(refusal(&whole[..keep], "image/jpeg"), Refusal::Unreadable, "{keep}");
        }
        let whole = png(&RgbaImage::from_pixel(64, 64, Rgba([1, 2, 3, 4])));
        assert_eq!(refusal(&whole[..whole.len() / 2], "image/png"), Refusal::Unreadable);
    }

    #[test]
    fn bytes_that_fill_the_space_before_a_marker_are_no_damage() {
        let plain = jpeg(&two_sided(32, 16));
        // Before the first marker after the start, and before the one that ends the file.
        let (start, end) = (2, plain.len() - 2);
        let filled = [&plain[..start], &[0xff; 3], &plain[start..end], &[0xff; 5], &plain[end..]].concat();
        let picture = normalise(&filled, "image/jpeg", RULE).unwrap();
        assert_eq!((picture.width, picture.height), (32, 16));
        let cut = &filled[..filled.len() - 3];
        assert_eq!(refusal(cut, "image/jpeg"), Refusal::Unreadable);
    }

    #[test]
    fn a_huge_picture_is_refused_by_its_header() {
        // The header says 60000 × 60000; its checksum is right and there is not one pixel behind it.
        let mut bytes = png(&RgbaImage::from_pixel(1, 1, Rgba([1, 2, 3, 4])));
        bytes[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
        bytes[20..24].copy_from_slice(&60_000_u32.to_be_bytes());
        let checksum = crc32(&bytes[12..29]).to_be_bytes();
        bytes[29..33].copy_from_slice(&checksum);
        assert_eq!(refusal(&bytes, "image/png"), Refusal::TooManyPixels);
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
        })
    }

    proptest! {
        #[test]
        fn damage_never_panics(at in 0usize..2000, flip in 1u8..) {
            let mut bytes = jpeg_with_exif(&two_sided(40, 40), 1);
            let at = at % bytes.len();
            bytes[at] ^= flip;
            let _ = normalise(&bytes, "image/jpeg", RULE);
        }

        #[test]
        fn noise_is_never_a_picture(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(normalise(&bytes, "image/webp", RULE).is_err());
        }
    }
}
