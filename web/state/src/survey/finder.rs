//! Search for marks by which a model tells classes: suspects among the findings, whose images are opened and then covered.

use std::collections::VecDeque;
use std::rc::Rc;

use convscope_core::survey::{Cue, Row, Surveyed, Suspect, Task, mean};

/// What the search asks of the worker next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    Suspects,
    Patches,
    Cover,
}

/// How far the search is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Finding {
    /// Nobody has asked for it.
    #[default]
    No,
    /// It goes on, with so many suspects left to look at; none before they are known.
    On(Option<usize>),
    /// It has come to its end.
    Done,
}

/// Marks that have been found, and how far the search is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marks {
    /// The marks.
    pub cues: Rc<[Cue]>,
    /// How far the search is.
    pub finding: Finding,
}

/// A suspect whose images are being looked at.
#[derive(Clone, Debug, PartialEq)]
struct Looking {
    suspect: Suspect,
    /// Rows that are still to be looked at.
    left: VecDeque<usize>,
    /// Rows whose images could be opened, and the pixels of these.
    opened: Vec<(usize, [Vec<f32>; 2])>,
    /// Part of the pixels that is the same, once all have been opened.
    sameness: Option<f64>,
    /// What becomes of the class where the place is covered.
    covered: Vec<[f64; 3]>,
}

/// The search.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Finder {
    pub(super) marks: Marks,
    suspects: VecDeque<Suspect>,
    looking: Option<Looking>,
}

impl Finder {
    /// One that goes on as soon as all images have been looked at.
    pub(super) fn begun() -> Self {
        Self { marks: Marks { finding: Finding::On(None), ..Marks::default() }, ..Self::default() }
    }

    /// What it asks next, and of which row.
    pub(super) fn asks(&self) -> Option<(Asked, Option<usize>)> {
        match (&self.marks.finding, &self.looking) {
            (Finding::On(None), _) => Some((Asked::Suspects, None)),
            (Finding::On(Some(_)), Some(looking)) => {
                let asked = if looking.sameness.is_none() { Asked::Patches } else { Asked::Cover };
                Some((asked, Some(*looking.left.front()?)))
            }
            _ => None,
        }
    }

    /// What the worker is told.
    pub(super) fn task(&self, asked: Asked, rows: &[Row]) -> Task {
        match (asked, &self.looking) {
            (Asked::Patches, Some(looking)) => Task::Patches(looking.suspect.clone()),
            (Asked::Cover, Some(looking)) => Task::Cover { class: looking.suspect.class, place: looking.suspect.place },
            _ => Task::Suspect(rows.iter().map(|row| row.found.clone()).collect()),
        }
    }

    pub(super) fn take(&mut self, surveyed: Surveyed) {
        match (surveyed, &mut self.looking) {
            (Surveyed::Suspects(suspects), _) => {
                self.suspects = suspects.into();
                self.next_suspect();
                return;
            }
            (Surveyed::Patches(patches), Some(looking)) => {
                let row = looking.left.pop_front();
                looking.opened.extend(row.map(|row| (row, patches)));
            }
            (Surveyed::Covered(probability), Some(looking)) => {
                looking.left.pop_front();
                looking.covered.push(probability);
            }
            _ => return,
        }
        self.go_on();
    }

    /// Goes on without the image that could not be looked at, or without any suspect.
    pub(super) fn skip(&mut self) {
        match &mut self.looking {
            Some(looking) => _ = looking.left.pop_front(),
            None => self.marks.finding = Finding::Done,
        }
        self.go_on();
    }

    /// Judges what has come, where nothing is left to come.
    fn go_on(&mut self) {
        let Some(looking) = self.looking.as_mut().filter(|looking| looking.left.is_empty()) else { return };
        if looking.sameness.is_none() {
            let patches = looking.opened.iter().map(|(_, patches)| patches.clone()).collect();
            looking.sameness = looking.suspect.sameness(patches);
            if looking.sameness.is_some() {
                looking.left = looking.opened.drain(..).map(|(row, _)| row).collect();
                return;
            }
        }
        if let Some(Looking { suspect, sameness: Some(sameness), covered, .. }) = self.looking.take()
            && !covered.is_empty()
        {
            let found = suspect.cue(sameness, mean(&covered));
            self.marks.cues = self.marks.cues.iter().cloned().chain(found).collect();
        }
        self.next_suspect();
    }

    fn next_suspect(&mut self) {
        self.looking = None;
        while let Some(suspect) = self.suspects.pop_front() {
            if suspect.is_known(&self.marks.cues) {
                continue;
            }
            let left = suspect.opened().collect();
            self.looking = Some(Looking { suspect, left, opened: vec![], sameness: None, covered: vec![] });
            break;
        }
        self.marks.finding = match &self.looking {
            Some(_) => Finding::On(Some(self.suspects.len() + 1)),
            None => Finding::Done,
        };
    }
}
