//! Registering: an account is made at once, and its owner proves the address by a code.
//!
//! Until then it is an account with a password that opens nothing: it has no role and no profile, and who signs in to it is
//! told to confirm the address. Whoever asks, the answer is the same whether the address is known or not; only its mailbox
//! learns more.
//!
//! An address that was registered and never confirmed may be registered again. With the same password it is the same
//! person, who has clicked twice. With another one it may be somebody who lies in wait under a stranger's address, before
//! or after them, with a password of their own, for the stranger to confirm it; and no code tells its reader whose password
//! it confirms. So such a registration is contested: who confirms it has the account, and nobody has a password for it
//! until its owner sets one by a code.

use futures_util::future::try_join;

use crate::accounts::{Email, FullName, Language, Profiles};
use crate::identity::codes::code::{Code, invalid_code};
use crate::identity::codes::one_time_code::{OneTimeCodes, Purpose};
use crate::identity::identifier::Identifier;
use crate::identity::limits::mail_limit::{Mail, MailLimit};
use crate::identity::registering::pending::PendingRegistrations;
use crate::identity::role::Role;
use crate::identity::session::sessions::Sessions;
use crate::identity::sign_in::password::Password;
use crate::identity::sign_in::sign_in_audit::SignInAudit;
use crate::identity::user_pool::cognito::{PoolUser, UserPool};
use crate::identity::user_pool::registration_mark::RegistrationMark;
use crate::notifications::{Message, Notifier};
use crate::platform::crypto;
use crate::platform::error::{Error, Result};

/// Who wants an account.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// What they will sign in with.
    pub email: Email,
    /// And how.
    pub password: Password,
    /// Their name.
    pub full_name: FullName,
}

/// The use-cases of registering.
#[derive(Clone, Debug)]
pub struct Registration {
    /// The codes.
    pub codes: OneTimeCodes,
    /// Where users are.
    pub pool: UserPool,
    /// Where sessions are.
    pub sessions: Sessions,
    /// Keeps registering and confirming apart.
    pub pending: PendingRegistrations,
    /// Where profiles are, and in which language people are written to.
    pub profiles: Profiles,
    /// Writes to them.
    pub notifier: Notifier,
    /// How often one address is written to.
    pub mails: MailLimit,
    /// The trail of this request.
    pub trail: SignInAudit,
}

impl Registration {
    /// Makes an account that is not confirmed yet and sends a code, or word that there is an account.
    ///
    /// # Errors
    /// 400 where the pool's own rules refuse the address or the password; 429 `too_many_requests` after three in an hour; 503
    /// while the address is being registered or confirmed, or where the mail cannot be sent; Cognito or DynamoDB does not
    /// answer.
    pub async fn register(&self, account: &NewAccount, accepted: Language) -> Result<()> {
        let who = Identifier::from(account.email.clone());
        self.mails.count(Mail::Registration, &who).await?;
        let lease = self.pending.lease(&who).await?;
        let hint = self.pending.hint(&who, account.password.expose())?;
        let registered = self.register_leased(account, &who, &hint).await;
        match &registered {
            // Whoever has registered the address finds their password unconfirmed when they sign in, an account or not.
            Ok(_) => self.pending.release_claimed(lease, &who, hint).await?,
            Err(_) => self.pending.release(lease).await?,
        }
        self.write(&who, registered?, accepted).await
    }

    /// Who has the address, and what they are to be told. The calls are the same whether it is free, waits for its code or
    /// has an owner; there, they change nobody.
    async fn register_leased(
        &self,
        account: &NewAccount,
        who: &Identifier,
        hint: &str,
    ) -> Result<(Option<PoolUser>, Message)> {
        let found = self.pool.find(who.as_str()).await?;
        if found.as_ref().is_some_and(|user| user.confirmed) {
            self.codes.issue_none(&Purpose::Confirm, who).await?;
            let mark = RegistrationMark::Contested;
            self.pool.create_unproven(who, &account.full_name, &mark).await?;
            let nobody = crypto::random_token::<16>();
            self.pool.register_again(&nobody, &account.full_name, &mark, &account.password).await?;
            let message = found.as_ref().map_or(Message::NoAccount, PoolUser::owner_message);
            return Ok((found, message));
        }
        // First, so that no code is left that was sent before the password which it would confirm.
        let code = self.codes.issue(&Purpose::Confirm, who).await?;
        let mark = mark(hint, found.as_ref());
        let made = self.pool.create_unproven(who, &account.full_name, &mark).await?;
        // The name of one that was deleted is not free again at once everywhere.
        let user = found.map(|unconfirmed| unconfirmed.id).or(made).ok_or_else(Error::busy)?;
        if !self.pool.register_again(user.as_str(), &account.full_name, &mark, &account.password).await? {
            return Err(Error::busy());
        }
        Ok((None, code_message(&code, mark == RegistrationMark::Contested)))
    }

