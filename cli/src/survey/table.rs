//! Tables of a survey as files.

use std::path::Path;

use convscope::error::Result;
use convscope::survey::Row;
use convscope::survey::table::{MAPS, RESULTS, lines, maps};

use super::parquet::{self, parquet};
use crate::files::{write, write_with};

/// Writes all files; rows lie in the order of their paths.
pub(super) fn save(folder: &Path, rows: &[Row]) -> Result<()> {
    write_with(&folder.join(RESULTS), |file| lines(rows, file))?;
    write_with(&folder.join(parquet::RESULTS), |file| parquet(rows, file))?;
    write(folder, MAPS, &maps(rows))
}
