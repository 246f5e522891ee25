//! A user pool that answers as Cognito does, with fixed codes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use shared::identity::Role;
use shared::platform::clock::Clock;

use super::http::Reply;
use crate::tokens::{Issuer, user};

/// The code that confirms any registration.
pub const REGISTRATION_CODE: &str = "123456";
/// The code that resets any password, once, after it was asked for.
pub const RESET_CODE: &str = "654321";

/// A user.
#[derive(Clone, Debug)]
pub struct PoolUser {
    /// Their `sub`.
    pub id: String,
    /// Their password.
    pub password: String,
    /// Their groups.
    pub groups: BTreeSet<String>,
    /// `UNCONFIRMED`, `CONFIRMED` or `FORCE_CHANGE_PASSWORD`.
    pub status: &'static str,
    /// Whether they may sign in at all.
    pub enabled: bool,
    name: String,
    reset_asked: bool,
}

/// The pool: users by address, and the refresh tokens that are good.
#[derive(Default)]
pub struct UserPool {
    users: BTreeMap<String, PoolUser>,
    refresh_tokens: BTreeMap<String, (String, String)>,
    made: u32,
    signer: Option<(Issuer, Clock)>,
}

type Answer = Result<Value, &'static str>;

impl UserPool {
    pub(super) fn open(&mut self, signer: Issuer, clock: Clock) {
        self.signer = Some((signer, clock));
    }

    /// The user with this address.
    pub fn user(&self, email: &str) -> Option<&PoolUser> {
        self.users.get(email)
    }

    /// How many refresh tokens are good.
    pub fn sessions(&self) -> usize {
        self.refresh_tokens.len()
    }

    /// Makes a user as somebody of the house does.
    pub fn add(&mut self, email: &str, password: &str, groups: &[Role], status: &'static str) {
        self.made += 1;
        let groups = groups.iter().map(|role| role.group().to_owned()).collect();
        let id = user(self.made).to_string();
        let made = PoolUser {
            id,
            password: password.to_owned(),
            groups,
            status,
            enabled: true,
            name: String::new(),
            reset_asked: false,
        };
        self.users.insert(email.to_owned(), made);
    }

    pub(super) fn answer(&mut self, target: &str, body: &[u8]) -> Reply {
        let input: Value = serde_json::from_slice(body).unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default();
        let (status, body) = match self.call(operation, &input) {
            Ok(body) => (200, body),
            Err(code) => (400, json!({"__type": code, "message": code})),
        };
        Reply::new(status, "application/x-amz-json-1.1", body.to_string().into_bytes())
    }

    fn call(&mut self, operation: &str, input: &Value) -> Answer {
        let text = |name: &str| input[name].as_str().unwrap_or_default().to_owned();
        match operation {
            "SignUp" => self.sign_up(&text("Username"), &text("Password"), input),
            "ConfirmSignUp" => self.confirm(&text("Username"), &text("ConfirmationCode")),
            "AdminGetUser" => self.describe(&text("Username")),
            "AdminDeleteUser" => {
                let email = self.email(&text("Username")).ok_or("UserNotFoundException")?;
                self.users.remove(&email);
                Ok(json!({}))
            }
            "AdminDisableUser" => {
                self.find(&text("Username"))?.enabled = false;
                Ok(json!({}))
            }
            "AdminAddUserToGroup" => {
                self.find(&text("Username"))?.groups.insert(text("GroupName"));
                Ok(json!({}))
            }
            "AdminSetUserPassword" => {
                let user = self.find(&text("Username"))?;
                (user.password, user.status) = (text("Password"), "CONFIRMED");
                Ok(json!({}))
            }
            "AdminInitiateAuth" if input["AuthFlow"] == "REFRESH_TOKEN_AUTH" => self.refresh(&input["AuthParameters"]),
            "AdminInitiateAuth" => self.authenticate(&input["AuthParameters"]),
            "AdminUserGlobalSignOut" => {
                let id = self.find(&text("Username"))?.id.clone();
                self.refresh_tokens.retain(|_, (owner, _)| *owner != id);
                Ok(json!({}))
            }
            "RevokeToken" => {
                self.refresh_tokens.remove(&text("Token"));
                Ok(json!({}))
            }
            "ForgotPassword" => {
                if let Ok(user) = self.find(&text("Username")) {
                    user.reset_asked = true;
                }
                Ok(json!({}))
            }
            "ConfirmForgotPassword" => {
                let (code, password) = (text("ConfirmationCode"), text("Password"));
                let user = self.find(&text("Username")).map_err(|_| "CodeMismatchException")?;
                if code != RESET_CODE || !std::mem::take(&mut user.reset_asked) {
                    return Err("CodeMismatchException");
                }
                user.password = password;
                Ok(json!({}))
            }
            "ChangePassword" => self.change(&text("AccessToken"), &text("PreviousPassword"), &text("ProposedPassword")),
            "ResendConfirmationCode" => Ok(json!({})),
            _ => Err("UnknownOperationException"),
        }
    }

