//! The Lambda function `webhooks-list`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&webhooks_list::ENDPOINT)
}
