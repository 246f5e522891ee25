//! The Lambda function `catalog-remove-image`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&catalog_remove_image::ENDPOINT)
}
