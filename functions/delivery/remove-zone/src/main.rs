//! The Lambda function `delivery-remove-zone`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&delivery_remove_zone::ENDPOINT)
}
