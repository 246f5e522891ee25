//! The Lambda function `coupons-put`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&coupons_put::ENDPOINT)
}
