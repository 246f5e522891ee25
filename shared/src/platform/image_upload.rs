//! Pictures for the shop: what is said of one before there is a form to upload it with, for products and pages alike.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fields::{Field, FieldErrors, Invalid, all};
use super::ids::ImageId;
use super::objects::Upload;
use super::pictures::PictureType;
use super::wording;

/// The most bytes of a picture.
pub const MAX_BYTES: u64 = 5 * 1024 * 1024;

/// What will be uploaded.
#[derive(Debug, Deserialize, ToSchema)]
pub struct StartImageRequest {
    /// `image/jpeg`, `image/png` or `image/webp`.
    #[schema(value_type = String, example = "image/png", pattern = "^(image/jpeg|image/png|image/webp)$")]
    content_type: Field<String>,
    /// The size of the file, at most 5 MB.
    #[schema(value_type = u64, minimum = 1, maximum = 5_242_880)]
    size_bytes: Field<u64>,
}

/// A picture that is to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StartImage {
    /// What it is.
    pub content_type: PictureType,
    /// How large its file is.
    pub size_bytes: u64,
}

impl TryFrom<StartImageRequest> for StartImage {
    type Error = FieldErrors;

    fn try_from(body: StartImageRequest) -> Result<Self, FieldErrors> {
        let (content_type, size_bytes) = all((
            body.content_type.parse("content_type", |text| PictureType::parse(&text)),
            body.size_bytes.parse("size_bytes", |size| match size {
                1..=MAX_BYTES => Ok(size),
                _ => Err(Invalid::new("out_of_range", wording::field::bytes_between(MAX_BYTES))),
            }),
        ))?;
        Ok(Self { content_type, size_bytes })
    }
}

/// Where to upload it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImageUpload {
    /// The picture's id, by which it is shown or named once it is checked.
    #[schema(value_type = String)]
    pub id: ImageId,
    /// The form.
    pub upload: Upload,
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(body: Value) -> Result<StartImage, Vec<(String, &'static str)>> {
        let body: StartImageRequest = serde_json::from_value(body).unwrap();
        StartImage::try_from(body).map_err(|errors| errors.into_iter().map(|one| (one.field, one.code)).collect())
    }

    #[test]
    fn a_picture_is_of_a_known_type_and_not_too_large() {
        let (content_type, size_bytes) = (PictureType::Webp, MAX_BYTES);
        let good = json!({"content_type": "image/webp", "size_bytes": MAX_BYTES});
        assert_eq!(read(good), Ok(StartImage { content_type, size_bytes }));
        for size in [0, MAX_BYTES + 1] {
            let faults = vec![("content_type".to_owned(), "unknown_value"), ("size_bytes".to_owned(), "out_of_range")];
            assert_eq!(read(json!({"content_type": "image/svg+xml", "size_bytes": size})), Err(faults));
        }
    }
}
