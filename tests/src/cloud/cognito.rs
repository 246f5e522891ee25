//! A user pool that answers as Cognito does.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use shared::identity::Role;
use shared::platform::clock::Clock;

use super::http::Reply;
use crate::tokens::{Issuer, user};

/// A user.
#[derive(Clone, Debug)]
pub struct PoolUser {
    /// Their `sub`.
    pub id: String,
    /// What they sign in with.
    pub email: Option<String>,
    /// The same, where it is a telephone.
    pub phone: Option<String>,
    /// Whether they may sign in.
    pub enabled: bool,
    /// Their password.
    pub password: String,
    /// Their groups.
    pub groups: BTreeSet<String>,
    /// `UNCONFIRMED`, `CONFIRMED`, `FORCE_CHANGE_PASSWORD`, or `EXTERNAL_PROVIDER` for a copy.
    pub status: &'static str,
    /// What a copy of somebody at another provider is called.
    copied_as: Option<String>,
    /// Which address the provider has named of whom a copy is.
    copied_email: Option<String>,
    name: String,
    /// By which identity elsewhere they were made.
    made_for: Option<String>,
    /// What the functions have written down of their registration.
    pub registration: Option<String>,
}

/// The pool: users by `sub`, and the refresh tokens that are good.
#[derive(Default)]
pub struct UserPool {
    users: BTreeMap<String, PoolUser>,
    refresh_tokens: BTreeMap<String, (String, String)>,
    /// Sign-ins without a password that wait for an answer: whose they are.
    asked: BTreeMap<String, String>,
    made: u32,
    signer: Option<(Issuer, Clock)>,
    /// What lists and groups are answered from, where it is not what is.
    past: Option<BTreeMap<String, PoolUser>>,
    /// An operation that is answered by too many requests, and not done.
    pub throttled: Option<&'static str>,
}

type Answer = Result<Value, &'static str>;

fn reply(answer: Answer) -> Reply {
    let (status, body) = match answer {
        Ok(body) => (200, body),
        Err(code) => (400, json!({"__type": code, "message": code})),
    };
    Reply::new(status, "application/x-amz-json-1.1", body.to_string().into_bytes())
}

fn is_named(user: &PoolUser, name: &str) -> bool {
    let names = [&user.email, &user.phone, &user.copied_as];
    user.id == name || names.into_iter().any(|known| known.as_deref() == Some(name))
}

fn attribute(input: &Value, name: &str) -> Option<String> {
    let attributes = input["UserAttributes"].as_array()?;
    attributes.iter().find(|one| one["Name"] == name)?["Value"].as_str().map(str::to_owned)
}

impl UserPool {
    pub(super) fn open(&mut self, signer: Issuer, clock: Clock) {
        self.signer = Some((signer, clock));
    }

    /// The user with this address, number or `sub`, or the copy of this name.
    pub fn user(&self, username: &str) -> Option<&PoolUser> {
        self.users.values().find(|user| is_named(user, username))
    }

    /// How many users there are.
    pub fn count(&self) -> usize {
        self.users.len()
    }

    /// The user with this address, number or `sub`, to be changed.
    ///
    /// # Panics
    /// Where there is none.
    pub fn user_mut(&mut self, username: &str) -> &mut PoolUser {
        self.find(username).unwrap()
    }

    /// How many refresh tokens are good.
    pub fn sessions(&self) -> usize {
        self.refresh_tokens.len()
    }

    /// Makes a user as somebody of the house does, with an address or a number.
    pub fn add(&mut self, username: &str, password: &str, groups: &[Role], status: &'static str) {
        self.made += 1;
        let groups = groups.iter().map(|role| role.group().to_owned()).collect();
        let id = user(self.made).to_string();
        let named = |is: bool| is.then(|| username.to_owned());
        let made = PoolUser {
            id: id.clone(),
            email: named(username.contains('@')),
            phone: named(username.starts_with('+')),
            enabled: true,
            password: password.to_owned(),
            groups,
            status,
            copied_as: None,
            copied_email: None,
            name: String::new(),
            made_for: None,
            registration: None,
        };
        self.users.insert(id, made);
    }

    /// Keeps a copy of somebody at another provider, as Cognito does of whoever comes by its hosted UI.
    pub fn copy(&mut self, copied_as: &str, email: Option<&str>, name: &str) {
        self.add(copied_as, "", &[], "EXTERNAL_PROVIDER");
        let copy = self.users.get_mut(user(self.made).as_str()).unwrap();
        (copy.copied_as, copy.name) = (Some(copied_as.to_owned()), name.to_owned());
        copy.copied_email = email.map(str::to_owned);
    }

    /// Gives a user a name.
    pub fn rename(&mut self, email: &str, name: &str) {
        self.find(email).unwrap().name = name.to_owned();
    }

