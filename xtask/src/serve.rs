//! `cargo xtask serve`: from a fresh checkout to the page in a browser.

use anyhow::{Error, Result};
use clap::Args;
use convscope_server::{Folder, Policy, address, browse, listen, serve};

use crate::page::Build;
use crate::{page, setup, weights};

/// `cargo xtask serve`.
#[derive(Args)]
pub struct Serve {
    /// The port on 127.0.0.1.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Do not open a browser.
    #[arg(long)]
    no_open: bool,
}

impl Serve {
    /// Sets up, builds and serves until interrupted.
    ///
    /// # Errors
    /// When the port is taken or a step of the set-up fails.
    pub fn run(&self) -> Result<()> {
        // Asked before the long set-up, and again after it.
        drop(listen(self.port).map_err(Error::msg)?);
        setup::for_page()?;
        or_embedded(weights::all());
        let dist = page::build(Build::Fresh)?;
        let listener = listen(self.port).map_err(Error::msg)?;
        let address = address(&listener)?;
        println!("{address}");
        if !self.no_open && browse(&address).is_err() {
            println!("No browser could be opened; open {address} in one.");
        }
        serve(listener, Folder(dist), Policy::default()).map_err(Error::msg)
    }
}

/// Says that there are no weights to be had, and goes on: the page has a model of its own.
pub fn or_embedded(weights: Result<()>) {
    if let Err(error) = weights {
        println!("Going on with the models at hand: {error:#}");
    }
}
