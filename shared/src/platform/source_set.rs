//! One picture in several sizes and two formats, for a browser to choose from.
//!
//! The name of a file says how large it is, what is in it and in which format: `800x600-Zm9vYmFyYmF6cXV1.webp`. So it never
//! changes under its address, and its name is all that has to be stored of it.

use std::fmt;

use futures_util::future::try_join_all;
use image::DynamicImage;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::crypto;
use super::error::Result;
use super::objects::Bucket;
use super::pictures::{Picture, PictureRule, PictureType, Refusal, encode, open};

/// The longer sides, in pixels, that a picture is shown with: in a list, on a page, and as large as it gets.
const SIDES: [u32; 3] = [320, 800, MAX_SIDE];
/// The most pixels of the longer side of a picture that is shown.
const MAX_SIDE: u32 = 1600;
/// The quality of WebP copies, of 100: to the eye as good as our JPEG of 85, in fewer bytes.
const WEBP_QUALITY: f32 = 80.0;
/// How many characters of its digest a name has: 96 bits.
const DIGEST: usize = 16;
/// A file never changes under its name.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// One file of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Source {
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    kind: PictureType,
    /// The digest of its content, in the letters of base64 for addresses.
    digest: [u8; DIGEST],
}

impl Source {
    fn of(picture: &Picture) -> Option<Self> {
        let digest = crypto::fingerprint(&picture.bytes).as_bytes().first_chunk().copied()?;
        let kind = PictureType::parse(picture.content_type).ok()?;
        Some(Self { width: picture.width, height: picture.height, kind, digest })
    }

    /// Reads the name of a file.
    pub fn parse(name: &str) -> Option<Self> {
        let (name, ending) = name.rsplit_once('.')?;
        let kind = PictureType::ALL.into_iter().find(|kind| kind.extension() == ending)?;
        let (size, digest) = name.split_once('-')?;
        let (width, height) = size.split_once('x')?;
        let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let digest: [u8; DIGEST] = digest.as_bytes().try_into().ok()?;
        let source = Self { width: width.parse().ok()?, height: height.parse().ok()?, kind, digest };
        digest.iter().all(is_letter).then_some(source)
    }

    /// Where it lies, in the folder of its picture.
    pub fn key(&self, folder: &str) -> String {
        format!("{folder}/{self}")
    }

    /// The content type.
    pub const fn content_type(&self) -> &'static str {
        self.kind.content_type()
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digest = std::str::from_utf8(&self.digest).unwrap_or_default();
        write!(f, "{}x{}-{digest}.{}", self.width, self.height, self.kind.extension())
    }
}

impl From<Source> for String {
    fn from(source: Source) -> Self {
        source.to_string()
    }
}

impl TryFrom<String> for Source {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        Self::parse(&name).ok_or(name)
    }
}

/// A file of a picture that a browser may choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ImageSource {
    /// Where it is; its content never changes.
    pub url: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// `image/webp`, `image/jpeg`, or `image/png` where parts of it are transparent.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub content_type: &'static str,
}

impl ImageSource {
    /// The files of a picture whose own key is `key`, seen from outside below `media`. A picture that was stored before there
    /// were several files has that one alone.
    pub fn all(key: &str, size: (u32, u32), sources: &[Source], media: &str) -> Vec<Self> {
        let Some((folder, _)) = key.rsplit_once('/').filter(|_| !sources.is_empty()) else {
            let ending = key.rsplit_once('.').map(|(_, ending)| ending);
            let kind = PictureType::ALL.into_iter().find(|kind| Some(kind.extension()) == ending);
            let content_type = kind.unwrap_or(PictureType::Jpeg).content_type();
            return vec![Self { url: format!("{media}/{key}"), width: size.0, height: size.1, content_type }];
        };
        let one = |source: &Source| Self {
            url: format!("{media}/{}", source.key(folder)),
            width: source.width,
            height: source.height,
            content_type: source.content_type(),
        };
        sources.iter().map(one).collect()
    }
}

/// Where every file of a picture lies whose own key is `key`.
pub fn keys(key: &str, sources: &[Source]) -> Vec<String> {
    let folder = key.rsplit_once('/').map(|(folder, _)| folder).unwrap_or_default();
    let mut keys: Vec<_> = sources.iter().map(|source| source.key(folder)).collect();
    if !keys.iter().any(|one| one == key) {
        keys.push(key.to_owned());
    }
    keys
}

