//! The Lambda function `catalog-index-stock`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve_events(&catalog_index_stock::WORKER)
}
