//! Users of the pool whom another provider has described.

use aws_sdk_cognitoidentityprovider::error::ProvideErrorMetadata;
use aws_sdk_cognitoidentityprovider::types::{AttributeType, MessageActionType, UserStatusType};

use crate::accounts::{Email, FullName};
use crate::identity::user_pool::cognito::{UserPool, failure, is_confirmed, value};
use crate::platform::error::{Error, Result};
use crate::platform::ids::UserId;

/// Says by which identity elsewhere a user was made. Clients have no right to write it.
const MADE_FOR: &str = "custom:social_identity";
/// What a copy calls the address that the provider named.
const COPIED_EMAIL: &str = "custom:social_email";
/// What a copy calls the name that the provider named.
const COPIED_NAME: &str = "custom:social_name";

/// A user who is to be made for an identity elsewhere.
#[derive(Clone, Copy, Debug)]
pub(in crate::identity) struct Described<'a> {
    /// What they are to be called in the pool.
    pub name: &'a str,
    /// Their address, which is verified.
    pub email: Option<&'a Email>,
    /// Their name.
    pub full_name: Option<&'a FullName>,
    /// What stands for the identity.
    pub made_for: &'a str,
}

/// Who has a name in the pool.
#[derive(Clone, Debug)]
pub(in crate::identity) struct Holder {
    /// Their `sub`.
    pub id: UserId,
    /// What stands for the identity that they were made for.
    pub made_for: Option<String>,
    /// Whether they have registered and not confirmed it.
    pub unconfirmed: bool,
    /// Whether nobody has set their password yet.
    pub without_password: bool,
}

/// What Cognito's copy of somebody holds, word for word as their provider has said it.
#[derive(Clone, Default)]
pub struct Copied {
    /// Their address there, verified or not.
    pub email: Option<String>,
    /// Their name there.
    pub full_name: Option<String>,
}

impl std::fmt::Debug for Copied {
    /// Hidden.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Copied(…)")
    }
}

impl UserPool {
    /// What the copy of somebody at another provider holds, by what Cognito calls it; nothing where there is none.
    ///
    /// # Errors
    /// Cognito does not answer.
    pub async fn copied(&self, pool_name: &str) -> Result<Copied> {
        match self.client.admin_get_user().user_pool_id(&self.pool).username(pool_name).send().await {
            Ok(answer) => {
                let held = |name: &str| value(answer.user_attributes(), name).map(str::to_owned);
                Ok(Copied { email: held(COPIED_EMAIL), full_name: held(COPIED_NAME) })
            }
            Err(error) if error.code() == Some("UserNotFoundException") => Ok(Copied::default()),
            Err(error) => Err(failure(error)),
        }
    }

    /// Makes a user who has no password yet; nothing where the name is taken.
    ///
    /// # Errors
    /// Cognito does not answer.
    pub(in crate::identity) async fn create_described(&self, user: Described<'_>) -> Result<Option<Holder>> {
        let mut call = self.client.admin_create_user().user_pool_id(&self.pool).username(user.name);
        for (name, value) in [
            (MADE_FOR, Some(user.made_for)),
            ("email", user.email.map(Email::as_str)),
            ("email_verified", user.email.map(|_| "true")),
            ("name", user.full_name.map(FullName::as_str)),
        ] {
            if let Some(value) = value {
                let attribute = AttributeType::builder().name(name).value(value).build().map_err(Error::internal)?;
                call = call.user_attributes(attribute);
            }
        }
        // They know where they come from, and need no invitation.
        let answer = match call.message_action(MessageActionType::Suppress).send().await {
            Ok(answer) => answer,
            Err(error) if matches!(error.code(), Some("UsernameExistsException" | "AliasExistsException")) => {
                return Ok(None);
            }
            Err(error) => return Err(failure(error)),
        };
        let made = answer.user.ok_or_else(|| Error::internal("Cognito makes a user and does not say whom"))?;
        holder(made.attributes(), made.user_status()).map(Some)
    }

    /// Who has this name, if anybody.
    ///
    /// # Errors
    /// Cognito does not answer.
    pub(in crate::identity) async fn holder(&self, name: &str) -> Result<Option<Holder>> {
        match self.client.admin_get_user().user_pool_id(&self.pool).username(name).send().await {
            Ok(answer) => holder(answer.user_attributes(), answer.user_status()).map(Some),
            Err(error) if error.code() == Some("UserNotFoundException") => Ok(None),
            Err(error) => Err(failure(error)),
        }
    }
}

fn holder(attributes: &[AttributeType], status: Option<&UserStatusType>) -> Result<Holder> {
    Ok(Holder {
        id: UserId::parse(value(attributes, "sub").unwrap_or_default()).map_err(Error::internal)?,
        made_for: value(attributes, MADE_FOR).map(str::to_owned),
        unconfirmed: !is_confirmed(attributes, status),
        without_password: status == Some(&UserStatusType::ForceChangePassword),
    })
}
