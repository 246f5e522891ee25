//! The door to DynamoDB: keys, items, and one place that says what a failure means.

use std::collections::HashMap;
use std::time::Duration;

pub use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::error::ConditionalCheckFailedException;
use aws_sdk_dynamodb::types::{
    AttributeValue, CancellationReason, ConditionCheck, Delete, KeysAndAttributes, Put, PutRequest, ReturnValue,
    ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update, WriteRequest,
};
use futures_util::future::try_join_all;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::clock::Timestamp;
use super::crypto;
use super::error::{Error, Result};

/// A write of a transaction, or a condition that it holds an item to.
pub type Write = TransactWriteItem;

/// An item as DynamoDB has it.
pub type Item = HashMap<String, AttributeValue>;

/// The primary key of an item; every table has `pk` and `sk`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// The partition.
    pub pk: String,
    /// The place in the partition.
    pub sk: String,
}

impl Key {
    /// From its two parts.
    pub fn new(pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self { pk: pk.into(), sk: sk.into() }
    }

    /// As a request carries it.
    pub fn attributes(&self) -> Item {
        HashMap::from([("pk".to_owned(), s(&self.pk)), ("sk".to_owned(), s(&self.sk))])
    }

    /// The key of an item that was read.
    pub fn of(item: &Item) -> Option<Self> {
        let part = |name: &str| item.get(name)?.as_s().ok().cloned();
        Some(Self { pk: part("pk")?, sk: part("sk")? })
    }
}

/// A string attribute.
pub fn s(value: impl ToString) -> AttributeValue {
    AttributeValue::S(value.to_string())
}

/// A number attribute.
pub fn n(value: impl Into<i64>) -> AttributeValue {
    AttributeValue::N(value.into().to_string())
}

/// Any serializable value as an attribute.
///
/// # Errors
/// What DynamoDB cannot hold.
pub fn value(value: impl Serialize) -> Result<AttributeValue> {
    serde_dynamo::to_attribute_value(value).map_err(Error::internal)
}

/// `record` as an item under `key`.
///
/// # Errors
/// What DynamoDB cannot hold.
pub fn to_item(key: &Key, record: impl Serialize) -> Result<Item> {
    let mut item: Item = serde_dynamo::to_item(record).map_err(Error::internal)?;
    item.extend(key.attributes());
    Ok(item)
}

/// An item as a record.
///
/// # Errors
/// An item of another shape: the table and the code disagree.
pub fn from_item<T: DeserializeOwned>(item: Item) -> Result<T> {
    serde_dynamo::from_item(item).map_err(Error::internal)
}

/// What a failed call means: throttling, time-outs and outages are passing, all else is a fault of ours.
pub fn failure<E, R>(error: SdkError<E, R>) -> Error
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    let passing = match &error {
        SdkError::TimeoutError(_) | SdkError::DispatchFailure(_) | SdkError::ResponseError(_) => true,
        SdkError::ServiceError(service) => matches!(
            service.err().code(),
            Some(
                "ProvisionedThroughputExceededException"
                    | "ThrottlingException"
                    | "RequestLimitExceeded"
                    | "InternalServerError"
                    | "InternalFailure"
                    | "ServiceUnavailable"
                    | "TransactionConflictException"
                    | "TransactionInProgressException"
            )
        ),
        _ => false,
    };
    if passing { Error::unavailable(error) } else { Error::internal(error) }
}

#[derive(Deserialize)]
struct Counter {
    counted: u32,
}

/// One table.
#[derive(Clone, Debug)]
pub struct Table {
    client: Client,
    name: String,
}

impl Table {
    /// The table `name`, reached through `client`.
    pub fn new(client: Client, name: impl Into<String>) -> Self {
        Self { client, name: name.into() }
    }

