//! Convscope's page.
//!
//! Two programs are built from this crate. `app` is the page itself: it holds no tensors, draws, and speaks
//! [`convscope::protocol`] through a [`worker_client::WorkerClient`]. `worker` owns the device, the network and the weights
//! ([`worker::serve`]). What the page knows is one [`state::State`], changed by one pure function; [`app::App`] carries out
//! the effects which that function asks for, and [`components`] draw it.
//!
//! Every address is relative to the page, so that any folder of any static host will do.

pub mod address;
pub mod app;
pub mod browser;
pub mod canvas;
pub mod components;
#[cfg(feature = "worker")]
pub mod constructors;
pub mod fetch;
pub mod keep;
pub mod offline;
pub mod readback;
pub mod save;
pub mod state;
pub mod wire;
pub mod words;
#[cfg(feature = "worker")]
pub mod worker;
pub mod worker_client;
