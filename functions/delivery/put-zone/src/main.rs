//! The Lambda function `delivery-put-zone`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&delivery_put_zone::ENDPOINT)
}