    /// The client, for calls that have no shorthand here.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Reads one item; a stale read is half the price and harmless wherever a condition guards the write.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn get(&self, key: &Key) -> Result<Option<Item>> {
        self.read(key, false).await
    }

    /// Reads one item as the last write left it.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn get_latest(&self, key: &Key) -> Result<Option<Item>> {
        self.read(key, true).await
    }

    async fn read(&self, key: &Key, consistent: bool) -> Result<Option<Item>> {
        let request = self.client.get_item().table_name(&self.name).set_key(Some(key.attributes()));
        let answer = request.consistent_read(consistent).send().await.map_err(failure)?;
        Ok(answer.item)
    }

    /// Reads items as the last writes left them, in any order; those that do not exist are absent. A hundred keys are one
    /// round trip.
    ///
    /// # Errors
    /// DynamoDB does not answer, or keeps leaving keys unprocessed.
    pub async fn get_many(&self, keys: &[Key]) -> Result<Vec<Item>> {
        let batches = keys.chunks(BATCH).map(|batch| self.get_batch(batch.iter().map(Key::attributes).collect()));
        Ok(try_join_all(batches).await?.into_iter().flatten().collect())
    }

    async fn get_batch(&self, mut wanted: Vec<Item>) -> Result<Vec<Item>> {
        let mut found = Vec::with_capacity(wanted.len());
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let keys = KeysAndAttributes::builder().set_keys(Some(wanted)).consistent_read(true).build();
            let request = self.client.batch_get_item().request_items(&self.name, keys.map_err(Error::internal)?);
            let answer = request.send().await.map_err(failure)?;
            found.extend(answer.responses.unwrap_or_default().remove(&self.name).unwrap_or_default());
            let left = answer.unprocessed_keys.unwrap_or_default().remove(&self.name);
            match left.map(|rest| rest.keys).filter(|keys| !keys.is_empty()) {
                Some(keys) => wanted = keys,
                None => return Ok(found),
            }
        }
        Err(Error::busy())
    }

    /// Puts these items, whatever is there; twenty-five are one round trip. Killed in the middle some are there and some are
    /// not.
    ///
    /// # Errors
    /// DynamoDB does not answer, or keeps leaving items unprocessed.
    pub async fn put_all(&self, items: Vec<Item>) -> Result<()> {
        for some in items.chunks(PUTS) {
            let put = |item: &Item| -> Result<WriteRequest> {
                let put = PutRequest::builder().set_item(Some(item.clone())).build().map_err(Error::internal)?;
                Ok(WriteRequest::builder().put_request(put).build())
            };
            let mut wanted = some.iter().map(put).collect::<Result<Vec<_>>>()?;
            let mut attempt = 0;
            while !wanted.is_empty() {
                if attempt == ATTEMPTS {
                    return Err(Error::busy());
                }
                back_off(attempt).await;
                let answer = self.client.batch_write_item().request_items(&self.name, wanted).send().await;
                let mut left = answer.map_err(failure)?.unprocessed_items.unwrap_or_default();
                wanted = left.remove(&self.name).unwrap_or_default();
                attempt += 1;
            }
        }
        Ok(())
    }

    /// Adds `by` to the counter at `key`, unless that makes it more than `most`: how high it stands then, or nothing. The
    /// counter is forgotten at `until`. Tried again after a time-out it may count twice.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn count(&self, key: &Key, by: u32, most: u32, until: Timestamp) -> Result<Option<u32>> {
        let Some(room) = most.checked_sub(by) else { return Ok(None) };
        let sent = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(key.attributes()))
            .update_expression("ADD counted :by SET expires_at = :until")
            .condition_expression("attribute_not_exists(counted) OR counted <= :room")
            .expression_attribute_values(":by", n(by))
            .expression_attribute_values(":room", n(room))
            .expression_attribute_values(":until", n(until.seconds()))
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await;
        let answer = match sent {
            Ok(answer) => answer,
            Err(error) if error.as_service_error().and_then(FailedCondition::failed_condition).is_some() => {
                return Ok(None);
            }
            Err(error) => return Err(failure(error)),
        };
        let counter: Counter = from_item(answer.attributes.unwrap_or_default())?;
        Ok(Some(counter.counted))
    }

    /// A write of a transaction that puts `item` where nothing is yet.
    ///
    /// # Errors
    /// None in practice: the builder is complete.
    pub fn create(&self, item: Item) -> Result<Write> {
        let put = Put::builder()
            .table_name(&self.name)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(pk)")
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        Ok(TransactWriteItem::builder().put(put.build().map_err(Error::internal)?).build())
    }

    /// A write of a transaction that puts `item` in place of what is there, under `condition`.
    ///
    /// # Errors
    /// None in practice: the builder is complete.
    pub fn replace(&self, item: Item, condition: Expression) -> Result<Write> {
        let put = Put::builder()
            .table_name(&self.name)
            .set_item(Some(item))
            .condition_expression(condition.text)
            .set_expression_attribute_names(some(condition.names))
            .set_expression_attribute_values(some(condition.values))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        Ok(TransactWriteItem::builder().put(put.build().map_err(Error::internal)?).build())
    }

    /// A write of a transaction that changes the item at `key` by `update`, under `condition`.
    ///
    /// # Errors
    /// None in practice: the builder is complete.
    pub fn update(&self, key: &Key, update: &str, condition: Expression) -> Result<Write> {
        let update = Update::builder()
            .table_name(&self.name)
            .set_key(Some(key.attributes()))
            .update_expression(update)
            .condition_expression(condition.text)
            .set_expression_attribute_names(some(condition.names))
            .set_expression_attribute_values(some(condition.values))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        Ok(TransactWriteItem::builder().update(update.build().map_err(Error::internal)?).build())
    }

    /// A part of a transaction that changes nothing and holds it to `condition`.
    ///
    /// # Errors
    /// None in practice: the builder is complete.
    pub fn check(&self, key: &Key, condition: Expression) -> Result<Write> {
        let check = ConditionCheck::builder()
            .table_name(&self.name)
            .set_key(Some(key.attributes()))
            .condition_expression(condition.text)
            .set_expression_attribute_names(some(condition.names))
            .set_expression_attribute_values(some(condition.values))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        Ok(TransactWriteItem::builder().condition_check(check.build().map_err(Error::internal)?).build())
    }

    /// A write of a transaction that deletes the item at `key`, under `condition`.
    ///
    /// # Errors
    /// None in practice: the builder is complete.
    pub fn delete(&self, key: &Key, condition: Expression) -> Result<Write> {
        let delete = Delete::builder()
            .table_name(&self.name)
            .set_key(Some(key.attributes()))
            .condition_expression(condition.text)
            .set_expression_attribute_names(some(condition.names))
            .set_expression_attribute_values(some(condition.values));
        Ok(TransactWriteItem::builder().delete(delete.build().map_err(Error::internal)?).build())
    }
}

