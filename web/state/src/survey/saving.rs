//! The survey as files, the same that the command line writes.

use std::rc::Rc;

use convscope_core::error::Result;
use convscope_core::export::Zip;
use convscope_core::survey::page::Survey as Page;
use convscope_core::survey::table::{MAPS, RESULTS, lines, maps};
use convscope_core::survey::{CUES, PAGE, Row};

use crate::{Effect, State};

/// Name of the archive.
const ARCHIVE: &str = "survey.zip";

/// File of a survey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SurveyFile {
    /// Table of a line an image.
    Table,
    /// Page that holds its pictures.
    Page,
    /// Both, with all maps and marks.
    All,
}

impl State {
    /// A file of what has come so far; none before anything has.
    pub(super) fn save_survey(&self, file: SurveyFile) -> Option<Effect> {
        let rows: Vec<Row> =
            self.survey.rows.iter().filter(|row| row.found.is_some() || row.error.is_some()).cloned().collect();
        if rows.is_empty() {
            return None;
        }
        let (name, bytes) = match file {
            SurveyFile::Table => (RESULTS, table(&rows)),
            SurveyFile::Page => (PAGE, self.survey_page(&rows)?.into_bytes()),
            SurveyFile::All => (ARCHIVE, self.survey_archive(&rows)?.ok()?),
        };
        Some(Effect::Download { name: name.into(), bytes: Rc::from(bytes) })
    }

    fn survey_page(&self, rows: &[Row]) -> Option<String> {
        let plan = self.survey.plan.as_ref()?;
        let (_, known) = self.survey.kept.last()?;
        let page = Page {
            name: &plan.name,
            id: &plan.id,
            hash: &plan.hash,
            method: &plan.request.method,
            layers: &plan.request.layers.to_string(),
            program: env!("CARGO_PKG_VERSION"),
            against: None,
            rows,
            picture: &|row| Ok(known.get(&row.sha256).map(|known| known.picture.to_vec())),
        };
        Some(page.page(&self.survey.finder.marks.cues))
    }

    fn survey_archive(&self, rows: &[Row]) -> Option<Result<Vec<u8>>> {
        let page = self.survey_page(rows)?;
        let cues: Vec<_> = self.survey.finder.marks.cues.iter().map(|cue| cue.json(&self.survey.rows)).collect();
        let cues = format!("{:#}\n", serde_json::json!({ "cues": cues }));
        let pack = || {
            let mut zip = Zip::default();
            zip.add(RESULTS, &table(rows))?;
            zip.add(MAPS, &maps(rows))?;
            zip.add(CUES, cues.as_bytes())?;
            zip.add(PAGE, page.as_bytes())?;
            zip.finish()
        };
        Some(pack())
    }
}

fn table(rows: &[Row]) -> Vec<u8> {
    let mut table = vec![];
    // A vector takes everything.
    let _ = lines(rows, &mut table);
    table
}
