//! The Lambda function `content-list`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&content_list::ENDPOINT)
}
