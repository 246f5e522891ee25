//! What is answered to who registers and signs in.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::role::Role;
use super::sign_in::SignedIn;
use crate::accounts::Email;
use crate::platform::ids::UserId;

/// How long an access token is good, in seconds; the pool's client is set to the same in `infra/identity.yaml`.
const ACCESS_TOKEN_SECONDS: u32 = 900;

/// The login answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionView {
    /// Send it as `Authorization: Bearer …`.
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// In seconds.
    expires_in: u32,
    /// Good once; each refresh answers the next.
    refresh_token: String,
    user: SignedInUser,
}

/// Who has signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignedInUser {
    #[schema(value_type = String)]
    id: UserId,
    roles: BTreeSet<Role>,
}

impl From<SignedIn> for SessionView {
    fn from(signed_in: SignedIn) -> Self {
        Self {
            access_token: signed_in.access_token,
            token_type: "Bearer",
            expires_in: ACCESS_TOKEN_SECONDS,
            refresh_token: signed_in.refresh_token.expose(),
            user: SignedInUser { id: signed_in.caller.user, roles: signed_in.caller.roles },
        }
    }
}

/// That a code is on its way, if there is anybody to get it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryView {
    delivery: Delivery,
}

/// Where a code goes.
#[derive(Debug, Serialize, ToSchema)]
pub struct Delivery {
    /// Always `email`.
    channel: &'static str,
    /// The address that was given, masked: `a***@e***`.
    destination: String,
}

impl From<&Email> for DeliveryView {
    fn from(email: &Email) -> Self {
        Self { delivery: Delivery { channel: "email", destination: email.masked() } }
    }
}
