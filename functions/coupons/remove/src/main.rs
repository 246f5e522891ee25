//! The Lambda function `coupons-remove`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&coupons_remove::ENDPOINT)
}
