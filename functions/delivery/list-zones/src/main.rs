//! The Lambda function `delivery-list-zones`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&delivery_list_zones::ENDPOINT)
}
