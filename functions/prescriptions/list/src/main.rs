//! The Lambda function `prescriptions-list`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&prescriptions_list::ENDPOINT)
}
