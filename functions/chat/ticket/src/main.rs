//! The Lambda function `chat-ticket`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&chat_ticket::ENDPOINT)
}
