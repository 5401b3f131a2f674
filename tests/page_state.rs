//! The page's state, tested natively: it needs no browser, and the page's own crate is built for wasm only.

#[allow(dead_code, unreachable_pub, unused_imports)]
#[path = "../web/src/state/mod.rs"]
mod state;