/// The files of a picture, drawn and not yet stored: for each size WebP, and JPEG or PNG for who does not read it.
#[derive(Clone, Debug)]
pub struct SourceSet {
    files: Vec<(Source, Vec<u8>)>,
    /// The largest that everybody reads.
    main: Source,
}

impl SourceSet {
    /// Draws them of an uploaded file: upright, nothing in them but pixels, none larger than the file is.
    ///
    /// # Errors
    /// Why it is no picture that may be shown.
    pub fn draw(bytes: &[u8], announced: &str) -> Result<Self, Refusal> {
        let mut picture = open(bytes, announced, PictureRule { max_side: MAX_SIDE })?;
        let mut files = Vec::new();
        let mut main = None;
        // From the largest on, each out of the one before it: none is decoded twice.
        for side in sides(picture.width().max(picture.height())).into_iter().rev() {
            if picture.width().max(picture.height()) > side {
                picture = picture.thumbnail(side, side);
            }
            for drawn in [encode(&picture)?, webp(&picture)?] {
                let source = Source::of(&drawn).ok_or(Refusal::Unreadable)?;
                main.get_or_insert(source);
                files.push((source, drawn.bytes));
            }
        }
        // As a browser goes through them: what is smallest to send first, from small to large.
        files.sort_by_key(|(source, _)| (source.kind != PictureType::Webp, source.width, source.height));
        Ok(Self { files, main: main.ok_or(Refusal::Unreadable)? })
    }

    /// The largest that everybody reads.
    pub fn main(&self) -> Source {
        self.main
    }

    /// All of them, WebP first and from small to large.
    pub fn sources(&self) -> Vec<Source> {
        self.files.iter().map(|(source, _)| *source).collect()
    }

    /// Stores all of them, side by side. Once more writes the same under the same names.
    ///
    /// # Errors
    /// S3 does not answer.
    pub async fn write(self, media: &Bucket, folder: &str) -> Result<()> {
        let write = async |(source, bytes): (Source, Vec<u8>)| {
            media.write(&source.key(folder), bytes, source.content_type(), FOR_EVER).await
        };
        try_join_all(self.files.into_iter().map(write)).await.map(|_| ())
    }
}

/// Deletes files side by side; those that are not there are already deleted.
///
/// # Errors
/// S3 does not answer.
pub async fn delete(media: &Bucket, keys: &[String]) -> Result<()> {
    try_join_all(keys.iter().map(|key| media.delete(key))).await.map(|_| ())
}

/// The longer sides that a picture with the longer side `longest` is shown with: none is larger than it is.
fn sides(longest: u32) -> Vec<u32> {
    let longest = longest.min(MAX_SIDE);
    let mut sides: Vec<_> = SIDES.into_iter().filter(|side| *side < longest).collect();
    sides.push(longest);
    sides
}

