//! The pictures of pages: uploaded straight to the bucket, checked and redrawn, and there to be named only then.

use std::time::Duration;

use super::page::{MAX_IMAGES, PageImage};
use super::slug::PageSlug;
use super::store::{PageStore, Whole};
use crate::platform::clock::Clock;
use crate::platform::error::{Error, Result};
use crate::platform::ids::ImageId;
use crate::platform::image_upload::MAX_BYTES;
use crate::platform::objects::{Bucket, Upload, UploadRule};
use crate::platform::pictures::PictureType;
use crate::platform::source_set::SourceSet;
use crate::platform::wording;

/// For so long a picture that no version names keeps its place.
const UNNAMED_FOR: Duration = Duration::from_hours(24);
/// Where uploads wait to be checked.
const INCOMING: &str = "incoming/pages/";

/// An upload of a picture, by where it lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncomingImage {
    page: PageSlug,
    image: ImageId,
}

impl IncomingImage {
    /// Reads the key of an upload.
    pub fn parse(key: &str) -> Option<Self> {
        let (page, image) = key.strip_prefix(INCOMING)?.split_once('/')?;
        Some(Self { page: PageSlug::parse(page).ok()?, image: ImageId::parse(image).ok()? })
    }

    fn key(&self) -> String {
        format!("{INCOMING}{}/{}", self.page, self.image)
    }
}

/// The pictures of pages.
#[derive(Clone, Debug)]
pub struct PageImages {
    store: PageStore,
    media: Bucket,
    clock: Clock,
}

impl PageImages {
    /// In the media bucket.
    pub fn new(store: PageStore, media: Bucket, clock: Clock) -> Self {
        Self { store, media, clock }
    }

    /// An upload form for one more picture of a page that has been written in some language.
    ///
    /// # Errors
    /// 404; 409 `too_many_images`; or DynamoDB does not answer.
    pub async fn start(&self, page: PageSlug, content_type: PictureType, size_bytes: u64) -> Result<(ImageId, Upload)> {
        let whole = self.store.whole(&page).await?;
        if whole.drafts.iter().all(|draft| draft.removed) {
            return Err(Error::not_found());
        }
        if self.is_full(&whole) {
            let detail = wording::content::too_many_images(MAX_IMAGES);
            return Err(Error::conflict("too_many_images", detail));
        }
        let image = ImageId::generate(self.clock.now());
        let key = IncomingImage { page, image }.key();
        let rule = UploadRule { key: &key, content_type: content_type.content_type(), max_bytes: size_bytes };
        Ok((image, self.media.upload_form(rule).await?))
    }

    /// Two pictures that are checked at once may be one too many: that harms nobody.
    fn is_full(&self, page: &Whole) -> bool {
        page.images_in_use(self.clock.now().minus(UNNAMED_FOR)) >= MAX_IMAGES
    }

    /// Checks an upload, redraws it, and notes it with its page. What is no picture, or has no place, is deleted. Can be
    /// repeated from any step on: the files are written under their own names, and the picture is noted once.
    ///
    /// # Errors
    /// S3 or DynamoDB does not answer.
    pub async fn accept(&self, incoming: &IncomingImage) -> Result<()> {
        let key = incoming.key();
        let page = self.store.whole(&incoming.page).await?;
        if !self.is_full(&page) && page.images.iter().all(|image| image.id != incoming.image) {
            let Some(upload) = self.media.read_typed(&key, MAX_BYTES).await? else { return Ok(()) };
            match SourceSet::draw(&upload.bytes, &upload.content_type) {
                Ok(files) => {
                    let folder = format!("public/pages/{}", incoming.image);
                    let (main, sources) = (files.main(), files.sources());
                    files.write(&self.media, &folder).await?;
                    let (key, width, height) = (main.key(&folder), main.width, main.height);
                    let image = PageImage { id: incoming.image, key, width, height, sources };
                    self.store.add_image(&incoming.page, &image).await?;
                }
                Err(refusal) => tracing::info!(content.refusal = refusal.code(), "a picture was refused"),
            }
        }
        self.media.delete(&key).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_key_of_an_upload_is_one() {
        let key = "incoming/pages/ibuprofen/img_01J9Z3NDEKTSV4RRFFQ69G5FAV";
        assert_eq!(IncomingImage::parse(key).unwrap().key(), key);
        for wrong in ["", "incoming/pages/", &format!("{key}/x"), "incoming/pages/A/img_01J9Z3NDEKTSV4RRFFQ69G5FAV"] {
            assert_eq!(IncomingImage::parse(wrong), None, "{wrong}");
        }
    }
}
