//! The use-cases of records: each by somebody whose [`Sight`] of the patient was found out before.
//!
//! Every write is one transaction: the record as it is now, the version that it makes, and the trail. Twice, the second
//! meets the version of the first; at once, one of two reads again; killed, nothing or all of it has happened.

use serde_json::{Map, Value};

use super::grant::{Grant, GrantView, NewGrant};
use super::input::{self, Moment};
use super::kind::Kind;
use super::record::Record;
use super::sight::Sight;
use super::store::RecordStore;
use super::view::RecordView;
use crate::audit::{Action, Actor, Audit, Entry};
use crate::patients::{Patients, of_owner};
use crate::platform::clock::Clock;
use crate::platform::dynamo::{Outcome, Write, back_off, transact};
use crate::platform::error::{Error, Result};
use crate::platform::fields::{Change, Invalid};
use crate::platform::ids::{PatientId, RecordId, UserId};
use crate::platform::objects::Bucket;
use crate::platform::precondition::Precondition;
use crate::platform::text;
use crate::platform::wording;
use crate::platform::zone::Zone;

/// How often a change is tried that others keep overtaking.
const ATTEMPTS: u32 = 6;

/// What is on record about patients.
#[derive(Clone, Debug)]
pub struct Records {
    /// The records.
    pub store: RecordStore,
    /// What hangs on them: the bucket of private files.
    pub files: Bucket,
    /// Whom they are about.
    pub patients: Patients,
    /// The trail.
    pub audit: Audit,
    /// The time.
    pub clock: Clock,
    /// Where the days are those of the pharmacy.
    pub zone: Zone,
}

/// A change of a record: another text of it, another comment, or both.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RecordChange {
    /// The merge patch of what it says.
    pub details: Map<String, Value>,
    /// What becomes of the comment.
    pub comment: Change<String>,
}

impl RecordChange {
    /// Takes a body apart: `comment`, and the rest.
    ///
    /// # Errors
    /// 400: it is no object, or the comment is no text of at most 1,000 characters.
    pub fn read(body: Value) -> Result<Self> {
        let Value::Object(mut details) = body else {
            return Err(vec![Invalid::new("wrong_type", wording::field::an_object()).at("")].into());
        };
        let comment = match details.remove("comment") {
            None => Change::Keep,
            Some(Value::Null) => Change::Clear,
            Some(Value::String(comment)) => {
                Change::Set(text::paragraph(&comment, 1000).map_err(|wrong| Error::from(vec![wrong.at("comment")]))?)
            }
            Some(_) => return Err(vec![Invalid::new("wrong_type", wording::field::a_text()).at("comment")].into()),
        };
        if details.is_empty() && comment == Change::Keep {
            return Err(vec![Invalid::new("required", wording::field::something()).at("")].into());
        }
        Ok(Self { details, comment })
    }
}

impl Records {
    pub(super) fn moment(&self) -> Result<Moment> {
        let now = self.clock.now();
        Ok(Moment { now, today: self.zone.day(now)? })
    }

