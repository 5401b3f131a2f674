//! Sizes of what a visitor downloads: every file of a site, raw and as servers compress it.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::page::EMBEDDED;
use crate::seal::{IMPORTER, later};

/// Bytes of the importer at most, as brotli packs it.
const MOST_IMPORTER: u64 = 1_500_000;

/// Bytes of one file or of many.
#[derive(Clone, Copy, Default)]
struct Size {
    raw: u64,
    gzip: u64,
    brotli: u64,
}

impl Size {
    fn and(self, other: Self) -> Self {
        Self { raw: self.raw + other.raw, gzip: self.gzip + other.gzip, brotli: self.brotli + other.brotli }
    }
}

/// Counts what is written to it and keeps nothing.
#[derive(Default)]
struct Count(u64);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Prints the size of each file of the page, of each model, and of all.
///
/// # Errors
/// When a file cannot be read.
pub fn print(site: &Path) -> Result<()> {
    let [mut page, mut gpu, mut importer] = [Size::default(); 3];
    println!("{:>12} {:>12} {:>12}  file (gzip -9, brotli -q 11)", "raw", "gzip", "brotli");
    for path in files(site)? {
        let name = path.strip_prefix(site).unwrap_or(&path);
        // Quantized weights hardly shrink and come in many shards; their sizes are in weights/index.json.
        if name.starts_with("weights") {
            continue;
        }
        let size = measure(&path)?;
        line(size, &name.display().to_string());
        let of = match later(&name.to_string_lossy()) {
            Some(IMPORTER) => &mut importer,
            Some(_) => &mut gpu,
            None => &mut page,
        };
        *of = of.and(size);
    }
    line(gpu, "the program for GPUs, which is loaded where there is one, after the first result");
    line(importer, "the importer, which is loaded when somebody adds a model");
    ensure!(importer.brotli <= MOST_IMPORTER, "the importer has more than {MOST_IMPORTER} bytes as brotli packs it");
    line(page, "the page without weights");
    let embedded = files(&site.join("weights").join(EMBEDDED)).unwrap_or_default();
    let embedded = embedded
        .iter()
        .map(|path| measure(path))
        .try_fold(Size::default(), |sum, size| size.map(|size| sum.and(size)))?;
    line(page.and(embedded), "what a first visitor loads: the page with its embedded model");
    let mut total = page.raw + gpu.raw + importer.raw;
    for model in fs::read_dir(site.join("weights")).into_iter().flatten().flatten() {
        let sizes = files(&model.path())?.into_iter().filter_map(|file| fs::metadata(file).ok());
        let bytes: u64 = sizes.map(|meta| meta.len()).sum();
        println!("{bytes:>12} {:>12} {:>12}  weights/{}", "", "", model.file_name().display());
        total += bytes;
    }
    println!("{total:>12} {:>12} {:>12}  everything", "", "");
    Ok(())
}

fn line(size: Size, name: &str) {
    println!("{:>12} {:>12} {:>12}  {name}", size.raw, size.gzip, size.brotli);
}

fn measure(path: &Path) -> Result<Size> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut gzip = GzEncoder::new(Count::default(), Compression::best());
    gzip.write_all(&bytes)?;
    let mut brotli = Count::default();
    let params = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, ..Default::default() };
    brotli::BrotliCompress(&mut bytes.as_slice(), &mut brotli, &params)?;
    Ok(Size { raw: bytes.len() as u64, gzip: gzip.finish()?.0, brotli: brotli.0 })
}

/// Every file below `root`, which may itself be one, sorted.
///
/// # Errors
/// When a folder cannot be read.
pub fn files(root: &Path) -> Result<Vec<PathBuf>> {
    if root.is_file() {
        return Ok(vec![root.to_path_buf()]);
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(root).with_context(|| format!("cannot read {}", root.display()))? {
        found.extend(files(&entry?.path())?);
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_text_shrinks() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let path = dir.path().join("page.html");
        fs::write(&path, "convscope ".repeat(1000)).expect("written");
        let size = measure(&path).expect("measured");
        assert_eq!(size.raw, 10_000);
        assert!(size.gzip < 200 && size.brotli < 200);
    }
}
