//! The pictures of products: uploaded straight to the bucket, checked and redrawn, shown only then.

use super::manager::Manager;
use super::product::{Image, MAX_IMAGES, Product};
use super::products::{Products, managed_at};
use crate::platform::clock::Clock;
use crate::platform::error::{Error, Kind, Result};
use crate::platform::ids::{ImageId, ProductId};
use crate::platform::image_upload::MAX_BYTES;
use crate::platform::objects::{Bucket, Upload, UploadRule};
use crate::platform::pictures::PictureType;
use crate::platform::precondition::Precondition;
use crate::platform::source_set::{self, SourceSet};
use crate::platform::wording;

/// Where uploads wait to be checked.
const INCOMING: &str = "incoming/products/";

/// An upload of a picture, by where it lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncomingImage {
    product: ProductId,
    image: ImageId,
}

impl IncomingImage {
    /// Reads the key of an upload.
    pub fn parse(key: &str) -> Option<Self> {
        let (product, image) = key.strip_prefix(INCOMING)?.split_once('/')?;
        Some(Self { product: ProductId::parse(product).ok()?, image: ImageId::parse(image).ok()? })
    }

    fn key(&self) -> String {
        format!("{INCOMING}{}/{}", self.product, self.image)
    }

    /// Whether the product has a place for it and does not show it yet.
    fn fits(&self, product: &Product) -> bool {
        product.images.len() < MAX_IMAGES && product.image(self.image).is_none()
    }

    /// Where its files lie once they are shown.
    fn folder(&self) -> String {
        format!("public/products/{}", self.image)
    }
}

/// The pictures of products.
#[derive(Clone, Debug)]
pub struct ProductImages {
    products: Products,
    media: Bucket,
    clock: Clock,
}

impl ProductImages {
    /// In the media bucket.
    pub fn new(products: Products, media: Bucket, clock: Clock) -> Self {
        Self { products, media, clock }
    }

    /// An upload form for one more picture.
    ///
    /// # Errors
    /// 404; 409 `too_many_images`; or DynamoDB does not answer.
    pub async fn start(
        &self,
        manager: &Manager,
        product: ProductId,
        content_type: PictureType,
        size_bytes: u64,
    ) -> Result<(ImageId, Upload)> {
        if self.products.find_managed(manager, product).await?.images.len() >= MAX_IMAGES {
            let detail = wording::catalog::too_many_images(MAX_IMAGES);
            return Err(Error::conflict("too_many_images", detail));
        }
        let image = ImageId::generate(self.clock.now());
        let key = IncomingImage { product, image }.key();
        let rule = UploadRule { key: &key, content_type: content_type.content_type(), max_bytes: size_bytes };
        Ok((image, self.media.upload_form(rule).await?))
    }

    /// Checks an upload, redraws it, and shows it with its product. What is no picture, or has no product or place to be
    /// shown, is deleted. Can be repeated from any step on.
    ///
    /// # Errors
    /// S3 or DynamoDB does not answer.
    pub async fn accept(&self, incoming: &IncomingImage) -> Result<()> {
        let key = incoming.key();
        if let Some(product) = self.products.latest(incoming.product).await?.filter(|product| incoming.fits(product)) {
            let Some(upload) = self.media.read_typed(&key, MAX_BYTES).await? else { return Ok(()) };
            match SourceSet::draw(&upload.bytes, &upload.content_type) {
                Ok(files) => self.show(incoming, product, files).await?,
                Err(refusal) => tracing::info!(catalog.refusal = refusal.code(), "a picture was refused"),
            }
        }
        self.media.delete(&key).await
    }

    async fn show(&self, incoming: &IncomingImage, product: Product, files: SourceSet) -> Result<()> {
        let (folder, main) = (incoming.folder(), files.main());
        let image = Image {
            id: incoming.image,
            key: main.key(&folder),
            width: main.width,
            height: main.height,
            sources: files.sources(),
            alt: None,
        };
        files.write(&self.media, &folder).await?;
        let now = self.clock.now();
        let shown = self.products.rewrite(product, |product| {
            if product.image(image.id).is_some() {
                return Ok(product.clone());
            }
            // Others have taken the last place meanwhile.
            product.with_image(image.clone(), now).ok_or_else(Error::not_found)
        });
        match shown.await {
            Err(error) if error.kind() == Kind::NotFound => source_set::delete(&self.media, &image.keys()).await,
            other => other.map(|_| ()),
        }
    }

    /// Removes a picture with all its files. They go first: whoever is told of a failure and tries again finds the rest to do.
    ///
    /// # Errors
    /// 404; 412; or S3 or DynamoDB does not answer.
    pub async fn remove(
        &self,
        manager: &Manager,
        product: ProductId,
        image: ImageId,
        precondition: &Precondition,
    ) -> Result<()> {
        let found = self.products.find_managed(manager, product).await?;
        let known = managed_at(&found, manager, precondition)?.image(image).ok_or_else(Error::not_found)?;
        source_set::delete(&self.media, &known.keys()).await?;
        let now = self.clock.now();
        self.products.rewrite(found, |product| Ok(product.without_image(image, now))).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_key_of_an_upload_is_one() {
        let product = "prd_01J9Z3NDEKTSV4RRFFQ69G5FAV";
        let image = "img_01J9Z3NDEKTSV4RRFFQ69G5FAV";
        let key = format!("incoming/products/{product}/{image}");
        assert_eq!(IncomingImage::parse(&key).unwrap().key(), key);
        for wrong in ["", "incoming/products/", &format!("{key}/x"), &format!("public/products/{product}/{image}")] {
            assert_eq!(IncomingImage::parse(wrong), None, "{wrong}");
        }
    }
}
