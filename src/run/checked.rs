//! Requests that are checked, and carried out.

use super::{Listener, Run, Subject};
use crate::card::Card;
use crate::error::{Error, Result};
use crate::methods::Explain;
use crate::request::{Checked, Request};

/// The request in the form in which a method gets it.
///
/// # Errors
/// [`Error::Request`] where it does not fit the method, or the method does not fit the model.
pub(super) fn checked(card: &Card, subject: Subject<'_>, request: &Request) -> Result<Checked> {
    card.applies(subject.model.offer()).map_err(Error::Request)?;
    request.check(card)
}

/// Carries out a request that fits its method's card.
pub(super) async fn run_checked(
    method: &dyn Explain,
    subject: Subject<'_>,
    request: &Checked,
    listener: &dyn Listener,
) -> Result<()> {
    carry_out(method, Run { subject, card: method.card(), request, listener, maps: None }).await
}

/// Carries out a run that is prepared.
pub(super) async fn carry_out(method: &dyn Explain, run: Run<'_>) -> Result<()> {
    if run.card.asks.image {
        run.observation()?;
    }
    method.run(run).await
}