    /// Who has a role and may sign in.
    pub fn having(&self, role: Role) -> Vec<String> {
        let has = |user: &PoolUser| user.enabled && user.groups.contains(role.group());
        self.users.values().filter(|user| has(user)).filter_map(|user| user.email.clone()).collect()
    }

    /// From now on lists and groups are answered as they were at this moment, as Cognito does for a while.
    pub fn answer_from_the_past(&mut self) {
        self.past = Some(self.users.clone());
    }

    pub(super) fn answer(&mut self, target: &str, body: &[u8]) -> Reply {
        let input: Value = serde_json::from_slice(body).unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default();
        reply(self.call(operation, &input))
    }

    fn call(&mut self, operation: &str, input: &Value) -> Answer {
        let text = |name: &str| input[name].as_str().unwrap_or_default().to_owned();
        if self.throttled == Some(operation) {
            return Err("TooManyRequestsException");
        }
        match operation {
            "AdminGetUser" => self.describe(&text("Username")),
            "AdminDeleteUser" => {
                let id = self.find(&text("Username"))?.id.clone();
                self.users.remove(&id);
                Ok(json!({}))
            }
            "AdminAddUserToGroup" => {
                self.find(&text("Username"))?.groups.insert(text("GroupName"));
                Ok(json!({}))
            }
            "AdminRemoveUserFromGroup" => {
                self.find(&text("Username"))?.groups.remove(&text("GroupName"));
                Ok(json!({}))
            }
            "AdminListGroupsForUser" => {
                let id = self.find(&text("Username"))?.id.clone();
                let user = self.seen().get(&id).ok_or("UserNotFoundException")?;
                let groups: Vec<_> = user.groups.iter().map(|name| json!({"GroupName": name})).collect();
                Ok(json!({"Groups": groups}))
            }
            "AdminEnableUser" | "AdminDisableUser" => {
                self.find(&text("Username"))?.enabled = operation == "AdminEnableUser";
                Ok(json!({}))
            }
            "ListUsers" => self.list(&text("Filter"), input),
            "ListUsersInGroup" => self.list_group(&text("GroupName"), input),
            "AdminSetUserPassword" => {
                let user = self.find(&text("Username"))?;
                (user.password, user.status) = (text("Password"), "CONFIRMED");
                Ok(json!({}))
            }
            "AdminInitiateAuth" if input["AuthFlow"] == "REFRESH_TOKEN_AUTH" => self.refresh(&input["AuthParameters"]),
            "AdminInitiateAuth" if input["AuthFlow"] == "CUSTOM_AUTH" => self.ask(&input["AuthParameters"]),
            "AdminCreateUser" => self.create(&text("Username"), input),
            "AdminUpdateUserAttributes" => self.update(&text("Username"), input),
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
            "ChangePassword" => self.change(&text("AccessToken"), &text("PreviousPassword"), &text("ProposedPassword")),
            _ => Err("UnknownOperationException"),
        }
    }

