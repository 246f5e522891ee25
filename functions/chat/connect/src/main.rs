//! The Lambda function `chat-connect`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve_socket(&chat_connect::SOCKET)
}
