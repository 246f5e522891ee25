//! Is an uploaded file what it says, and safe to hand to a pharmacist?

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::pdf;
use super::sheets::SheetNumber;
use crate::platform::fields::Invalid;
use crate::platform::ids::PrescriptionId;
use crate::platform::pictures::{self, PictureRule};
use crate::platform::wording;

/// The largest file, in bytes.
pub const MAX_BYTES: u64 = 10 * 1024 * 1024;
/// The largest checked file that is read again, in bytes.
pub const MAX_COPY_BYTES: u64 = 16 * 1024 * 1024;
/// The longest side of a picture that is kept, in pixels: an A4 page at 340 dots an inch.
const MAX_SIDE: u32 = 4000;
/// Where uploads arrive.
const INCOMING: &str = "incoming/prescriptions/";
/// Where checked files lie.
const CHECKED: &str = "clean/prescriptions/";

/// What a prescription may be uploaded as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub enum DocumentType {
    /// A photograph.
    #[serde(rename = "image/jpeg")]
    Jpeg,
    /// A picture.
    #[serde(rename = "image/png")]
    Png,
    /// A document.
    #[serde(rename = "application/pdf")]
    Pdf,
}

impl DocumentType {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Jpeg, Self::Png, Self::Pdf];

    /// Reads a media type.
    ///
    /// # Errors
    /// Any other.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| {
            Invalid::new("unknown_value", wording::field::one_of("image/jpeg, image/png, application/pdf"))
        })
    }

    /// The media type.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Pdf => "application/pdf",
        }
    }

    /// What a file of this type is named after the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Pdf => "pdf",
        }
    }
}

/// Why a file is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// It is not of the announced type.
    NotWhatItSays,
    /// More pages than a prescription has.
    TooManyPages,
    /// It needs a password.
    Encrypted,
    /// It says something that only a viewer could draw by running it, so that a copy would say something else.
    ActiveContent,
    /// Too many bytes, or too many pixels.
    TooLarge,
    /// It is broken.
    Unreadable,
}

impl From<pictures::Refusal> for Refusal {
    fn from(refusal: pictures::Refusal) -> Self {
        match refusal {
            pictures::Refusal::WrongType => Self::NotWhatItSays,
            pictures::Refusal::TooManyPixels => Self::TooLarge,
            pictures::Refusal::Unreadable => Self::Unreadable,
        }
    }
}

impl Refusal {
    /// As the API and the table write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotWhatItSays => "not_what_it_says",
            Self::TooManyPages => "too_many_pages",
            Self::Encrypted => "encrypted",
            Self::ActiveContent => "active_content",
            Self::TooLarge => "too_large",
            Self::Unreadable => "unreadable",
        }
    }
}

/// A file that may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What it is.
    pub kind: DocumentType,
}

/// Checks an uploaded file. Pictures come back re-encoded, without metadata; a PDF comes back rebuilt, with its pages and
/// nothing else.
///
/// # Errors
/// Why it must not be shown to anybody.
pub fn check(bytes: &[u8], announced: DocumentType) -> Result<Document, Refusal> {
    check_within(bytes, announced, MAX_BYTES)
}

/// The same for a file of at most `most` bytes.
///
/// # Errors
/// Why it must not be shown to anybody.
pub fn check_within(bytes: &[u8], announced: DocumentType, most: u64) -> Result<Document, Refusal> {
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > most {
        return Err(Refusal::TooLarge);
    }
    if announced == DocumentType::Pdf {
        return Ok(Document { bytes: pdf::rebuild(bytes)?, kind: DocumentType::Pdf });
    }
    let picture = pictures::normalise(bytes, announced.as_str(), PictureRule { max_side: MAX_SIDE })?;
    let kind = DocumentType::parse(picture.content_type).map_err(|_| Refusal::Unreadable)?;
    Ok(Document { bytes: picture.bytes, kind })
}

/// The first page of a checked PDF as a document of its own, and how many pages there are.
///
/// # Errors
/// It is none.
pub fn first_page(bytes: &[u8]) -> Result<(Vec<u8>, usize), Refusal> {
    pdf::rebuild_first(bytes, 1)
}

