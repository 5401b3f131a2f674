//! The page becomes a part of the program: the zip archive that `$CONVSCOPE_PAGE` names, of `cargo xtask site --binary`. Without it the
//! program is as cargo builds it, with no page.

use std::path::PathBuf;

const PAGE: &str = "CONVSCOPE_PAGE";

fn main() {
    println!("cargo::rerun-if-env-changed={PAGE}");
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo names a folder")).join("page.zip");
    let page = match std::env::var_os(PAGE) {
        Some(page) => {
            let page = PathBuf::from(page);
            println!("cargo::rerun-if-changed={}", page.display());
            std::fs::read(&page)
                .unwrap_or_else(|error| panic!("${PAGE} names {}, which cannot be read: {error}", page.display()))
        }
        None => vec![],
    };
    std::fs::write(&out, page).unwrap_or_else(|error| panic!("cannot write {}: {error}", out.display()));
}