    /// Records of a kind, the newest first; the position to go on from where there are more.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn list(
        &self,
        sight: &Sight,
        kind: Kind,
        after: Option<RecordId>,
        limit: u16,
    ) -> Result<(Vec<RecordView>, Option<RecordId>)> {
        let batch = self.store.batch(sight.patient, kind, after, i32::from(limit)).await?;
        let last = batch.records.last().map(|record| record.id).filter(|_| batch.more);
        let mut views = Vec::with_capacity(batch.records.len());
        for record in batch.records {
            views.push(self.view(record).await?);
        }
        Ok((views, last))
    }

    /// All versions of a record, the newest first, also of one that was taken away.
    ///
    /// # Errors
    /// 404; DynamoDB does not answer.
    pub async fn versions(&self, sight: &Sight, kind: Kind, id: RecordId) -> Result<Vec<RecordView>> {
        let versions = self.store.versions(sight.patient, id).await?;
        if versions.first().is_none_or(|record| record.kind() != kind) {
            return Err(Error::not_found());
        }
        Ok(versions.into_iter().map(RecordView::of).collect())
    }

    /// Adds a record.
    ///
    /// # Errors
    /// 400; 403 `read_only`; 409 `patient_closed` as a field error; 422 `implausible_value`; DynamoDB does not answer.
    pub async fn add(&self, actor: &Actor, sight: &Sight, kind: Kind, body: Value) -> Result<RecordView> {
        let author = sight.author()?;
        let moment = self.moment()?;
        let details = input::read(kind, body, moment).map_err(input::refusal)?;
        let record = Record::new(RecordId::generate(moment.now), sight.patient, details, author, moment.now);
        self.create(actor, sight, &record).await?;
        Ok(RecordView::of(record))
    }

    pub(super) async fn create(&self, actor: &Actor, sight: &Sight, record: &Record) -> Result<()> {
        let mut writes = Vec::from(self.store.create(record)?);
        writes.push(self.trail(actor, Action::AddRecord, sight, record)?);
        // A patient with something on file is closed and not deleted.
        writes.extend(self.patients.keep(&sight.owner, Some(sight.patient))?);
        match transact(self.store.table.client(), writes).await? {
            Outcome::Done => Ok(()),
            Outcome::Refused(_) => {
                self.patients.chosen(&sight.owner, Some(sight.patient)).await?;
                Err(Error::busy())
            }
        }
    }

    /// Changes what a record says, or the owner's comment on it.
    ///
    /// # Errors
    /// 400; 403 `not_the_author` or `read_only`; 404; 412; 422 `implausible_value`; DynamoDB does not answer.
    pub async fn change(
        &self,
        actor: &Actor,
        sight: &Sight,
        (kind, id): (Kind, RecordId),
        precondition: &Precondition,
        change: &RecordChange,
    ) -> Result<RecordView> {
        let author = sight.author()?;
        let moment = self.moment()?;
        let changed = self
            .write(actor, sight, (kind, id), Action::ChangeRecord, precondition, |record| {
                let mut next = record.clone();
                if change.comment != Change::Keep {
                    let comment = change.comment.clone().apply(record.comment.clone());
                    next = next.commented(comment, &author, moment.now)?;
                }
                if !change.details.is_empty() {
                    let details =
                        input::patched(&record.details, change.details.clone(), moment).map_err(input::refusal)?;
                    next = next.changed(details, &author, moment.now)?;
                }
                // Both together are one version.
                next.version = record.version + 1;
                Ok(next)
            })
            .await?;
        self.view(changed).await
    }

    /// Takes a record away; it stays readable among its versions.
    ///
    /// # Errors
    /// 403 `not_the_author` or `read_only`; 404; 412; DynamoDB does not answer.
    pub async fn remove(
        &self,
        actor: &Actor,
        sight: &Sight,
        place: (Kind, RecordId),
        precondition: &Precondition,
    ) -> Result<()> {
        let author = sight.author()?;
        let now = self.clock.now();
        let gone = |record: &Record| record.removed(&author, now);
        self.write(actor, sight, place, Action::RemoveRecord, precondition, gone).await.map(|_| ())
    }

    pub(super) async fn write(
        &self,
        actor: &Actor,
        sight: &Sight,
        (kind, id): (Kind, RecordId),
        action: Action,
        precondition: &Precondition,
        change: impl Fn(&Record) -> Result<Record>,
    ) -> Result<Record> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let record = self.store.get(sight.patient, kind, id).await?.ok_or_else(Error::not_found)?;
            precondition.check(Some(record.version))?;
            let changed = change(&record)?;
            let mut writes = Vec::from(self.store.replace(&changed)?);
            writes.push(self.trail(actor, action, sight, &changed)?);
            if let Outcome::Done = transact(self.store.table.client(), writes).await? {
                return Ok(changed);
            }
        }
        Err(Error::busy())
    }

    fn trail(&self, actor: &Actor, action: Action, sight: &Sight, record: &Record) -> Result<Write> {
        let entry = Entry::allowed(actor, action, &sight.owner, record.id, self.clock.now());
        self.audit.action(&entry.detail(format!("{} of {}", record.kind(), sight.patient)))
    }

    /// Lets somebody read records of a patient of the caller's, from now on.
    ///
    /// # Errors
    /// 400 at `patient_id`; DynamoDB does not answer.
    pub async fn grant(
        &self,
        actor: &Actor,
        patient: Option<PatientId>,
        to: &UserId,
        new: NewGrant,
    ) -> Result<GrantView> {
        let patient = self.own_patient(&actor.user, patient).await?;
        let now = self.clock.now();
        let grant = Grant { patient, to: to.clone(), kinds: new.kinds, until: new.until, granted_at: now };
        let kinds: Vec<_> = grant.kinds.iter().map(|kind| kind.as_str()).collect();
        let entry = Entry::allowed(actor, Action::GrantRecords, &actor.user, patient, now);
        let entry = entry.detail(format!("to={to} kinds={} until={}", kinds.join(","), grant.until));
        transact(self.store.table.client(), vec![self.store.give(&grant)?, self.audit.action(&entry)?]).await?;
        Ok(grant.into())
    }

    /// Lets somebody read no more, from now on; done twice it is done once.
    ///
    /// # Errors
    /// 400 at `patient_id`; DynamoDB does not answer.
    pub async fn revoke(&self, actor: &Actor, patient: Option<PatientId>, to: &UserId) -> Result<()> {
        let patient = self.own_patient(&actor.user, patient).await?;
        let entry = Entry::allowed(actor, Action::RevokeRecords, &actor.user, patient, self.clock.now());
        let entry = self.audit.action(&entry.detail(format!("to={to}")))?;
        transact(self.store.table.client(), vec![self.store.take_back(patient, to)?, entry]).await?;
        Ok(())
    }

    /// Who may read records of a patient of the caller's.
    ///
    /// # Errors
    /// 400 at `patient_id`; DynamoDB does not answer.
    pub async fn grants(&self, owner: &UserId, patient: Option<PatientId>) -> Result<Vec<GrantView>> {
        let patient = self.own_patient(owner, patient).await?;
        let grants = self.store.grants(patient, self.clock.now()).await?;
        Ok(grants.into_iter().map(GrantView::from).collect())
    }

    async fn own_patient(&self, owner: &UserId, patient: Option<PatientId>) -> Result<PatientId> {
        Ok(self.patients.chosen(owner, patient).await?.unwrap_or_else(|| of_owner(owner)))
    }

    /// With links to its files.
    pub(super) async fn view(&self, record: Record) -> Result<RecordView> {
        let files = self.shown_files(&record).await?;
        Ok(RecordView::with_files(record, files))
    }
}
