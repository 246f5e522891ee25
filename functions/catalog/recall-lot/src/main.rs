//! The Lambda function `catalog-recall-lot`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&catalog_recall_lot::ENDPOINT)
}
