//! Enrolling a second factor, asking for it, and taking it away.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::authenticator::Authenticator;
use super::challenges::{Challenge, Challenges, Demand};
use super::recovery::{COUNT, RecoveryCode};
use super::store::{SecondFactor, SecondFactorStore};
use crate::identity::caller::Caller;
use crate::identity::codes::code::invalid_code;
use crate::identity::sign_in::lockout::{Guess, Lockout};
use crate::platform::clock::Clock;
use crate::platform::crypto;
use crate::platform::dynamo::Write;
use crate::platform::error::{Error, Result};
use crate::platform::fields::Invalid;
use crate::platform::ids::UserId;
use crate::platform::secrets::StoredSecret;
use crate::platform::text;
use crate::platform::wording;

/// What somebody shows as their second factor.
#[derive(Clone, Debug)]
pub enum SecondFactorCode {
    /// Six digits of the authenticator.
    Authenticator(String),
    /// A recovery code.
    Recovery(RecoveryCode),
}

impl SecondFactorCode {
    /// Reads six digits, or a recovery code; white space and hyphens in them are forgiven, and what cannot be seen.
    ///
    /// # Errors
    /// Neither.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let code = text::joined(&text::line(text, 64)?);
        if code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Self::Authenticator(code));
        }
        let neither = || Invalid::new("invalid_code", wording::identity::six_digits_or_recovery());
        RecoveryCode::parse(&code).map(Self::Recovery).ok_or_else(neither)
    }
}

/// What who enrols is shown once.
#[derive(Clone, Debug)]
pub struct Enrollment {
    /// For the app.
    pub authenticator: Authenticator,
    /// For the drawer.
    pub recovery_codes: Vec<RecoveryCode>,
}

/// The use-cases of second factors.
#[derive(Clone, Debug)]
pub struct SecondFactors<'a> {
    /// Where they are.
    pub store: SecondFactorStore,
    /// Where sign-ins wait for them.
    pub challenges: Challenges,
    /// Counts wrong codes.
    pub lockout: Lockout,
    /// Seals authenticators and keys the digests of recovery codes.
    pub key: &'a StoredSecret,
    /// Whether the staff must have one.
    pub staff_must: bool,
    /// The clock.
    pub clock: Clock,
}

