//! The Lambda function `imports-list`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&imports_list::ENDPOINT)
}
