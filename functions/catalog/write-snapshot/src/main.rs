//! The Lambda function `catalog-write-snapshot`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve_events(&catalog_write_snapshot::WORKER)
}
