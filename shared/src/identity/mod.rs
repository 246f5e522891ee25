//! Who calls and what they may do: tokens, roles, the permission matrix; registering, signing in, sessions, passwords.

pub mod access;
mod administration;
mod caller;
mod code;
mod cognito;
mod credentials;
mod directory;
mod keys;
mod lockout;
mod password;
mod pending;
mod permission;
mod person;
mod refresh_token;
mod registration;
mod revocation;
mod search;
mod sessions;
mod sign_in;
mod succession;
mod token;
mod view;

use crate::platform::role;

pub use administration::Administration;
pub use caller::Caller;
pub use code::Code;
pub use cognito::UserPool;
pub use credentials::{Credentials, Owner};
pub use directory::Directory;
pub use keys::KeySource;
pub use lockout::{Guess, LOCKED_FOR, Lockout, MAX_TRIES, Reserved, Try};
pub use password::{Password, PasswordClaim};
pub use pending::PendingRegistrations;
pub use permission::{Permission, Scope, scope};
pub use person::{Person, Standing, UserView};
pub use refresh_token::RefreshToken;
pub use registration::{NewAccount, Registration};
pub use revocation::{Revocation, Revocations};
pub use role::Role;
pub use search::{Source, UserSearch};
pub use sessions::{LIFETIME as SESSION_LIFETIME, Presented, Session, Sessions};
pub use sign_in::{SignIn, SignOut, SignedIn};
pub use succession::{Succession, Turn};
pub use token::TokenVerifier;
pub use view::{DeliveryView, SessionView};
