//! The Lambda function `chat-history`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&chat_history::ENDPOINT)
}
