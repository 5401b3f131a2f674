//! Convscope's page.
//!
//! Four programs are built from this crate. `app` is the page itself: it holds no tensors, draws, and speaks
//! [`convscope_core::protocol`] through a [`worker_client::WorkerClient`]. `worker` owns the device, the network and the weights
//! ([`worker::serve`]) and computes on the CPU; `gpu` is the same with what GPUs need, four times as large, and comes when there is a real one
//! or a person asks for it. `importer` reads files of other frameworks ([`importer::serve`]) and is loaded only then. What the page knows is one `convscope_page::State`, changed by one pure function; [`app::App`] carries out
//! the effects which that function asks for, and [`components`] draw it.
//!
//! Every address is relative to the page, so that any folder of any static host will do.

#[cfg(any(feature = "page", feature = "worker"))]
mod adapter;
#[cfg(feature = "page")]
pub mod address;
#[cfg(feature = "page")]
pub mod app;
#[cfg(feature = "page")]
mod asked;
#[cfg(feature = "page")]
pub mod blink;
pub mod browser;
pub mod cache;
#[cfg(feature = "page")]
pub mod canvas;
#[cfg(feature = "page")]
mod card_words;
#[cfg(feature = "page")]
mod chart;
#[cfg(feature = "page")]
pub mod components;
#[cfg(feature = "worker")]
pub mod constructors;
#[cfg(any(feature = "worker", feature = "importer"))]
mod crash;
#[cfg(feature = "page")]
pub mod dispatch;
#[cfg(feature = "page")]
mod embed;
#[cfg(feature = "page")]
mod events;
pub mod fetch;
#[cfg(feature = "page")]
pub mod files;
#[cfg(feature = "page")]
pub mod findings;
#[cfg(feature = "page")]
mod get;
#[cfg(feature = "importer")]
pub mod importer;
#[cfg(feature = "page")]
pub mod importer_client;
#[cfg(any(feature = "page", feature = "worker"))]
pub mod lock;
#[cfg(feature = "page")]
pub mod offline;
#[cfg(feature = "page")]
pub mod optima;
#[cfg(feature = "page")]
pub mod own_images;
pub mod own_models;
#[cfg(feature = "page")]
pub mod panes;
#[cfg(feature = "page")]
pub mod readback;
#[cfg(feature = "page")]
pub mod recording;
#[cfg(feature = "page")]
pub mod save;
#[cfg(feature = "page")]
mod script_address;
#[cfg(feature = "page")]
pub mod shortcuts;
#[cfg(feature = "page")]
mod standby;
pub mod wire;
#[cfg(feature = "page")]
pub mod words;
#[cfg(feature = "worker")]
pub mod worker;
#[cfg(feature = "page")]
pub mod worker_client;
