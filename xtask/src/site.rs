//! `cargo xtask site`: the static site, ready to be copied to any web server or a sub-folder of one, or inside the program.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::page::Build;
use crate::{atomic, binary, page, serve, setup, sizes, weights};

/// `cargo xtask site`.
#[derive(Args)]
pub struct Site {
    /// The folder that becomes the site.
    #[arg(long, value_name = "DIR", required_unless_present = "binary")]
    out: Option<PathBuf>,
    /// The file that becomes the program convscope with the page in it, for `convscope open`.
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
    /// Replace the folder if it is not empty.
    #[arg(long)]
    force: bool,
}

impl Site {
    /// Sets up, builds, optimises, and puts the site in place as a whole.
    ///
    /// # Errors
    /// When the folder is not empty and `--force` is not given, or a step fails; the folder is then as it was.
    pub fn run(&self) -> Result<()> {
        let place = |path: &PathBuf| std::path::absolute(path).context("the folder that was named has no place");
        let (out, binary) = (self.out.as_ref().map(place).transpose()?, self.binary.as_ref().map(place).transpose()?);
        out.iter().try_for_each(|out| self.check(out))?;
        setup::for_page()?;
        serve::or_embedded(weights::all());
        let dist = page::build(Build::Site)?;
        if let Some(out) = &out {
            atomic::folder(out, |part| {
                atomic::copy_tree(&dist, part)?;
                // What `--out` held may have changed during the build.
                self.check(out)
            })?;
            sizes::print(out)?;
            println!("The site is in {}", out.display());
        }
        binary.iter().try_for_each(|binary| with_page(&dist, binary))
    }

    fn check(&self, out: &Path) -> Result<()> {
        if out.is_file() {
            bail!("{} is a file: name a folder with --out", out.display());
        }
        let filled = fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_some());
        if filled && !self.force {
            bail!("{} is not empty: name another folder, or replace it with --force", out.display());
        }
        if filled && !out.join("weights/index.json").is_file() {
            bail!("{} is not empty and no earlier site, so that not even --force replaces it", out.display());
        }
        Ok(())
    }
}

/// Builds the program, and puts the page into it.
fn with_page(dist: &Path, binary: &Path) -> Result<()> {
    binary::build(dist, binary)?;
    let bytes = fs::metadata(binary).map_or(0, |found| found.len());
    println!(
        "The program with the page is {} ({:.0} MB): {} open",
        binary.display(),
        bytes as f64 / 1e6,
        binary.display()
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filled_folder_is_replaced_by_force_and_only_if_it_is_a_site() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let site = |force| Site { out: Some(dir.path().to_path_buf()), binary: None, force };
        assert!(site(false).check(dir.path()).is_ok());
        fs::write(dir.path().join("mine.txt"), "mine").expect("written");
        assert!(site(false).check(dir.path()).is_err());
        assert!(site(true).check(dir.path()).is_err());
        assert!(site(true).check(&dir.path().join("mine.txt")).is_err());
        fs::create_dir(dir.path().join("weights")).expect("created");
        fs::write(dir.path().join("weights/index.json"), "{}").expect("written");
        assert!(site(false).check(dir.path()).is_err());
        assert!(site(true).check(dir.path()).is_ok());
    }
}
