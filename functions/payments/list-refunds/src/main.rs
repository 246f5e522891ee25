//! The Lambda function `payments-list-refunds`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&payments_list_refunds::ENDPOINT)
}
