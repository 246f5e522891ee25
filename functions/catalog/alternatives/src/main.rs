//! The Lambda function `catalog-alternatives`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&catalog_alternatives::ENDPOINT)
}