    async fn write(&self, who: &Identifier, told: (Option<PoolUser>, Message), accepted: Language) -> Result<()> {
        let (owner, message) = told;
        let language = self.profiles.language(owner.as_ref().map(|owner| &owner.id)).await?.unwrap_or(accepted);
        self.notifier.send(who.to(), language, &message).await
    }

    /// Confirms an address; from here on its owner can sign in and has a profile. Where the registration is contested, they
    /// have to set a password by a code first. The code is used up when all is done: killed in between, the same request
    /// goes on.
    ///
    /// # Errors
    /// 400 `invalid_code` or `expired_code`; 503 while the address is being registered or confirmed; Cognito or DynamoDB
    /// does not answer.
    pub async fn confirm(&self, email: Email, code: &Code) -> Result<()> {
        let who = Identifier::from(email.clone());
        let lease = self.pending.lease(&who).await?;
        let confirmed = self.confirm_leased(email, &who, code).await;
        self.pending.release(lease).await?;
        confirmed
    }

    async fn confirm_leased(&self, email: Email, who: &Identifier, code: &Code) -> Result<()> {
        let proof = self.codes.check(&Purpose::Confirm, who, code).await?.proof()?;
        let user = self.pool.find(who.as_str()).await?.ok_or_else(invalid_code)?;
        if is_contested(&user) {
            // Before the address is proven, so that none of the passwords ever opens anything; nor does a sign-in with one
            // of them that is under way just now.
            self.pool.set_unknown_password(user.id.as_str()).await?;
            self.sessions.end_all_at_once(&user.id, None).await?;
        }
        // Killed after this, and with the code too old by then, the first sign-in does the rest.
        try_join(self.pool.prove(&user.id, who), self.pending.disclaim(who)).await?;
        self.pool.add_role(&user.id, Role::Customer).await?;
        let trail = self.trail.registered(&user.id)?;
        self.profiles.create(user.id, email.into(), user.full_name, trail).await?;
        self.codes.spend(&proof).await.map(|_| ())
    }

    /// Sends another code, where there is a registration to confirm, or word why there is none.
    ///
    /// # Errors
    /// 429 `too_many_requests` after three in an hour; 503 where the mail cannot be sent; Cognito or DynamoDB does not
    /// answer.
    pub async fn resend(&self, email: &Email, accepted: Language) -> Result<()> {
        let who = email.clone().into();
        self.mails.count(Mail::Resend, &who).await?;
        let found = self.pool.find(who.as_str()).await?;
        let message = match found.as_ref().filter(|user| !user.confirmed) {
            Some(user) => {
                let code = self.codes.issue(&Purpose::Confirm, &who).await?;
                code_message(&code, is_contested(user))
            }
            None => {
                self.codes.issue_none(&Purpose::Confirm, &who).await?;
                found.as_ref().map_or(Message::NoAccount, PoolUser::owner_message)
            }
        };
        self.write(&who, (found, message), accepted).await
    }
}

/// The mark of a registration, where the address waits for its code already or is free.
fn mark(hint: &str, found: Option<&PoolUser>) -> RegistrationMark {
    match found {
        None => RegistrationMark::Unproven(hint.to_owned()),
        Some(PoolUser { registration: Some(mark), .. }) => mark.registered_again(hint),
        Some(_) => RegistrationMark::Contested,
    }
}

/// Whether it is not known that who registered the address is one person alone.
fn is_contested(user: &PoolUser) -> bool {
    !user.confirmed && !matches!(user.registration, Some(RegistrationMark::Unproven(_)))
}

/// The mail with a code. Whoever confirms a contested registration by it is told that they have to set a password.
fn code_message(code: &Code, contested: bool) -> Message {
    let code = code.as_str().to_owned();
    if contested { Message::ContestedRegistrationCode(code) } else { Message::RegistrationCode(code) }
}
