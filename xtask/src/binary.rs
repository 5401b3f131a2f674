//! The program with the page in it: the site as a zip archive, which the command line's build script takes in as data.

use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::{atomic, native, paths};

/// Models are not packed: the program has one of its own, and serves those that are given to it.
const MODELS: &str = "weights";

/// `cargo xtask binary`: the page is built once, and put into the programs of several systems.
#[derive(Args)]
pub struct Binary {
    /// The folder of a site that `cargo xtask site --out` made.
    #[arg(long, value_name = "DIR")]
    site: PathBuf,
    /// The file that becomes the program convscope with the page in it.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl Binary {
    /// Builds the program with the page in it.
    ///
    /// # Errors
    /// Those of [`build`].
    pub fn run(&self) -> Result<()> {
        build(&self.site, &self.out)?;
        println!("The program with the page is {}", self.out.display());
        Ok(())
    }
}

/// Builds the program with the page in `site`, and puts it to `out`.
///
/// # Errors
/// When the folder is no site, the program cannot be built, or a file cannot be read or written; `out` is then as it was.
pub fn build(site: &Path, out: &Path) -> Result<()> {
    if !site.join("index.html").is_file() {
        bail!("{} holds no index.html: make the site with cargo xtask site --out DIR", site.display());
    }
    let page = paths::target().join("page.zip");
    atomic::write(&page, &archive(site)?)?;
    let program = native::with_page(&page)?;
    let bytes = fs::read(&program).with_context(|| format!("cannot read {}", program.display()))?;
    atomic::write(out, &bytes)?;
    let runnable = fs::metadata(&program).and_then(|found| fs::set_permissions(out, found.permissions()));
    runnable.with_context(|| format!("cannot make {} a program", out.display()))
}

/// The page in `site` as an archive, always the same of the same page.
fn archive(site: &Path) -> Result<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(vec![]));
    let deflate = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for path in files(site, Path::new(""))? {
        let content = fs::read(site.join(&path)).with_context(|| format!("cannot read {}", path.display()))?;
        let name: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
        archive.start_file(name.join("/"), deflate)?;
        archive.write_all(&content)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// The site's files below `folder`, in a fixed order, so that the same page makes the same program.
fn files(site: &Path, folder: &Path) -> Result<Vec<PathBuf>> {
    let place = site.join(folder);
    let entries = fs::read_dir(&place).with_context(|| format!("cannot read {}", place.display()))?;
    let mut names = entries.map(|entry| Ok(folder.join(entry?.file_name()))).collect::<Result<Vec<_>>>()?;
    names.retain(|name| name != Path::new(MODELS));
    names.sort();
    let mut found = vec![];
    for name in names {
        if site.join(&name).is_dir() {
            found.extend(files(site, &name)?);
        } else {
            found.push(name);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn a_folder_that_is_no_site_is_refused() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let out = dir.path().join("demo");
        let error = Binary { site: dir.path().to_path_buf(), out: out.clone() }.run().expect_err("no page").to_string();
        assert!(error.contains("index.html") && !out.exists(), "{error}");
    }

    #[test]
    fn the_archive_holds_the_page_without_its_models() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let site = dir.path().join("site");
        fs::create_dir_all(site.join("weights/small")).expect("created");
        fs::create_dir_all(site.join("examples")).expect("created");
        for name in ["index.html", "weights/small/model.json", "examples/cat.jpg"] {
            fs::write(site.join(name), name.repeat(100)).expect("written");
        }
        let bytes = archive(&site).expect("packed");
        let mut packed = zip::ZipArchive::new(Cursor::new(&bytes)).expect("an archive");
        let mut names: Vec<String> = packed.file_names().map(str::to_owned).collect();
        names.sort();
        assert_eq!(names, ["examples/cat.jpg", "index.html"]);
        let mut page = String::new();
        packed.by_name("index.html").expect("the page").read_to_string(&mut page).expect("read");
        assert_eq!(page, "index.html".repeat(100));
        assert_eq!(archive(&site).expect("packed"), bytes, "always the same");
    }
}
