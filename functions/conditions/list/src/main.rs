//! The Lambda function `conditions-list`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&conditions_list::ENDPOINT)
}
