//! The Lambda function `address-remove`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&address_remove::ENDPOINT)
}