impl SecondFactors<'_> {
    /// Whether a person has a second factor that counts.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn is_active(&self, user: &UserId) -> Result<bool> {
        self.store.is_active(user).await
    }

    /// What `caller`, who has a second factor or none, must show besides what they have shown already.
    pub fn demand(&self, caller: &Caller, has_second_factor: bool) -> Option<Demand> {
        match has_second_factor {
            true => Some(Demand::SoftwareTokenMfa),
            false if self.must_have(caller) => Some(Demand::MfaSetup),
            false => None,
        }
    }

    /// Whether `caller` must have a second factor.
    pub(in crate::identity) fn must_have(&self, caller: &Caller) -> bool {
        self.staff_must && caller.roles.iter().any(|role| role.must_have_second_factor())
    }

    /// Begins to enrol an authenticator; it counts once a code of it came back.
    ///
    /// # Errors
    /// 409 `mfa_enrolled` where one counts already; DynamoDB does not answer.
    pub async fn enroll(&self, user: &UserId) -> Result<Enrollment> {
        let enrollment = Enrollment {
            authenticator: Authenticator::generate(),
            recovery_codes: (0..COUNT).map(|_| RecoveryCode::generate()).collect(),
        };
        let sealed = self.seal(user, &enrollment.authenticator).await?;
        let key = self.key.get().await?;
        let digests: Vec<_> = enrollment.recovery_codes.iter().map(|code| code.digest(user, key)).collect();
        match self.store.begin(user, &sealed, &digests).await? {
            true => Ok(enrollment),
            false => Err(Error::conflict("mfa_enrolled", wording::identity::mfa_enrolled())),
        }
    }

    /// Makes the authenticator that was enrolled last count, by a code of it, with `trail` in the same transaction. The
    /// same again changes nothing. Answers whether it has changed anything.
    ///
    /// # Errors
    /// 400 `invalid_code`; 409 `mfa_not_enrolled` where nothing was enrolled; 423 `account_locked`; DynamoDB does not answer.
    pub async fn confirm(&self, user: &UserId, code: &str, trail: Vec<Write>) -> Result<bool> {
        let tried = self.lockout.reserve_for(Guess::SecondFactor, user).await?;
        let (tried, factor) = self.lockout.answered(tried, self.store.find(user).await).await?;
        let factor = factor.unwrap_or_default();
        let Some(sealed) = factor.active.as_ref().or(factor.pending.as_ref()) else {
            self.lockout.succeeded(tried).await?;
            return Err(Error::conflict("mfa_not_enrolled", wording::identity::mfa_not_begun()));
        };
        let Some(step) = self.unseal(user, sealed).await?.step_of(code, self.clock.now()) else {
            self.lockout.failed(tried).await?;
            return Err(invalid_code());
        };
        self.lockout.succeeded(tried).await?;
        if factor.active.is_some() {
            return Ok(false);
        }
        if self.store.activate(user, &factor, step, trail).await? { Ok(true) } else { Err(Error::busy()) }
    }

    /// Takes the second factor of a sign-in that waits for it. A code is good for one sign-in (RFC 6238, 5.2), and so is the
    /// challenge.
    ///
    /// # Errors
    /// 400 `invalid_code`; 409 `mfa_not_enrolled`; 423 `account_locked`; DynamoDB does not answer.
    pub async fn answer(&self, challenge: &Challenge, code: &SecondFactorCode) -> Result<()> {
        let user = &challenge.user;
        let tried = self.lockout.reserve_for(Guess::SecondFactor, user).await?;
        let (tried, factor) = self.lockout.answered(tried, self.store.find(user).await).await?;
        let factor = factor.unwrap_or_default();
        let Some(sealed) = &factor.active else {
            self.lockout.succeeded(tried).await?;
            return Err(Error::conflict("mfa_not_enrolled", wording::identity::mfa_not_enrolled()));
        };
        let spent = self.spend(challenge, &factor, sealed, code).await;
        let (tried, is_right) = self.lockout.answered(tried, spent).await?;
        if is_right {
            return self.lockout.succeeded(tried).await;
        }
        self.lockout.failed(tried).await?;
        Err(invalid_code())
    }

    /// Uses the code and the challenge up, both or neither. Whether the code was right and not used before.
    async fn spend(
        &self,
        challenge: &Challenge,
        factor: &SecondFactor,
        sealed: &str,
        code: &SecondFactorCode,
    ) -> Result<bool> {
        let user = &challenge.user;
        let end = vec![self.challenges.end(challenge)?];
        match code {
            SecondFactorCode::Authenticator(code) => {
                match self.unseal(user, sealed).await?.step_of(code, self.clock.now()) {
                    Some(step) => self.store.spend_step(user, step, end).await,
                    None => Ok(false),
                }
            }
            SecondFactorCode::Recovery(code) => {
                let digest = code.digest(user, self.key.get().await?);
                let left: Vec<_> = factor.recovery.iter().filter(|one| **one != digest).cloned().collect();
                if left.len() == factor.recovery.len() {
                    return Ok(false);
                }
                self.store.spend_recovery(user, factor, &left, end).await
            }
        }
    }

    /// Takes the second factor away, with `trail` in the same transaction; without one there is nothing to do. Answers
    /// whether there was one.
    ///
    /// # Errors
    /// 409 `mfa_required` where the role demands it; DynamoDB does not answer.
    pub async fn remove(&self, caller: &Caller, trail: Vec<Write>) -> Result<bool> {
        if self.must_have(caller) {
            return Err(Error::conflict("mfa_required", wording::identity::mfa_required()));
        }
        self.store.remove(&caller.user, trail).await
    }

    async fn seal(&self, user: &UserId, authenticator: &Authenticator) -> Result<String> {
        let sealed = crypto::seal(&self.sealing_key().await?, user.as_str(), authenticator.secret());
        Ok(STANDARD_NO_PAD.encode(sealed.map_err(Error::internal)?))
    }

    async fn unseal(&self, user: &UserId, sealed: &str) -> Result<Authenticator> {
        let sealed = STANDARD_NO_PAD.decode(sealed).map_err(Error::internal)?;
        let secret = crypto::unseal(&self.sealing_key().await?, user.as_str(), &sealed).map_err(Error::internal)?;
        Authenticator::restore(&secret).ok_or_else(|| Error::internal("an authenticator of another length"))
    }

    async fn sealing_key(&self) -> Result<[u8; 32]> {
        let mut key = [0; 32];
        let hash = crypto::keyed_hash(self.key.get().await?.bytes(), b"authenticators");
        key.iter_mut().zip(hash).for_each(|(place, byte)| *place = byte);
        Ok(key)
    }
}