/// Where the upload of a file of a prescription arrives in the scans bucket: the first under the id, the others below it.
pub fn incoming_key(id: PrescriptionId, number: SheetNumber) -> String {
    if number == SheetNumber::FIRST { format!("{INCOMING}{id}") } else { format!("{INCOMING}{id}/{}", number.get()) }
}

/// Which prescription an upload belongs to, and which of its files it is.
pub fn of_incoming_key(key: &str) -> Option<(PrescriptionId, SheetNumber)> {
    let name = key.strip_prefix(INCOMING)?;
    let (id, number) = match name.split_once('/') {
        Some((id, number)) => (id, SheetNumber::parse_further(number)?),
        None => (name, SheetNumber::FIRST),
    };
    Some((PrescriptionId::parse(id).ok()?, number))
}

/// Which prescription a checked file belongs to.
pub fn of_checked_key(key: &str) -> Option<PrescriptionId> {
    let (id, _) = key.strip_prefix(CHECKED)?.split_once('/')?;
    PrescriptionId::parse(id).ok()
}

/// Where a checked file of a prescription lies. The digest of the upload is part of it, so that two uploads of one
/// prescription that are checked at the same time never overwrite each other.
pub fn checked_key(id: PrescriptionId, sha256: &str) -> String {
    format!("{CHECKED}{id}/{sha256}")
}

#[cfg(test)]
mod tests {
    use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};

    use super::*;

    fn picture(format: ImageFormat, alpha: u8) -> Vec<u8> {
        let picture = DynamicImage::ImageRgba8(RgbaImage::from_pixel(8, 6, Rgba([10, 20, 30, alpha])));
        let picture = if format == ImageFormat::Jpeg { picture.to_rgb8().into() } else { picture };
        let mut bytes = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn a_picture_comes_back_re_encoded() {
        let upload = [picture(ImageFormat::Png, 255), b"tail".to_vec()].concat();
        let document = check(&upload, DocumentType::Png).unwrap();
        assert_eq!(document.kind, DocumentType::Jpeg, "without transparency");
        assert!(!document.bytes.ends_with(b"tail"));
        assert_eq!(check(&picture(ImageFormat::Png, 100), DocumentType::Png).unwrap().kind, DocumentType::Png);
    }

    #[test]
    fn the_bytes_must_be_what_was_announced() {
        let jpeg = picture(ImageFormat::Jpeg, 255);
        assert!(check(&jpeg, DocumentType::Jpeg).is_ok());
        for announced in [DocumentType::Png, DocumentType::Pdf] {
            assert_eq!(check(&jpeg, announced), Err(Refusal::NotWhatItSays));
        }
        assert_eq!(check(b"%PDF-1.7\n", DocumentType::Jpeg), Err(Refusal::NotWhatItSays));
        assert_eq!(check(b"<svg onload='x'/>", DocumentType::Png), Err(Refusal::NotWhatItSays));
    }

    #[test]
    fn the_same_upload_always_gives_the_same_copy() {
        let upload = picture(ImageFormat::Jpeg, 255);
        assert_eq!(check(&upload, DocumentType::Jpeg), check(&upload, DocumentType::Jpeg));
    }

    #[test]
    fn only_our_own_keys_name_a_prescription() {
        let id = super::super::samples::prescription(super::super::Status::Pending, Vec::new()).id;
        let second = SheetNumber::parse_further("2").unwrap();
        assert_eq!(incoming_key(id, SheetNumber::FIRST), format!("incoming/prescriptions/{id}"));
        for number in [SheetNumber::FIRST, second] {
            assert_eq!(of_incoming_key(&incoming_key(id, number)), Some((id, number)));
        }
        for key in ["", "incoming/prescriptions/", "incoming/prescriptions/x", "clean/prescriptions/x", &id.to_string()]
        {
            assert_eq!(of_incoming_key(key), None, "{key}");
        }
        for number in ["", "1", "6", "2/", "x"] {
            assert_eq!(of_incoming_key(&format!("incoming/prescriptions/{id}/{number}")), None, "{number}");
        }
        assert_eq!(of_checked_key(&checked_key(id, "abc")), Some(id));
        for key in [
            "",
            "clean/prescriptions/",
            "clean/prescriptions/x/abc",
            &incoming_key(id, SheetNumber::FIRST),
            &id.to_string(),
        ] {
            assert_eq!(of_checked_key(key), None, "{key}");
        }
    }
}
