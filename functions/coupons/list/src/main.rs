//! The Lambda function `coupons-list`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&coupons_list::ENDPOINT)
}
