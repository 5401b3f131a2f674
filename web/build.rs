//! Lets the worker run its constructors itself; see `src/constructors.rs`.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm") {
        // wasm-ld wraps every export in a call of all constructors, unless the program sees to them.
        println!("cargo::rustc-link-arg-bins=--export=__wasm_call_ctors");
    }
}