fn webp(picture: &DynamicImage) -> Result<Picture, Refusal> {
    let (width, height) = (picture.width(), picture.height());
    let drawn = if picture.color().has_alpha() {
        webp::Encoder::from_rgba(&picture.to_rgba8(), width, height).encode_simple(false, WEBP_QUALITY)
    } else {
        webp::Encoder::from_rgb(&picture.to_rgb8(), width, height).encode_simple(false, WEBP_QUALITY)
    };
    let bytes = drawn.map_err(|_| Refusal::Unreadable)?.to_vec();
    Ok(Picture { bytes, content_type: PictureType::Webp.content_type(), width, height })
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
    use proptest::prelude::*;

    use super::*;

    fn file(picture: impl Into<DynamicImage>) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        picture.into().write_to(&mut file, ImageFormat::Png).unwrap();
        file.into_inner()
    }

    /// Something like a photograph: smooth, with an edge in it.
    fn photo(width: u32, height: u32) -> RgbImage {
        let shade = |x: u32, y: u32| u8::try_from((x * 3 + y * 2) / 16 % 256).unwrap();
        RgbImage::from_fn(width, height, |x, y| {
            if x > width / 2 { Rgb([shade(x, y), 90, 160]) } else { Rgb([30, shade(y, x), 60]) }
        })
    }

    fn sizes(set: &SourceSet) -> Vec<(u32, u32, &'static str)> {
        set.sources().iter().map(|source| (source.width, source.height, source.content_type())).collect()
    }

    #[test]
    fn a_large_picture_has_three_sizes_in_two_formats() {
        let set = SourceSet::draw(&file(photo(2000, 1000)), "image/png").unwrap();
        assert_eq!(
            sizes(&set),
            [
                (320, 160, "image/webp"),
                (800, 400, "image/webp"),
                (1600, 800, "image/webp"),
                (320, 160, "image/jpeg"),
                (800, 400, "image/jpeg"),
                (1600, 800, "image/jpeg"),
            ]
        );
        assert_eq!((set.main().width, set.main().content_type()), (1600, "image/jpeg"));
        for (source, bytes) in &set.files {
            let read = image::load_from_memory(bytes).unwrap();
            assert_eq!((read.width(), read.height()), (source.width, source.height));
        }
        let weight =
            |kind| set.files.iter().filter(|(source, _)| source.kind == kind).map(|(_, bytes)| bytes.len()).sum();
        let (webp, jpeg): (usize, usize) = (weight(PictureType::Webp), weight(PictureType::Jpeg));
        assert!(webp < jpeg, "{webp} bytes as WebP, {jpeg} as JPEG");
    }

    #[test]
    fn a_small_picture_is_never_blown_up() {
        let set = SourceSet::draw(&file(photo(100, 60)), "image/png").unwrap();
        assert_eq!(sizes(&set), [(100, 60, "image/webp"), (100, 60, "image/jpeg")]);
        let set = SourceSet::draw(&file(photo(300, 500)), "image/png").unwrap();
        assert_eq!(sizes(&set)[..2], [(192, 320, "image/webp"), (300, 500, "image/webp")]);
    }

    #[test]
    fn transparency_is_kept_in_both_formats() {
        let glass = RgbaImage::from_pixel(40, 40, Rgba([10, 20, 30, 128]));
        let set = SourceSet::draw(&file(glass), "image/png").unwrap();
        assert_eq!(sizes(&set), [(40, 40, "image/webp"), (40, 40, "image/png")]);
        for (_, bytes) in &set.files {
            assert!(image::load_from_memory(bytes).unwrap().to_rgba8().pixels().all(|pixel| pixel[3] < 140));
        }
    }

    #[test]
    fn the_same_picture_has_the_same_names_and_another_has_others() {
        let names = |picture| SourceSet::draw(&file(picture), "image/png").unwrap().sources();
        assert_eq!(names(photo(400, 300)), names(photo(400, 300)));
        let mut other = photo(400, 300);
        other.put_pixel(3, 3, Rgb([255, 255, 255]));
        assert!(names(photo(400, 300)).iter().zip(names(other)).all(|(one, other)| *one != other));
    }

    #[test]
    fn what_is_no_picture_is_refused_as_before() {
        assert_eq!(SourceSet::draw(b"<svg/>", "image/png").unwrap_err(), Refusal::WrongType);
    }

    #[test]
    fn a_name_tells_all() {
        let set = SourceSet::draw(&file(photo(50, 40)), "image/png").unwrap();
        for source in set.sources() {
            assert_eq!(Source::parse(&source.to_string()), Some(source));
            let stored = serde_json::to_value(source).unwrap();
            assert_eq!(serde_json::from_value::<Source>(stored).unwrap(), source);
        }
        for wrong in
            ["", "1x1-short.webp", "1x1-Zm9vYmFyYmF6cXV1.gif", "1-Zm9vYmFyYmF6cXV1.png", "1x1-Zm9v/mFyYmF6cXV1.png"]
        {
            assert_eq!(Source::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_picture_of_one_file_is_its_own_source_set() {
        let old = ImageSource::all("public/products/img_1.png", (30, 20), &[], "https://media.example");
        assert_eq!(old.len(), 1);
        assert_eq!(
            (old[0].url.as_str(), old[0].content_type),
            ("https://media.example/public/products/img_1.png", "image/png")
        );
        assert_eq!(keys("public/products/img_1.png", &[]), ["public/products/img_1.png"]);
        let source = Source::parse("1x1-Zm9vYmFyYmF6cXV1.webp").unwrap();
        let main = "public/products/img_1/1x1-Zm9vYmFyYmF6cXV1.webp";
        assert_eq!(keys(main, &[source]), [main]);
        assert_eq!(ImageSource::all(main, (1, 1), &[source], "m")[0].url, format!("m/{main}"));
    }

    proptest! {
        #[test]
        fn reading_a_name_never_panics(name in "\\PC{0,40}") {
            let _ = Source::parse(&name);
        }

        #[test]
        fn sizes_grow_up_to_that_of_the_picture(longest in 1u32..5000) {
            let sides = sides(longest);
            prop_assert!(sides.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert_eq!(sides.last().copied(), Some(longest.min(MAX_SIDE)));
            prop_assert!(sides.len() <= 3);
        }
    }
}
