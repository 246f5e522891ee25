//! The Lambda function `medicine-list-rules`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&medicine_list_rules::ENDPOINT)
}
