//! The Lambda function `chat-get-attachment`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&chat_get_attachment::ENDPOINT)
}
