//! The Lambda function `catalog-get-recall`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&catalog_get_recall::ENDPOINT)
}