    fn find(&mut self, username: &str) -> Result<&mut PoolUser, &'static str> {
        self.users.values_mut().find(|user| is_named(user, username)).ok_or("UserNotFoundException")
    }

    fn create(&mut self, username: &str, input: &Value) -> Answer {
        if self.user(username).is_some() {
            return Err("UsernameExistsException");
        }
        self.add(username, "temporary", &[], "FORCE_CHANGE_PASSWORD");
        let name = attribute(input, "name").unwrap_or_default();
        let user = self.find(username)?;
        user.name = name;
        user.made_for = attribute(input, "custom:social_identity");
        user.registration = attribute(input, "custom:registration");
        Ok(json!({"User": {"Username": user.id, "UserStatus": user.status,
            "Attributes": [{"Name": "sub", "Value": user.id}]}}))
    }

    fn update(&mut self, username: &str, input: &Value) -> Answer {
        let id = self.find(username)?.id.clone();
        let (email, phone) = (attribute(input, "email"), attribute(input, "phone_number"));
        for taken in email.iter().chain(&phone) {
            if self.user(taken).is_some_and(|other| other.id != id) {
                return Err("AliasExistsException");
            }
        }
        let user = self.find(&id)?;
        user.email = email.or(user.email.take());
        user.phone = phone.or(user.phone.take());
        user.registration = attribute(input, "custom:registration").or(user.registration.take());
        if let Some(name) = attribute(input, "name") {
            user.name = name;
        }
        Ok(json!({}))
    }

    fn ask(&mut self, parameters: &Value) -> Answer {
        let user = self.find(parameters["USERNAME"].as_str().unwrap_or_default())?.clone();
        if !user.enabled {
            return Err("NotAuthorizedException");
        }
        if user.status == "UNCONFIRMED" {
            return Err("UserNotConfirmedException");
        }
        self.made += 1;
        let session = format!("session-{}", self.made);
        self.asked.insert(session.clone(), user.id);
        Ok(json!({"ChallengeName": "CUSTOM_CHALLENGE", "Session": session, "ChallengeParameters": {}}))
    }

    /// Whose sign-in without a password is being answered; each is answered once.
    pub(super) fn take_question(&mut self, session: &str) -> Option<String> {
        self.asked.remove(session)
    }

    /// What a sign-in without a password ends in.
    pub(super) fn grant(&mut self, id: &str, issued: bool) -> Reply {
        let answer = match self.user(id).cloned() {
            Some(user) if issued => Ok(self.tokens(&user)),
            _ => Err("NotAuthorizedException"),
        };
        reply(answer)
    }

    fn describe(&mut self, username: &str) -> Answer {
        let mut described = describe(self.find(username)?);
        described["UserAttributes"] = described["Attributes"].take();
        Ok(described)
    }

    fn seen(&self) -> &BTreeMap<String, PoolUser> {
        self.past.as_ref().unwrap_or(&self.users)
    }

    /// `attribute ^= "begins so"` of one attribute, or `status = "Enabled"`.
    fn list(&self, filter: &str, input: &Value) -> Answer {
        let (attribute, rest) = filter.split_once(' ').unwrap_or_default();
        let value = rest.split_once('"').and_then(|(_, value)| value.strip_suffix('"')).unwrap_or_default();
        let value = value.replace("\\\"", "\"").replace("\\\\", "\\");
        let begins = |text: &Option<String>| text.as_ref().is_some_and(|text| text.starts_with(&value));
        let fits = |user: &&PoolUser| match attribute {
            "" => true,
            "email" => begins(&user.email),
            "phone_number" => begins(&user.phone),
            "name" => user.name.to_lowercase().starts_with(&value.to_lowercase()),
            "status" => user.enabled == (value == "Enabled"),
            _ => false,
        };
        page(self.seen().values().filter(fits).map(describe).collect(), input, "PaginationToken")
    }

    fn list_group(&self, group: &str, input: &Value) -> Answer {
        let has = |user: &&PoolUser| user.groups.contains(group);
        page(self.seen().values().filter(has).map(describe).collect(), input, "NextToken")
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
        Ok(self.tokens(&user))
    }

    fn tokens(&mut self, user: &PoolUser) -> Value {
        self.made += 1;
        let (refresh, session) = (format!("refresh-{}", self.made), format!("origin-{}", self.made));
        self.refresh_tokens.insert(refresh.clone(), (user.id.clone(), session.clone()));
        let access = self.access_token(user, &session);
        json!({"AuthenticationResult": {"AccessToken": access, "RefreshToken": refresh, "ExpiresIn": 900}})
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

/// A user as lists have them.
fn describe(user: &PoolUser) -> Value {
    let mut attributes = vec![json!({"Name": "sub", "Value": user.id})];
    for (name, value) in [("email", &user.email), ("phone_number", &user.phone)] {
        attributes.extend(value.iter().map(|value| json!({"Name": name, "Value": value})));
    }
    for (name, value) in [("custom:social_identity", &user.made_for), ("custom:registration", &user.registration)] {
        attributes.extend(value.iter().map(|value| json!({"Name": name, "Value": value})));
    }
    if !user.name.is_empty() {
        attributes.push(json!({"Name": "name", "Value": user.name}));
    }
    if user.copied_as.is_some() {
        attributes.push(json!({"Name": "custom:social_name", "Value": user.name}));
        let email = user.copied_email.iter();
        attributes.extend(email.map(|email| json!({"Name": "custom:social_email", "Value": email})));
    }
    json!({
        "Username": user.id, "UserStatus": user.status, "Enabled": user.enabled, "UserCreateDate": 1_795_000_000.0,
        "Attributes": attributes,
    })
}

/// The part of a list that is asked for, and where it goes on under `token`.
fn page(found: Vec<Value>, input: &Value, token: &str) -> Answer {
    let limit = usize::try_from(input["Limit"].as_u64().unwrap_or(60)).unwrap();
    if !(1..=60).contains(&limit) {
        return Err("InvalidParameterException");
    }
    let start = match input[token].as_str() {
        Some(text) => {
            text.strip_prefix("from-").and_then(|start| start.parse().ok()).ok_or("InvalidParameterException")?
        }
        None => 0_usize,
    };
    let end = start + limit;
    let mut answer = json!({"Users": found.iter().skip(start).take(limit).collect::<Vec<_>>()});
    if end < found.len() {
        answer[token] = json!(format!("from-{end}"));
    }
    Ok(answer)
}
