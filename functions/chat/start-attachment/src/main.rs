//! The Lambda function `chat-start-attachment`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&chat_start_attachment::ENDPOINT)
}