fn some<K, V>(map: HashMap<K, V>) -> Option<HashMap<K, V>> {
    (!map.is_empty()).then_some(map)
}

/// A condition with its names and values; an update expression may use them too.
#[derive(Clone, Debug, Default)]
pub struct Expression {
    text: String,
    names: HashMap<String, String>,
    values: HashMap<String, AttributeValue>,
}

impl Expression {
    /// A condition such as `#version = :version`.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// With what a `#name` stands for.
    #[must_use]
    pub fn name(mut self, name: &str, attribute: &str) -> Self {
        self.names.insert(name.to_owned(), attribute.to_owned());
        self
    }

    /// With what a `:value` stands for.
    #[must_use]
    pub fn value(mut self, name: &str, value: AttributeValue) -> Self {
        self.values.insert(name.to_owned(), value);
        self
    }
}

/// How a transaction ended.
#[derive(Debug)]
pub enum Outcome {
    /// All of it is written.
    Done,
    /// None of it is: the conditions of these actions did not hold.
    Refused(Vec<Refusal>),
}

/// An action of a transaction whose condition did not hold.
#[derive(Debug)]
pub struct Refusal {
    /// Which action, counted from zero.
    pub index: usize,
    /// The item as it stands, if there is one.
    pub current: Option<Item>,
}

