//! The Lambda function `catalog-import`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve_events(&catalog_import::WORKER)
}