    fn email(&self, username: &str) -> Option<String> {
        let named = |(email, user): &(&String, &PoolUser)| *email == username || user.id == username;
        self.users.iter().find(named).map(|(email, _)| email.clone())
    }

    fn find(&mut self, username: &str) -> Result<&mut PoolUser, &'static str> {
        let email = self.email(username).ok_or("UserNotFoundException")?;
        self.users.get_mut(&email).ok_or("UserNotFoundException")
    }

    fn sign_up(&mut self, email: &str, password: &str, input: &Value) -> Answer {
        if self.users.contains_key(email) {
            return Err("UsernameExistsException");
        }
        self.add(email, password, &[], "UNCONFIRMED");
        let user = self.find(email)?;
        let attributes = input["UserAttributes"].as_array().cloned().unwrap_or_default();
        let name = attributes.iter().find(|one| one["Name"] == "name").and_then(|one| one["Value"].as_str());
        user.name = name.unwrap_or_default().to_owned();
        Ok(json!({"UserConfirmed": false, "UserSub": user.id}))
    }

    fn confirm(&mut self, email: &str, code: &str) -> Answer {
        let user = self.find(email).map_err(|_| "CodeMismatchException")?;
        match user.status {
            "UNCONFIRMED" if code == REGISTRATION_CODE => {
                user.status = "CONFIRMED";
                Ok(json!({}))
            }
            "UNCONFIRMED" => Err("CodeMismatchException"),
            _ => Err("NotAuthorizedException"),
        }
    }

    fn describe(&mut self, username: &str) -> Answer {
        let email = self.email(username).ok_or("UserNotFoundException")?;
        let user = self.find(username)?;
        let mut attributes = vec![json!({"Name": "sub", "Value": user.id}), json!({"Name": "email", "Value": email})];
        if !user.name.is_empty() {
            attributes.push(json!({"Name": "name", "Value": user.name}));
        }
        Ok(
            json!({"Username": user.id, "UserStatus": user.status, "Enabled": user.enabled, "UserAttributes": attributes}),
        )
    }

    fn authenticate(&mut self, parameters: &Value) -> Answer {
        let user = self.find(parameters["USERNAME"].as_str().unwrap_or_default());
        let user = user.map_err(|_| "NotAuthorizedException")?.clone();
        if !user.enabled {
            return Err("NotAuthorizedException");
        }
        if user.status == "UNCONFIRMED" {
            return Err("UserNotConfirmedException");
        }
        if parameters["PASSWORD"] != user.password {
            return Err("NotAuthorizedException");
        }
        if user.status == "FORCE_CHANGE_PASSWORD" {
            return Ok(json!({"ChallengeName": "NEW_PASSWORD_REQUIRED", "ChallengeParameters": {}}));
        }
        self.made += 1;
        let (refresh, session) = (format!("refresh-{}", self.made), format!("origin-{}", self.made));
        self.refresh_tokens.insert(refresh.clone(), (user.id.clone(), session.clone()));
        let access = self.access_token(&user, &session);
        Ok(json!({"AuthenticationResult": {"AccessToken": access, "RefreshToken": refresh, "ExpiresIn": 900}}))
    }

    fn refresh(&mut self, parameters: &Value) -> Answer {
        let token = parameters["REFRESH_TOKEN"].as_str().unwrap_or_default();
        let (id, session) = self.refresh_tokens.get(token).cloned().ok_or("NotAuthorizedException")?;
        let user = self.find(&id).map_err(|_| "NotAuthorizedException")?.clone();
        if !user.enabled {
            return Err("NotAuthorizedException");
        }
        Ok(json!({"AuthenticationResult": {"AccessToken": self.access_token(&user, &session), "ExpiresIn": 900}}))
    }

    fn access_token(&self, of: &PoolUser, session: &str) -> String {
        let (signer, clock) = self.signer.as_ref().unwrap();
        let roles: Vec<Role> = of.groups.iter().filter_map(|group| Role::of_group(group)).collect();
        let id = shared::platform::ids::UserId::parse(&of.id).unwrap();
        signer.token(&id, &roles, session, clock.now())
    }

    fn change(&mut self, token: &str, current: &str, new: &str) -> Answer {
        let signer = self.signer.clone();
        let id = signer.and_then(|(signer, _)| signer.subject(token)).ok_or("NotAuthorizedException")?;
        let user = self.find(&id).map_err(|_| "NotAuthorizedException")?;
        if user.password != current {
            return Err("NotAuthorizedException");
        }
        user.password = new.to_owned();
        Ok(json!({}))
    }
}
