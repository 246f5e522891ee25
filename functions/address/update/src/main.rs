//! The Lambda function `address-update`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&address_update::ENDPOINT)
}