const ATTEMPTS: u32 = 5;
/// How many keys BatchGetItem takes.
const BATCH: usize = 100;
/// How many items BatchWriteItem takes.
const PUTS: usize = 25;

/// Writes all of `actions` or none.
///
/// A conflict with another transaction is tried again a few times. The SDK sends each call under one client token, so a
/// time-out after the commit, tried again, does not write twice.
///
/// # Errors
/// DynamoDB does not answer, or the conflicts do not end.
pub async fn transact(client: &Client, actions: Vec<Write>) -> Result<Outcome> {
    transact_within(client, actions, ATTEMPTS).await
}

/// The same for what many may want at once: a conflict with another transaction is tried again until it was tried so often.
///
/// # Errors
/// DynamoDB does not answer, or the conflicts do not end.
pub async fn transact_within(client: &Client, actions: Vec<Write>, attempts: u32) -> Result<Outcome> {
    for attempt in 0..attempts {
        back_off(attempt).await;
        let sent = client.transact_write_items().set_transact_items(Some(actions.clone())).send().await;
        let Err(error) = sent else { return Ok(Outcome::Done) };
        let reasons = match error.as_service_error() {
            Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => cancelled.cancellation_reasons(),
            _ => return Err(failure(error)),
        };
        // A conflict first: whoever we collided with may have made the other conditions fail, or is about to.
        if reasons.iter().any(|reason| is_passing(reason.code())) {
            continue;
        }
        let refusals = refusals(reasons);
        if refusals.is_empty() {
            return Err(Error::internal(error));
        }
        return Ok(Outcome::Refused(refusals));
    }
    Err(Error::busy())
}

/// Writes one action by itself: at half the price of a transaction, and rivals queue up where transactions conflict.
///
/// Tried again after a time-out it may meet its own first write, so it is for writes that this does not harm.
///
/// # Errors
/// DynamoDB does not answer.
pub async fn write(client: &Client, action: TransactWriteItem) -> Result<Outcome> {
    if let Some(put) = action.put {
        let call = client
            .put_item()
            .table_name(put.table_name)
            .set_item(Some(put.item))
            .set_condition_expression(put.condition_expression)
            .set_expression_attribute_names(put.expression_attribute_names)
            .set_expression_attribute_values(put.expression_attribute_values)
            .set_return_values_on_condition_check_failure(put.return_values_on_condition_check_failure);
        outcome(call.send().await)
    } else if let Some(update) = action.update {
        let call = client
            .update_item()
            .table_name(update.table_name)
            .set_key(Some(update.key))
            .update_expression(update.update_expression)
            .set_condition_expression(update.condition_expression)
            .set_expression_attribute_names(update.expression_attribute_names)
            .set_expression_attribute_values(update.expression_attribute_values)
            .set_return_values_on_condition_check_failure(update.return_values_on_condition_check_failure);
        outcome(call.send().await)
    } else if let Some(delete) = action.delete {
        let call = client
            .delete_item()
            .table_name(delete.table_name)
            .set_key(Some(delete.key))
            .set_condition_expression(delete.condition_expression)
            .set_expression_attribute_names(delete.expression_attribute_names)
            .set_expression_attribute_values(delete.expression_attribute_values)
            .set_return_values_on_condition_check_failure(delete.return_values_on_condition_check_failure);
        outcome(call.send().await)
    } else {
        Err(Error::internal("an action that writes nothing"))
    }
}

