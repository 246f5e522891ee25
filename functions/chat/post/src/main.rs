//! The Lambda function `chat-post`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&chat_post::ENDPOINT)
}
