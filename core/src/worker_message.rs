//! Everything that a worker says to its page.

use serde::{Deserialize, Serialize};

use crate::protocol::{Event, Ticket};

/// A message of the worker's: events, and what is to be known about the worker itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum WorkerMessage {
    /// A part of the worker's own program has come. Its loader says so, before there is a program to encode anything.
    Program {
        /// Bytes so far.
        done: u64,
        /// Bytes in all.
        total: u64,
    },
    /// The worker listens from now on: a module worker that is still starting would lose a message.
    Listening,
    /// A sign of life, every second while the worker is at work, unless a part of a layer keeps it from that for longer.
    Pulse,
    /// An answer to the command of that ticket.
    Event(Ticket, Box<Event>),
    /// The last words of a worker that has died.
    Crashed(String),
    /// The last words of a worker whose GPU has been lost, with the reason.
    Lost(String),
    /// The worker has ended without a last word. The page finds out by itself.
    Gone,
}
