//! The Lambda function `orders-set-prescriptions`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&orders_set_prescriptions::ENDPOINT)
}