/// How an update ended that brings the item back.
#[derive(Debug)]
pub enum Updated {
    /// It is written; the item as it is now.
    Done(Item),
    /// Its condition did not hold; the item as it stands, if there is one.
    Refused(Option<Item>),
}

/// Writes one update by itself, as [`write`] does, and brings back what it made of the item.
///
/// # Errors
/// DynamoDB does not answer.
pub async fn update_returning(client: &Client, action: TransactWriteItem) -> Result<Updated> {
    let update = action.update.ok_or_else(|| Error::internal("an action that updates nothing"))?;
    let call = client
        .update_item()
        .table_name(update.table_name)
        .set_key(Some(update.key))
        .update_expression(update.update_expression)
        .set_condition_expression(update.condition_expression)
        .set_expression_attribute_names(update.expression_attribute_names)
        .set_expression_attribute_values(update.expression_attribute_values)
        .set_return_values_on_condition_check_failure(update.return_values_on_condition_check_failure)
        .return_values(ReturnValue::AllNew);
    match call.send().await {
        Ok(answer) => Ok(Updated::Done(answer.attributes.unwrap_or_default())),
        Err(error) => match outcome(Err::<(), _>(error))? {
            Outcome::Refused(refusals) => Ok(Updated::Refused(refusals.into_iter().find_map(|one| one.current))),
            Outcome::Done => Err(Error::internal("a failure that is none")),
        },
    }
}

/// The item that a failed condition brought back, for each sort of write.
trait FailedCondition {
    /// `None` where it failed for another reason.
    fn failed_condition(&self) -> Option<&ConditionalCheckFailedException>;
}

macro_rules! failed_condition {
    ($($error:ident),*) => {$(
        impl FailedCondition for $error {
            fn failed_condition(&self) -> Option<&ConditionalCheckFailedException> {
                match self {
                    Self::ConditionalCheckFailedException(failed) => Some(failed),
                    _ => None,
                }
            }
        }
    )*};
}

failed_condition!(PutItemError, UpdateItemError, DeleteItemError);

fn outcome<T, E, R>(sent: Result<T, SdkError<E, R>>) -> Result<Outcome>
where
    E: FailedCondition + ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    let Err(error) = sent else { return Ok(Outcome::Done) };
    match error.as_service_error().and_then(FailedCondition::failed_condition) {
        Some(failed) => Ok(Outcome::Refused(vec![Refusal { index: 0, current: failed.item().cloned() }])),
        None => Err(failure(error)),
    }
}

fn refusals(reasons: &[CancellationReason]) -> Vec<Refusal> {
    let failed = |reason: &CancellationReason| reason.code() == Some("ConditionalCheckFailed");
    reasons
        .iter()
        .enumerate()
        .filter(|(_, reason)| failed(reason))
        .map(|(index, reason)| Refusal { index, current: reason.item.clone() })
        .collect()
}

fn is_passing(code: Option<&str>) -> bool {
    matches!(code, Some("TransactionConflict" | "ThrottlingError" | "ProvisionedThroughputExceeded"))
}

/// Waits before another try: nothing before the first, then up to 20, 40, 80, … ms, at random so that rivals part.
pub async fn back_off(attempt: u32) {
    if attempt > 0 {
        let [chance] = crypto::random::<1>();
        let most = 20_u64 << attempt.min(5);
        tokio::time::sleep(Duration::from_millis(most * (u64::from(chance) + 64) / 320)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_failed_conditions_are_refusals() {
        let reason = |code: &str| CancellationReason::builder().code(code).build();
        let reasons = [reason("None"), reason("TransactionConflict"), reason("ConditionalCheckFailed")];
        let refused: Vec<_> = refusals(&reasons).into_iter().map(|refusal| refusal.index).collect();
        assert_eq!(refused, [2]);
    }

    #[test]
    fn a_key_reads_what_it_wrote() {
        let key = Key::new("ORDER#1", "ORDER");
        assert_eq!(Key::of(&key.attributes()), Some(key));
    }
}
