//! The Lambda function `address-add`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&address_add::ENDPOINT)
}
