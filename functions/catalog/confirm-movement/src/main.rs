//! The Lambda function `catalog-confirm-movement`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&catalog_confirm_movement::ENDPOINT)
}
