//! The Lambda function `catalog-watch`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&catalog_watch::ENDPOINT)
}
