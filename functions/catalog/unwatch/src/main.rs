//! The Lambda function `catalog-unwatch`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&catalog_unwatch::ENDPOINT)
}
