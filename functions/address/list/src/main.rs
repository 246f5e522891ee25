//! The Lambda function `address-list`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&address_list::ENDPOINT)
}
