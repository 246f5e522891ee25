//! The Lambda function `chat-disconnect`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve_socket(&chat_disconnect::SOCKET)
}
