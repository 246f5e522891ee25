//! The shop: a deployed stack with everybody who uses it.

use crate::{Aws, Client, Stack};

/// A deployed stack as tests meet it.
#[derive(Debug)]
pub struct Shop {
    /// Who is not signed in.
    pub guest: Client,
    /// The deployer's side.
    pub aws: Aws,
}

impl Shop {
    /// The stack under test.
    ///
    /// # Panics
    /// Where there is none, with how to start one.
    pub fn open() -> Self {
        let stack = Stack::read();
        let guest = Client::guest(&stack.api_url);
        Self { aws: Aws::new(stack, guest.http().clone()), guest }
    }
}
